/** Client assertions (RFC 7523): a certificate's signature, or another token, in place of a secret. */
import { constants, createHash, verify, X509Certificate } from 'node:crypto';

/** The AADSTS number and sentence of a refusal; null: the assertion is good. */
export type AssertionVerdict = { readonly number: number; readonly message: string } | null;

export interface AssertionRules {
	readonly clientId: string;
	/** Addresses the assertion may be made out to: those of the token endpoint. */
	readonly audiences: readonly string[];
	/** PEM, as uploaded to the app registration. */
	readonly certificates: readonly string[];
	/** Milliseconds since 1970. */
	readonly now: number;
}

interface Parts {
	readonly header: Readonly<Record<string, unknown>>;
	readonly claims: Readonly<Record<string, unknown>>;
	readonly content: Buffer;
	readonly signature: Buffer;
}

/** Null when it is no JWT at all. The signature is not looked at. */
export function readToken(token: string): Parts | null {
	const [header = '', claims = '', signature = ''] = token.split('.');
	try {
		return {
			header: decode(header),
			claims: decode(claims),
			content: Buffer.from(`${header}.${claims}`),
			signature: Buffer.from(signature, 'base64url'),
		};
	} catch {
		return null;
	}
}

function decode(part: string): Record<string, unknown> {
	const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
	if (typeof value !== 'object' || value === null) throw new SyntaxError('no object');
	return { ...value };
}

/** Checks an assertion signed with a certificate's key, in the order Entra's refusals suggest. */
export function checkAssertion(assertion: string, rules: AssertionRules): AssertionVerdict {
	const parts = readToken(assertion);
	if (parts === null) {
		return { number: 50027, message: 'JWT token is invalid or malformed.' };
	}
	const { header, claims } = parts;
	const certificate = rules.certificates.find((pem) => isNamed(header, pem));
	if (certificate === undefined) {
		return {
			number: 700027,
			message:
				'The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found.].',
		};
	}
	if (!isSignedBy(certificate, parts)) {
		return {
			number: 700027,
			message:
				'Client assertion contains an invalid signature. [Reason - The key used is expired or the signature does not match.].',
		};
	}
	if (!isValidAt(certificate, rules.now)) {
		return {
			number: 1000502,
			message: 'The provided certificate is not within its specified validity window.',
		};
	}
	if (claims['iss'] !== rules.clientId || claims['sub'] !== rules.clientId) {
		return {
			number: 700021,
			message: "Client assertion application identifier doesn't match 'client_id' parameter.",
		};
	}
	if (!rules.audiences.includes(String(claims['aud']))) {
		return {
			number: 700023,
			message: 'Client assertion audience claim does not match Realm issuer.',
		};
	}
	const seconds = rules.now / 1000;
	const leeway = 300;
	if (
		Number(claims['exp'] ?? 0) + leeway < seconds ||
		Number(claims['nbf'] ?? 0) - leeway > seconds
	) {
		return {
			number: 700024,
			message: 'Client assertion is not within its valid time range.',
		};
	}
	return null;
}

/** n8n names the certificate by its SHA-1 thumbprint, MSAL by SHA-256. */
function isNamed(header: Parts['header'], pem: string): boolean {
	const { raw } = new X509Certificate(pem);
	const thumbprint = (algorithm: string) => createHash(algorithm).update(raw).digest('base64url');
	return header['x5t#S256'] === thumbprint('sha256') || header['x5t'] === thumbprint('sha1');
}

function isSignedBy(pem: string, { header, content, signature }: Parts): boolean {
	const key = new X509Certificate(pem).publicKey;
	if (header['alg'] === 'RS256') return verify('RSA-SHA256', content, key, signature);
	if (header['alg'] !== 'PS256') return false;
	const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
	return verify('RSA-SHA256', content, { key, ...padding }, signature);
}

function isValidAt(pem: string, now: number): boolean {
	const { validFrom, validTo } = new X509Certificate(pem);
	return Date.parse(validFrom) <= now && now <= Date.parse(validTo);
}
