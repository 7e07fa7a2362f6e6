/** What a refusal of Telavox means. No description of them is public, so statuses are what counts. */
import type { HttpResponse } from '../../http/port';
import { quote } from '../../http/quote';
import type { Diagnostic } from '../../sync/diagnostic';
import type { FieldDefinition } from '../../sync/contact';
import { parseJson, troubleIn } from '../answer';
import { refusal } from './wire';

export function explain({ status, body }: HttpResponse): Diagnostic {
	const trouble = troubleIn(status, 'Telavox');
	if (trouble) return trouble;
	const said = refusal.safeParse(parseJson(body));
	const message = said.success ? quote(said.data.message) : '';
	const why = message ? `It answered: ${message}` : `It answered with status ${String(status)}.`;
	if (/permission|not allowed|access denied|forbidden/i.test(message)) {
		return {
			code: 'signIn.forbidden',
			what: 'Telavox does not allow this.',
			why: `A token can do what the person who made it may do. ${why}`,
			fix: 'Let an administrator of the Telavox customer account make the token.',
		};
	}
	if (status === 404) {
		return {
			code: 'system.notThere',
			what: 'There is no Customer API of Telavox at the address in the credential.',
			why,
			fix: 'The address is https://admin.telavox.com/api/capi unless Telavox told you another one.',
		};
	}
	if (status === 409) return duplicate(why);
	return {
		code: 'account.refused',
		what: 'Telavox did not carry out the change.',
		why,
		fix: 'Correct the value in the directory, or map another attribute in Field Mapper.',
	};
}

export function duplicate(why: string): Diagnostic {
	return {
		code: 'account.duplicate',
		what: 'There is a user with this mail address at Telavox already.',
		why,
		fix: 'Let the sync adopt that user by the mail address, or give one of the two another one.',
		field: 'Email',
	};
}

export const anotherName = 'It has another name, so it may be somebody else.';

export function gone(id: string): Diagnostic {
	return {
		code: 'account.gone',
		what: 'The user is no longer there.',
		why: `Telavox knows no user ${quote(id)}; somebody removed it.`,
		fix: 'Run the workflow again; it then plans for the users there are.',
	};
}

export const noEmail: Diagnostic = {
	code: 'account.noEmail',
	what: 'No user is made without a mail address.',
	why: 'Telavox gives no other way to tell whether an earlier try made the user, and each costs a licence.',
	fix: 'Fill in the mail address in the directory.',
	field: 'Email',
};

export const noKey: Diagnostic = {
	code: 'system.answerUnexpected',
	what: 'Telavox named a user without the key it is known by.',
	why: 'The key is not where the credential says it is.',
	fix: "Compare 'Name of the Key' in the credential with an answer of the interface.",
	field: 'Name of the Key',
};

export const notMade: Diagnostic = {
	code: 'system.answerUnexpected',
	what: 'Telavox said that it made the user, and it is not there.',
	why: 'It was looked for by its mail address right afterwards.',
	fix: 'Look for it at Telavox before the next run; creating again could take another licence.',
};

export function ignored({ displayName }: FieldDefinition): Diagnostic {
	return {
		code: 'account.notTaken',
		what: `Telavox accepted a new value for '${displayName}' and did not keep it.`,
		why: 'It was read back right afterwards. Not everything it shows can be set from outside.',
		fix: `Take the row for '${displayName}' out of Field Mapper, or set it to 'when creating'.`,
		field: displayName,
	};
}

export function noSuchGiven(
	field: 'template' | 'invoicePlace',
	name: string,
	isSeveral: boolean,
): Diagnostic {
	const [label, noun] =
		field === 'template' ? ['Template', 'template'] : ['Invoice Place', 'invoice place'];
	return {
		code: field === 'template' ? 'account.noTemplate' : 'account.noInvoicePlace',
		what: isSeveral
			? `Telavox has more than one ${noun} called ${quote(name)}.`
			: `Telavox has no ${noun} called ${quote(name)}.`,
		why: 'What a new user is given, and who pays for it, is never guessed.',
		fix: `Correct the value for '${label}', or put in the key of the ${noun} instead of its name.`,
		field: label,
	};
}

/** Nobody should get here: the capabilities say so, and everybody reads them. */
export function byHand(verb: 'disable' | 'delete'): Diagnostic {
	return {
		code: `system.cannot.${verb}`,
		what: `To do by hand: Telavox lets nobody ${verb} a user from outside.`,
		why: 'Its interface has no request for it.',
		fix: "Do it in Telavox's own administration.",
	};
}
