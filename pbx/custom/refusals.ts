/** What an answer means, by the profile's own conditions and by what a status means anywhere. */
import type { HttpResponse } from '../../http/port';
import { quote } from '../../http/quote';
import type { Diagnostic } from '../../sync/diagnostic';
import { parseJson, troubleIn } from '../answer';
import { readPath, textOf } from './path';
import type { Condition, Profile } from './profile';

export type Meaning = 'done' | 'tokenExpired' | 'retry' | 'notFound' | 'duplicate' | 'refused';

/** Longer texts are not searched: they are no messages. */
const LONGEST_SEARCHED = 10_000;

export function meaningOf(
	response: HttpResponse,
	{ answers, auth }: Profile,
	notFound: readonly Condition[] = [],
): Meaning {
	const { status, body } = response;
	const json = parseJson(body);
	const any = (conditions: readonly Condition[]) =>
		conditions.some((condition) => holds(condition, status, json, body));
	const hasSession = auth.kind === 'login' || auth.kind === 'oauth2';
	if (any(answers.tokenExpired) || (status === 401 && hasSession)) return 'tokenExpired';
	if (any(answers.retry)) return 'retry';
	if (any([...notFound, ...answers.notFound]) || status === 404) return 'notFound';
	if (any(answers.duplicate) || status === 409) return 'duplicate';
	const isSuccess = status >= 200 && status < 300;
	// A page or half an answer is for whoever reads it to tell apart.
	const isSaid = answers.success.length === 0 || json === undefined || any(answers.success);
	return isSuccess && isSaid ? 'done' : 'refused';
}

function holds(condition: Condition, status: number, json: unknown, body: string): boolean {
	if (condition.status && !condition.status.includes(status)) return false;
	const there = condition.path ? readPath(json, condition.path) : body;
	if (condition.equals && !condition.equals.some((value) => value === (there ?? null)))
		return false;
	if (!condition.matches) return true;
	const text = (condition.path ? (textOf(there) ?? '') : body).slice(0, LONGEST_SEARCHED);
	return new RegExp(condition.matches, 'i').test(text);
}

/** Why an answer is no success. `about`: what was asked for, for a person. */
export function explain(
	meaning: Exclude<Meaning, 'done'>,
	response: HttpResponse,
	{ answers }: Profile,
	displayName: string,
): Diagnostic {
	const { status, body } = response;
	if (meaning === 'tokenExpired') {
		const code = 'signIn.sessionLost';
		return {
			code,
			what: `${displayName} ended the session as soon as it had begun.`,
			why: `It answered with status ${String(status)} to a sign-in of a moment ago.`,
			fix: 'Check the rights of the sign-in, and that no other program uses the same one.',
		};
	}
	if (meaning === 'retry') return busy(displayName);
	const trouble = meaning === 'refused' ? troubleIn(status, displayName) : null;
	if (trouble) return trouble;
	const said = answers.message ? textOf(readPath(parseJson(body), answers.message)) : null;
	const why = said
		? `It answered: ${quote(said)}`
		: `It answered with status ${String(status)}, and the profile names no message to show.`;
	if (meaning === 'notFound') {
		return {
			code: 'system.notThere',
			what: `${displayName} does not know this request.`,
			why,
			fix: 'Check the address in the credential and the paths in the profile.',
		};
	}
	if (meaning === 'duplicate') {
		return {
			code: 'account.duplicate',
			what: 'Another account has this number or this mail address already.',
			why,
			fix: 'Give one of the two another number or mail address, or let the sync adopt the account by its mail address.',
		};
	}
	return {
		code: 'account.refused',
		what: `${displayName} did not take these values.`,
		why,
		fix: 'Correct the value in the directory, or map another attribute in Field Mapper.',
	};
}

function busy(displayName: string): Diagnostic {
	return {
		code: 'system.busy',
		what: `${displayName} asks for patience.`,
		why: 'It was asked again several times, with pauses, and is still too busy.',
		fix: 'Run the workflow again later; what was done stays done.',
	};
}

export function signInRefused(displayName: string, said: string): Diagnostic {
	return {
		code: 'signIn.refused',
		what: `${displayName} did not accept the sign-in.`,
		why: `The account or the secret in the credential is wrong, or may not use the interface. ${said}`,
		fix: 'Compare both with the administration of the phone system and press Test.',
	};
}

export function gone(id: string, displayName: string): Diagnostic {
	return {
		code: 'account.gone',
		what: 'The account is no longer there.',
		why: `${displayName} knows no account ${quote(id)}; somebody removed it.`,
		fix: 'Run the workflow again; it then plans for the accounts there are.',
	};
}

export function cannot(verb: string, displayName: string): Diagnostic {
	return {
		code: `account.cannot.${verb}`,
		what: `To do by hand: ${displayName} cannot ${verb} an account from outside.`,
		why: `The profile has no '${verb}' request.`,
		fix: "Do it in the phone system's own administration, or add the request to the profile.",
	};
}

export const noNumber: Diagnostic = {
	code: 'account.noNumber',
	what: 'No account can be made without a number.',
	why: "Every account of this phone system has one, as 'account.number' in the profile says.",
	fix: 'Choose a numbering method in Extension Allocator.',
	field: 'Extension Number',
};

export function notMade(displayName: string): Diagnostic {
	return {
		code: 'system.answerUnexpected',
		what: `${displayName} said that it made the account, and it is not there.`,
		why: 'It was looked for right afterwards.',
		fix: "Look for it on the phone system, and check 'create.id' in the profile.",
	};
}

export function noId(displayName: string): Diagnostic {
	return {
		code: 'system.answerUnexpected',
		what: `The list of ${displayName} has an account without an id.`,
		why: "Nothing is at 'account.id' of the profile in one of its rows.",
		fix: "Check 'list.items' and 'account.id' in the profile.",
	};
}

export function strangePlace(displayName: string): Diagnostic {
	return {
		code: 'system.strangePage',
		what: `The list of ${displayName} goes on at another place.`,
		why: 'The address of its next page is not below the address in the credential; secrets are not sent there.',
		fix: 'Put the address the phone system calls itself by into the credential.',
	};
}

export function profileUnusable(faults: readonly string[]): Diagnostic {
	const [first = '', ...others] = faults.map(quote);
	const also = others.length > 0 ? ` Also: ${others.slice(0, 4).join(' · ')}` : '';
	return {
		code: 'signIn.profileUnusable',
		what: 'The profile in the credential is not usable.',
		why: `${first}${also}`,
		fix: 'Correct that part of the JSON in the credential; docs/custom-rest.md explains each.',
		field: 'Profile',
	};
}
