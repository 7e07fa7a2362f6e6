/** What Vodia's refusals mean. It sends a status and no words, so most of the words are ours. */
import type { HttpResponse } from '../../http/port';
import { quote } from '../../http/quote';
import type { Diagnostic } from '../../sync/diagnostic';
import { troubleIn } from '../answer';

export const DISPLAY_NAME = 'Vodia PBX';

/** What a status that is no success means, for a request about accounts. */
export function explain({ status, body }: HttpResponse): Diagnostic {
	if (status === 401) {
		return {
			code: 'signIn.refused',
			what: `${DISPLAY_NAME} did not accept the sign-in.`,
			why: 'The user name or the password is wrong. A tenant administrator signs in as admin@tenant.',
			fix: 'Compare both with the administrator on the phone system, then press Test.',
		};
	}
	if (status === 403) {
		return {
			code: 'signIn.forbidden',
			what: `${DISPLAY_NAME} does not allow this.`,
			why: 'The administrator has no API access, or belongs to another tenant.',
			fix: "Switch on 'API access' for that administrator, and check the tenant in the credential.",
		};
	}
	const trouble = troubleIn(status, DISPLAY_NAME);
	if (trouble) return trouble;
	const said = quote(body);
	return {
		code: 'account.refused',
		what: `${DISPLAY_NAME} did not take these values.`,
		why: `It answered with status ${String(status)}${said === '' ? '' : `: ${said}`}.`,
		fix: 'Try the same by hand on the phone system; its screens say more.',
	};
}

export function noTenant(domain: string): Diagnostic {
	return {
		code: 'system.notThere',
		what: `There is no tenant ${quote(domain)} at the address in the credential.`,
		why: 'The name of the tenant is not the one of the phone system, or another program answers there.',
		fix: 'Put in the name as the list of tenants shows it, for instance pbx.example.com.',
		field: 'Tenant',
	};
}

export function gone(id: string): Diagnostic {
	return {
		code: 'account.gone',
		what: 'The extension is no longer there.',
		why: `The phone system knows no account ${quote(id)}; somebody removed it.`,
		fix: 'Run the workflow again; it then plans for the extensions there are.',
	};
}

export function notAnExtension(id: string): Diagnostic {
	return {
		code: 'account.notExtension',
		what: `Account ${quote(id)} is no extension.`,
		why: 'It is a queue, an auto attendant or something else that belongs to no person.',
		fix: 'Take the id as Get Extensions gives it.',
		field: 'Extension',
	};
}

export const noNumber: Diagnostic = {
	code: 'account.noNumber',
	what: 'No extension can be made without a number.',
	why: 'Every account of this phone system has one, of digits only.',
	fix: 'Choose a numbering method in Extension Allocator.',
	field: 'Account Number',
};

export function taken(number: string): Diagnostic {
	return {
		code: 'account.duplicate',
		what: `Another account has the number ${quote(number)} already.`,
		why: 'It belongs to another person, or it is a queue or an auto attendant.',
		fix: 'Give the person another number, or let the sync adopt the extension by its mail address.',
		field: 'Account Number',
	};
}

export const notMade: Diagnostic = {
	code: 'account.notMade',
	what: 'The phone system said yes and made no extension.',
	why: 'It does so when no licence is left, or when it does not allow the number.',
	fix: 'Look at the licences of the tenant, or make an extension with this number by hand.',
};

/** It answers with success also when it passes over a value. */
export function passedOver(names: readonly string[]): Diagnostic {
	return {
		code: 'account.notStored',
		what: `The phone system kept the old value of: ${names.join(', ')}.`,
		why: 'It took the request, but does not know this setting, or does not let it be changed.',
		fix: 'Take the field out of the mapping. For Cell Phone, put the name your version uses into the credential.',
		...(names[0] ? { field: names[0] } : {}),
	};
}
