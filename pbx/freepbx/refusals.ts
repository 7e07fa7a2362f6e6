/** What FreePBX's refusals mean: a status of 400 with one message, in English. Sources: README.md. */
import type { HttpResponse } from '../../http/port';
import { quote } from '../../http/quote';
import type { Diagnostic } from '../../sync/diagnostic';
import { parseJson, troubleIn } from '../answer';
import { refusal } from './wire';

/** The words of a refusal; null when it has none. */
export function messageIn({ body }: HttpResponse): string | null {
	return refusal.safeParse(parseJson(body)).data?.errors[0]?.message ?? null;
}

export function isAbsence(message: string | null): boolean {
	return /does not exist/i.test(message ?? '');
}

/** `secrets` are never told, though a message may repeat what was sent. */
export function explain(response: HttpResponse, secrets: readonly string[] = []): Diagnostic {
	const trouble = troubleIn(response.status, 'FreePBX');
	if (trouble) return trouble;
	const message = secrets.reduce(
		(safe, secret) => safe.replaceAll(secret, '***'),
		messageIn(response) ?? '',
	);
	const why = message
		? `It answered: ${quote(message)}`
		: `It answered with status ${String(response.status)}.`;
	if (/cannot query field.*extPassword/i.test(message)) {
		return {
			code: 'system.tooOld',
			what: 'This FreePBX does not tell the password of a phone.',
			why: `Without it an update would silence the phone. ${why}`,
			fix: 'Bring the core module up to date, 16.0.68 or later.',
		};
	}
	if (/cannot query field/i.test(message)) {
		return {
			code: 'signIn.forbidden',
			what: 'FreePBX does not let the API application do this.',
			why: `A scope is missing, or the module it is about is not installed. ${why}`,
			fix: 'Give the application the scopes of docs/connect-freepbx.md, and see that the core and voicemail modules are installed.',
		};
	}
	if (/already in use/i.test(message)) {
		return {
			code: 'account.duplicate',
			what: 'Another extension has this number already.',
			why,
			fix: 'Take the number out of the pool in Extension Allocator, or reserve it there.',
			field: 'User Extension',
		};
	}
	if (/licen[cs]e/i.test(message)) {
		return {
			code: 'account.noSeat',
			what: 'FreePBX has no licence for another extension.',
			why,
			fix: 'Extend the licence, or remove extensions nobody needs.',
		};
	}
	if (response.status === 404) {
		return {
			code: 'system.notThere',
			what: 'There is no API of FreePBX at the address in the credential.',
			why,
			fix: 'The address is the one of the screens, without /admin; the api module has to be installed.',
		};
	}
	return {
		code: 'account.refused',
		what: 'FreePBX did not carry out the change.',
		why,
		fix: 'Try the same by hand on its screens; they say more.',
	};
}

export const signInRefused: Diagnostic = {
	code: 'signIn.refused',
	what: 'FreePBX did not accept the sign-in.',
	why: 'The client ID or the client secret is wrong, or the application is of another type than Machine-to-Machine.',
	fix: 'Compare both with Connectivity > API > Applications; a secret is shown once, so make a new application.',
};

export function gone(id: string): Diagnostic {
	return {
		code: 'account.gone',
		what: 'The extension is no longer there.',
		why: `FreePBX knows no extension ${quote(id)}; somebody removed it.`,
		fix: 'Run the workflow again; it then plans for the extensions there are.',
	};
}

export const noNumber: Diagnostic = {
	code: 'account.noNumber',
	what: 'No extension can be made without a number.',
	why: 'Every extension of FreePBX has one, of digits only.',
	fix: 'Choose a numbering method in Extension Allocator.',
	field: 'User Extension',
};

export function cannotClear(field: string): Diagnostic {
	return {
		code: 'account.cannotClear',
		what: `'${field}' of an extension cannot be emptied.`,
		why: 'FreePBX takes an empty value for one that is to stay as it is.',
		fix: `Empty it on FreePBX, or set the row for '${field}' in Field Mapper to leave the field when empty.`,
		field,
	};
}

export const noMailbox: Diagnostic = {
	code: 'account.noMailbox',
	what: 'The mail address of an extension without voicemail is not written.',
	why: 'FreePBX tells it only with the mailbox, so every run would write it anew.',
	fix: 'Switch voicemail on for the extension on FreePBX, or leave its mail address alone.',
	field: 'Email',
};

export const noPhonePassword: Diagnostic = {
	code: 'account.noPhonePassword',
	what: 'This extension is not updated.',
	why: 'FreePBX does not tell the password of its phone, so making it anew would silence the phone.',
	fix: 'Change it on FreePBX by hand; extensions whose devices people log in to are like that.',
};

export const notKept: Diagnostic = {
	code: 'account.notKept',
	what: 'FreePBX made the extension anew, and it is not as it was told to be.',
	why: 'It was read back right afterwards. A value or the password of its phones differs.',
	fix: 'Look at the extension on FreePBX; when its phones do not sign in, set their password there.',
};

export const lostPhones: Diagnostic = {
	code: 'account.lost',
	what: 'FreePBX removed the extension for an update and did not make it anew.',
	why: 'It was made once more from what was known of it, and that did not work out either.',
	fix: 'Make the extension on FreePBX by hand, with its number, name and mail address.',
};

export function notInForce(why: string): Diagnostic {
	return {
		code: 'system.notInForce',
		what: 'Written on FreePBX, and not in force yet.',
		why: `The configuration was not applied. ${why}`,
		fix: "Press 'Apply Config' on FreePBX.",
	};
}

export function byHand(): Diagnostic {
	return {
		code: 'system.cannot.disable',
		what: 'To do by hand: FreePBX lets nobody disable an extension from outside.',
		why: 'Its interface has no request for it.',
		fix: "Do it in FreePBX's own administration.",
	};
}
