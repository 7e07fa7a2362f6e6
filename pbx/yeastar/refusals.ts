/** What an `errcode` other than 0 means, and what to do about it. Sources: README.md. */
import { quote } from '../../http/quote';
import type { Diagnostic } from '../../sync/diagnostic';
import { displayNameOf } from './fields';
import type { Answer } from './wire';

const TOKEN_DEAD = [10004, 10005, 10006];
const BAD_PARAMETER = 40002;

/**
 * Never by 40002 or 40003: signing in again because of a bad value uses up the eight tokens a
 * system gives.
 */
export function isTokenDead({ errcode, errmsg }: Answer): boolean {
	if (errcode === 0 || errcode === BAD_PARAMETER || errcode === 40003) return false;
	return TOKEN_DEAD.includes(errcode) || /token/i.test(errmsg);
}

export function isUnknownInterface({ errcode }: Answer): boolean {
	return errcode === 10001;
}

/** Of an answer to a request whose only parameter is an id: a bad parameter is then a bad id. */
export function isGone(answer: Answer): boolean {
	const { errcode, errmsg } = answer;
	if (errcode === 0 || isTokenDead(answer) || isUnknownInterface(answer)) return false;
	return errcode === BAD_PARAMETER || /not.{0,3}(exist|found)|no data/i.test(errmsg);
}

/** Why no token was given. */
export function explainSignIn(answer: Answer): Diagnostic {
	const said = `It answered ${quote(answer.errmsg)} (${String(answer.errcode)}).`;
	if (answer.errcode === 60002) {
		return {
			code: 'signIn.tooMany',
			what: 'The phone system gives no further sign-in for now.',
			why: `Eight are in use, more than it allows. ${said}`,
			fix: 'Wait half an hour, or let no other program use the same API client.',
		};
	}
	if (answer.errcode === 70087) return addressForbidden(said);
	return {
		code: 'signIn.refused',
		what: 'The phone system did not accept the sign-in.',
		why: `The client ID or the client secret is wrong, or its API is switched off. ${said}`,
		fix: 'Compare both with Integrations > API on the phone system. After five tries it blocks this address; then look under Security > Blocked IPs.',
	};
}

/** Why a request was refused. `sent` is what went out with it; its passwords are never told. */
export function explain(answer: Answer, sent: Readonly<Record<string, unknown>>): Diagnostic {
	const { errcode, errmsg } = answer;
	const said = `It answered ${quote(errmsg)} (${String(errcode)}).`;
	if (isTokenDead(answer)) {
		return {
			code: 'signIn.sessionLost',
			what: 'The phone system ended the session as soon as it had begun.',
			why: said,
			fix: 'Check the clock of the phone system, and that no other program uses the same API client.',
		};
	}
	if (errcode === 70087) return addressForbidden(said);
	if (isUnknownInterface(answer)) {
		return {
			code: 'system.tooOld',
			what: 'The phone system does not know this request.',
			why: said,
			fix: 'Update its firmware, and check that the API is switched on.',
		};
	}
	if (errcode === BAD_PARAMETER) return badValues(answer, sent);
	if (errcode === 40003 && /duplicate/i.test(errmsg)) {
		return {
			code: 'account.duplicate',
			what: 'Another extension has this number or this mail address already.',
			why: said,
			fix: 'Give one of the two another number or mail address, or let the sync adopt the extension by its mail address.',
		};
	}
	if (errcode === -2) {
		return {
			code: 'system.unwell',
			what: 'The phone system could not carry out the request.',
			why: said,
			fix: 'Run the workflow again; when it stays so, look into the log of the phone system.',
		};
	}
	if (/limit|capacity|licen[cs]e/i.test(errmsg)) {
		return {
			code: 'account.noSeat',
			what: 'The phone system has no room for another extension.',
			why: said,
			fix: 'Extend its plan, or remove extensions nobody needs.',
		};
	}
	return {
		code: 'account.refused',
		what: 'The phone system did not carry out the change.',
		why: said,
		fix: 'Try the same by hand on the phone system; its screens say more.',
	};
}

export function gone(id: string): Diagnostic {
	return {
		code: 'account.gone',
		what: 'The extension is no longer there.',
		why: `The phone system knows no extension with id ${quote(id)}; somebody removed it.`,
		fix: 'Run the workflow again; it then plans for the extensions there are.',
	};
}

export const noNumber: Diagnostic = {
	code: 'account.noNumber',
	what: 'No extension can be made without a number.',
	why: 'Every extension of this phone system has one.',
	fix: 'Choose a numbering method in Extension Allocator.',
	field: 'Extension Number',
};

export const notMade: Diagnostic = {
	code: 'system.answerUnexpected',
	what: 'The phone system said that it made the extension, and it is not there.',
	why: 'It was looked for by its number right afterwards.',
	fix: 'Look for it on the phone system, then run the workflow again.',
};

function badValues(answer: Answer, sent: Readonly<Record<string, unknown>>): Diagnostic {
	const told = answer.invalid_param_list.map(({ value }) => value).join(', ');
	const names = Object.keys(sent).filter((name) => told.includes(name));
	if (told.includes('organization_list')) {
		return {
			code: 'account.noOrganization',
			what: 'The phone system wants to know the organization of a new extension.',
			why: 'Organization Management is switched on there, and no organization was given.',
			fix: "Add a row for 'Organization' to Field Mapper: a name as the phone system has it.",
		};
	}
	const shown = names.map((name) => displayNameOf(name) ?? name).join(', ');
	return {
		code: 'account.refused',
		what: shown
			? `The phone system did not take this value: ${shown}.`
			: 'The phone system did not take one of the values.',
		why: `It answered ${quote(withoutSecrets(told || answer.errmsg, sent))} (${String(answer.errcode)}).`,
		fix: 'Correct the value in the directory, or map another attribute in Field Mapper.',
		...(names[0] ? { field: displayNameOf(names[0]) ?? names[0] } : {}),
	};
}

/** An answer may repeat what was sent, passwords included. */
function withoutSecrets(text: string, sent: Readonly<Record<string, unknown>>): string {
	return Object.entries(sent).reduce(
		(safe, [name, value]) =>
			name.endsWith('password') && typeof value === 'string' ? safe.replaceAll(value, '***') : safe,
		text,
	);
}

function addressForbidden(said: string): Diagnostic {
	return {
		code: 'signIn.addressForbidden',
		what: 'The phone system does not talk to the machine n8n runs on.',
		why: `Its API is limited to certain addresses, or it blocked this one after wrong sign-ins. ${said}`,
		fix: 'Add the address of that machine under Integrations > API, and look under Security > Blocked IPs.',
	};
}
