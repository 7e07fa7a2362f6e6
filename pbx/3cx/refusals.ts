/** What 3CX's refusals mean: OData errors that name a property and a reason in capitals. */
import type { HttpResponse } from '../../http/port';
import { quote } from '../../http/quote';
import type { Diagnostic } from '../../sync/diagnostic';
import { parseJson, troubleIn } from '../answer';
import { displayNameOf } from './fields';
import { refusal } from './wire';

export const DISPLAY_NAME = '3CX v20';

/** Why no token was given. Only 400 and 401 are about the credential. */
export function explainSignIn({ status }: HttpResponse): Diagnostic {
	if (status === 400 || status === 401 || status === 403) {
		return {
			code: 'signIn.refused',
			what: `${DISPLAY_NAME} did not accept the sign-in.`,
			why: 'The client ID or the API key is wrong, or the API client was removed.',
			fix: 'Compare both with Integrations > API on the phone system. The key is shown only once; make a new one if in doubt.',
		};
	}
	return troubleIn(status, DISPLAY_NAME) ?? noInterface(status);
}

/** Why a request was refused. */
export function explain(response: HttpResponse): Diagnostic {
	const { status, body } = response;
	if (status === 401) return sessionLost;
	if (status === 403) {
		return {
			code: 'signIn.forbidden',
			what: `${DISPLAY_NAME} does not allow this.`,
			why: 'The API client has no access to the configuration, its role is too small, or the licence has no interface.',
			fix: "Tick '3CX Configuration API Access' for it under Integrations > API, with a role that manages users. It takes an Enterprise licence.",
		};
	}
	const trouble = troubleIn(status, DISPLAY_NAME);
	if (trouble) return trouble;
	const parsed = refusal.safeParse(parseJson(body));
	if (!parsed.success) return status === 404 ? noInterface(status) : unclear(status);
	const { message, details } = parsed.data.error;
	return ofValue(message, details[0]?.target ?? null);
}

/** The two things about a value that an administrator can tell apart, and all others. */
function ofValue(message: string, target: string | null): Diagnostic {
	const field = displayNameOf(target ?? '') ?? target;
	const why = `It answered: ${quote(message)}`;
	const about = field ? { field } : {};
	if (/ALREADY_IN_USE|DUPLICATE/i.test(message)) {
		return {
			code: 'account.duplicate',
			what: `Another extension has this ${field ?? 'number'} already.`,
			why,
			fix: 'Give one of the two another one, or let the sync adopt the extension by its mail address.',
			...about,
		};
	}
	if (/LICEN[CS]E|LIMIT/i.test(message) && field === null) {
		return {
			code: 'account.noSeat',
			what: 'The phone system has no room for another extension.',
			why,
			fix: 'Extend its licence, or remove extensions nobody needs.',
		};
	}
	return {
		code: 'account.refused',
		what: `The phone system did not take ${field ? `this value: ${field}` : 'these values'}.`,
		why,
		fix: 'Correct the value in the directory, or map another attribute in Field Mapper.',
		...about,
	};
}

/** After several new tokens, one after the other. */
const sessionLost: Diagnostic = {
	code: 'signIn.sessionLost',
	what: `${DISPLAY_NAME} ended the session as soon as it had begun.`,
	why: 'An API client has one session at a time, and another program or workflow uses the same one.',
	fix: 'Make an API client of its own for n8n, and let workflows that use it run one after the other.',
};

function noInterface(status: number): Diagnostic {
	return {
		code: 'system.notThere',
		what: `There is no ${DISPLAY_NAME} at the address in the credential.`,
		why: `What answers there does not know the interface (status ${String(status)}).`,
		fix: 'Put in the address of the web client, for instance https://example.my3cx.eu, with its port.',
	};
}

function unclear(status: number): Diagnostic {
	return {
		code: 'account.refused',
		what: 'The phone system did not carry out the change.',
		why: `It answered with status ${String(status)} and no reason.`,
		fix: 'Try the same by hand on the phone system; its screens say more.',
	};
}

export function gone(id: string): Diagnostic {
	return {
		code: 'account.gone',
		what: 'The extension is no longer there.',
		why: `The phone system knows no user with id ${quote(id)}; somebody removed it.`,
		fix: 'Run the workflow again; it then plans for the extensions there are.',
	};
}

export function noGroup(name: string): Diagnostic {
	return {
		code: 'account.noDepartment',
		what: `The phone system has no department called ${quote(name)}.`,
		why: 'Departments are not made from here, because rights and office hours belong to them.',
		fix: "Make it on the phone system, or let a 'switch' in Field Mapper turn the value into one that exists.",
		field: 'Department',
	};
}

export const badId: Diagnostic = {
	code: 'account.badId',
	what: 'This is not the id of an extension.',
	why: 'Ids of this phone system are whole numbers.',
	fix: 'Take the id as Get Extensions gives it; it is not the extension number.',
	field: 'Extension',
};

export const noNumber: Diagnostic = {
	code: 'account.noNumber',
	what: 'No extension can be made without a number.',
	why: 'The phone system would choose one by itself, and nobody could tell whether it was done twice.',
	fix: 'Choose a numbering method in Extension Allocator.',
	field: 'Extension Number',
};
