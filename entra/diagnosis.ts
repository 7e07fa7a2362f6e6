import { quote } from '../http/quote';
import type { Diagnostic } from '../sync/diagnostic';
import { DiagnosedError } from '../sync/diagnostic';

/** What a request is for, in the words of a message, and what the app must be allowed to do it. */
export interface Asking {
	/** Completes "Microsoft Graph did not let the app ...". */
	readonly purpose: string;
	/** The least application permission that does. */
	readonly permission: string;
}

export const ASKING = {
	users: { purpose: 'read users', permission: 'User.Read.All' },
	changes: { purpose: 'read changed users', permission: 'User.Read.All' },
	deletedUsers: { purpose: 'read deleted users', permission: 'User.Read.All' },
	members: { purpose: 'read the members of groups', permission: 'GroupMember.Read.All' },
	writing: { purpose: 'write to users', permission: 'User-Phone.ReadWrite.All' },
	notifications: { purpose: 'ask to be notified of changed users', permission: 'User.Read.All' },
	app: { purpose: 'see its own registration', permission: 'Application.Read.All' },
	groups: { purpose: 'list groups', permission: 'GroupMember.Read.All' },
} as const satisfies Record<string, Asking>;

/**
 * An answer that says it is good and is not JSON: a body that ended in the middle, a sign-in page of
 * a proxy. Worth asking again for, and never to be taken for a short list.
 */
export class BrokenAnswer extends DiagnosedError {
	constructor(asking: Asking) {
		super({
			code: 'entra.brokenAnswer',
			what: 'An answer of Microsoft Graph arrived broken.',
			why: `While n8n tried to ${asking.purpose}, what came was cut off or no JSON at all.`,
			fix: 'Run again later; when it stays so, look for a proxy between n8n and Microsoft.',
		});
	}
}

/** The page token is no longer known: the listing has to begin again, it has not ended. */
export class ExpiredPage extends DiagnosedError {
	constructor() {
		super({
			code: 'entra.pageExpired',
			what: 'Microsoft Graph lost its place in the list.',
			why: 'The directory answered so slowly that the mark of the next page expired.',
			fix: 'Run again later; nothing was changed.',
		});
	}
}

/** What Graph answered, after its client read it. `code` is empty when the answer was not Graph's. */
export interface GraphAnswer {
	readonly status: number;
	readonly code: string;
	readonly message: string;
}

/** `SyntaxError` is how Graph's client says that the answer was no JSON. */
const NOT_GRAPH = new Set(['', 'SyntaxError']);

const PAGE_LOST =
	/pagetoken|page token|skip ?token|syncStateNotFound|resyncRequired|DirectoryPageTokenNotFound/i;

/** Turns a refusal of Graph into what happened, why, and what to do. */
export function explainGraphError(answer: GraphAnswer, asking: Asking): DiagnosedError {
	const { status, code, message } = answer;
	if (status === 410 || (status === 400 && PAGE_LOST.test(`${code} ${message}`))) {
		return new ExpiredPage();
	}
	return new DiagnosedError(wordsFor(answer, asking));
}

function wordsFor({ status, code, message }: GraphAnswer, asking: Asking): Diagnostic {
	const said = NOT_GRAPH.has(code) ? `It answered ${status}.` : `It answered: ${quote(message)}`;
	if (status === 401) {
		return {
			code: 'entra.tokenRefused',
			what: 'Microsoft Graph did not accept the sign-in.',
			why: 'The token is for another cloud or address than the one that was asked.',
			fix: "Check 'Cloud' in the Entra ID credential.",
			field: 'Cloud',
		};
	}
	if (status === 403) {
		return {
			code: 'entra.permissionMissing',
			what: `Microsoft Graph did not let the app ${asking.purpose}.`,
			why: `The application permission ${asking.permission} is missing, or nobody granted admin consent.`,
			fix: `Add ${asking.permission} as an application permission (not a delegated one) to the app registration, grant admin consent, and wait a few minutes.`,
		};
	}
	if (status === 429 || status >= 500) {
		return {
			code: status === 429 ? 'entra.throttled' : 'entra.unavailable',
			what:
				status === 429
					? 'Microsoft Graph kept asking n8n to slow down.'
					: 'Microsoft Graph is not available right now.',
			why: `It answered ${status} again and again while n8n tried to ${asking.purpose}.`,
			fix: 'Run again later; nothing was changed.',
		};
	}
	if (NOT_GRAPH.has(code) || (status >= 300 && status < 400)) {
		return {
			code: 'entra.notGraph',
			what: 'What answered is not Microsoft Graph.',
			why: `The answer to the attempt to ${asking.purpose} had status ${status} and was not Graph's.`,
			fix: "Check 'Cloud' and the addresses in the Entra ID credential, and the proxy n8n uses.",
		};
	}
	if (status === 404) {
		return {
			code: 'entra.notFound',
			what: 'Microsoft Graph does not know what was asked for.',
			why: said,
			fix: 'If it is a group: it was deleted, choose the groups again.',
		};
	}
	return {
		code: 'entra.queryRefused',
		what: `Microsoft Graph did not take the request to ${asking.purpose}.`,
		why: said,
		fix: 'Check the conditions and the filter of the node.',
	};
}
