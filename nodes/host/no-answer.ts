import { causesOf, codesOf } from '../../http/loss';
import type { Diagnostic } from '../../sync/diagnostic';
import { DiagnosedError } from '../../sync/diagnostic';

type Words = Omit<Diagnostic, 'code'> & { readonly code: string };

/**
 * Puts a request that brought no answer into words. Only the host name is told: paths and queries
 * may hold tokens. The cause keeps the network code, so that `lossOf` still knows what happened.
 */
export function noAnswer(thrown: unknown, requestUrl: string): DiagnosedError {
	const host = hostOf(thrown, requestUrl);
	const code = codesOf(thrown).find((each) => each !== 'EAUTH');
	return new DiagnosedError(wordsFor(thrown, code ?? '', host), {
		cause: code === undefined ? undefined : Object.assign(new Error(code), { code }),
	});
}

/** The host that was really called: while signing in that is not the one the request names. */
function hostOf(thrown: unknown, requestUrl: string): string {
	for (const each of causesOf(thrown)) {
		if (!('config' in each) || typeof each.config !== 'object' || each.config === null) continue;
		if ('url' in each.config && typeof each.config.url === 'string') {
			return nameOf(each.config.url) ?? each.config.url.split(/[/?#]/)[0] ?? requestUrl;
		}
	}
	return nameOf(requestUrl) ?? 'the address in the credential';
}

function nameOf(url: string): string | null {
	return URL.canParse(url) ? new URL(url).host : null;
}

const UNTRUSTED = new Set([
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
	'UNABLE_TO_GET_ISSUER_CERT',
	'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
	'CERT_UNTRUSTED',
]);

function wordsFor(thrown: unknown, code: string, host: string): Words {
	const names = causesOf(thrown).map((each) => ('name' in each ? String(each.name) : ''));
	if (code === 'ERR_CANCELED' || names.includes('AbortError')) {
		return {
			code: 'run.cancelled',
			what: 'The run was cancelled.',
			why: `A request to ${host} was waiting for its answer.`,
			fix: 'Run the workflow again; it picks up where things are now.',
		};
	}
	if (names.some((name) => name.startsWith('SsrfBlocked'))) {
		return {
			code: 'network.blocked',
			what: `n8n does not allow requests to ${host}.`,
			why: 'Its protection against requests into private networks is on.',
			fix: 'Ask whoever runs n8n to add the host to N8N_SSRF_ALLOWED_HOSTNAMES.',
		};
	}
	if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
		return {
			code: 'network.nameNotFound',
			what: `There is no host called ${host}.`,
			why: 'The name could not be looked up from the machine n8n runs on.',
			fix: 'Check the address in the credential for typing mistakes, and the name servers of that machine.',
		};
	}
	if (code === 'ECONNREFUSED') {
		return {
			code: 'network.refused',
			what: `${host} does not accept connections.`,
			why: 'The machine is there, but nothing listens on that port.',
			fix: 'Check the port in the credential, and that the service is running and open to n8n.',
		};
	}
	if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') {
		return {
			code: 'network.unreachable',
			what: `There is no way from n8n to ${host}.`,
			why: 'The network in between does not know the address.',
			fix: 'Check the address in the credential, the VPN and the firewall between the two.',
		};
	}
	if (code === 'ETIMEDOUT' || code === 'ECONNABORTED') {
		return {
			code: 'network.timedOut',
			what: `${host} did not answer in time.`,
			why: 'It is busy, or a firewall in between swallows the connection.',
			fix: 'Try again later; when it stays so, check the firewall between n8n and the service.',
		};
	}
	if (code === 'CERT_HAS_EXPIRED') {
		return {
			code: 'network.certificate',
			what: `The certificate of ${host} has expired.`,
			why: 'A connection to it would not be safe.',
			fix: 'Renew the certificate there, or check the clock of the machine n8n runs on.',
		};
	}
	if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
		return {
			code: 'network.certificate',
			what: `The certificate of ${host} is made out to another name.`,
			why: 'The address in the credential is not one of the names in the certificate.',
			fix: 'Use one of those names in the credential.',
		};
	}
	if (UNTRUSTED.has(code)) {
		return {
			code: 'network.certificate',
			what: `The certificate of ${host} is not trusted.`,
			why: 'It is self-signed, or signed by an authority this machine does not know.',
			fix: 'Install a trusted certificate there or, in your own network only, allow unauthorized certificates in the credential if it offers that.',
		};
	}
	if (code === 'EPROTO' || code.startsWith('ERR_SSL')) {
		return {
			code: 'network.notHttps',
			what: `${host} does not speak HTTPS.`,
			why: 'The secure connection could not be set up; often the port expects http:// instead.',
			fix: 'Check http:// or https:// and the port in the credential.',
		};
	}
	if (code === 'ERR_INVALID_URL' || code === 'ERR_BAD_OPTION_VALUE') {
		return {
			code: 'network.badAddress',
			what: `"${host}" is not an address.`,
			why: 'An address begins with https:// and a host name.',
			fix: 'Check the address in the credential.',
		};
	}
	return {
		code: 'network.lost',
		what: `The connection to ${host} broke.`,
		why: code ? `The network said ${code}.` : 'No answer came.',
		fix: 'Try again; when it stays so, check the service and the network in between.',
	};
}
