/** Self-signed certificates, made on the spot: no private key lies in the repository. */
import { createHash, generateKeyPairSync, sign, X509Certificate } from 'node:crypto';

export interface OwnCertificate {
	/** PEM. What an administrator uploads to the app registration. */
	readonly certificate: string;
	/** PEM (PKCS #8). What stays with the client. */
	readonly privateKey: string;
}

export interface Validity {
	readonly from: Date;
	readonly until: Date;
}

/** As much of DER (X.690) as a certificate needs. */
function der(tag: number, ...contents: readonly Buffer[]): Buffer {
	const content = Buffer.concat(contents);
	const { length } = content;
	const size =
		length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
	return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: readonly Buffer[]) => der(0x30, ...parts);
const bytes = (hex: string) => Buffer.from(hex, 'hex');

/** GeneralizedTime, `YYYYMMDDhhmmssZ`. */
const time = (date: Date) =>
	der(0x18, Buffer.from(`${date.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`));

/** sha256WithRSAEncryption, 1.2.840.113549.1.1.11, and its empty parameters. */
const SHA256_RSA = sequence(der(0x06, bytes('2a864886f70d01010b')), der(0x05));

/** X.509 v3 (RFC 5280, 4.1) without extensions, signed by the key it is about. */
export function selfSigned(commonName: string, { from, until }: Validity): OwnCertificate {
	const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
	const commonNameId = der(0x06, bytes('550403'));
	const name = sequence(der(0x31, sequence(commonNameId, der(0x0c, Buffer.from(commonName)))));
	const serial = createHash('sha256').update(commonName).digest().subarray(0, 8);
	serial[0] = 0x10;
	const content = sequence(
		der(0xa0, der(0x02, bytes('02'))),
		der(0x02, serial),
		SHA256_RSA,
		name,
		sequence(time(from), time(until)),
		name,
		publicKey.export({ type: 'spki', format: 'der' }),
	);
	const signature = der(0x03, bytes('00'), sign('RSA-SHA256', content, privateKey));
	const certificate = new X509Certificate(sequence(content, SHA256_RSA, signature));
	return {
		certificate: certificate.toString(),
		privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
	};
}
