import { createPrivateKey, X509Certificate } from 'crypto';

import type { Diagnostic } from '../sync/diagnostic';
import { endingNote } from './ending';

/** What is wrong with a certificate and its key, before anything is sent. Null: nothing. */
export function examineCertificate(certificate: string, privateKey: string): Diagnostic | null {
	const parsed = parse(certificate);
	if (parsed === null) {
		return unusable(
			'Certificate',
			'It is not the PEM text of a certificate.',
			"Paste the text from '-----BEGIN CERTIFICATE-----' to '-----END CERTIFICATE-----'. A .pfx file has to be converted first.",
		);
	}
	const key = keyIn(privateKey);
	if (key === null) {
		return unusable(
			'Private Key',
			'It is not the PEM text of a private key, or it has a password of its own.',
			"Paste the text from '-----BEGIN PRIVATE KEY-----' to '-----END PRIVATE KEY-----'; remove the key's password first.",
		);
	}
	if (key.asymmetricKeyType !== 'rsa') {
		return unusable(
			'Private Key',
			'It is not an RSA key.',
			'Make a certificate with an RSA key of 2048 bits or more, and upload it to the app.',
		);
	}
	if (!parsed.checkPrivateKey(key)) {
		return unusable(
			'Private Key',
			'It belongs to another certificate.',
			'Paste the key and the certificate that were made together.',
		);
	}
	return null;
}

const CERTIFICATE = {
	code: 'entra.certificate',
	name: 'certificate',
	fix: "Make a new certificate, upload it under 'Certificates & secrets' of the app, and put it and its key into the credential. The old one can stay until then.",
	field: 'Certificate',
};

/** What to tell about a certificate that has ended or soon will. `now`: milliseconds since 1970. */
export function certificateNote(certificate: string, now: number): Diagnostic | null {
	const parsed = parse(certificate);
	return parsed === null ? null : endingNote(CERTIFICATE, Date.parse(parsed.validTo), now);
}

function unusable(field: string, why: string, fix: string): Diagnostic {
	return {
		code: 'entra.certificateUnusable',
		what: `The '${field}' of the Entra ID credential cannot be used.`,
		why,
		fix,
		field,
	};
}

function parse(pem: string): X509Certificate | null {
	const content = contentOf(pem, 'CERTIFICATE');
	if (content === null) return null;
	try {
		return new X509Certificate(content);
	} catch {
		return null;
	}
}

function keyIn(pem: string) {
	for (const [label, type] of [
		['PRIVATE KEY', 'pkcs8'],
		['RSA PRIVATE KEY', 'pkcs1'],
	] as const) {
		const key = contentOf(pem, label);
		if (key === null) continue;
		try {
			return createPrivateKey({ key, format: 'der', type });
		} catch {
			return null;
		}
	}
	return null;
}

/** The bytes in a PEM block; copying it often turns its line ends into spaces. */
function contentOf(pem: string, label: string): Buffer | null {
	const found = new RegExp(`-----BEGIN ${label}-----([^-]+)-----END ${label}-----`).exec(pem);
	return found?.[1] === undefined ? null : Buffer.from(found[1].replace(/\s/g, ''), 'base64');
}
