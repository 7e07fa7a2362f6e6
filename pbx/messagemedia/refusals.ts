import type { HttpResponse } from '../../http/port';
import { quote } from '../../http/quote';
import type { Diagnostic } from '../../sync/diagnostic';
import { parseJson, troubleIn } from '../answer';
import { refusal } from './wire';

export const DISPLAY_NAME = 'MessageMedia (Sinch Engage)';

/** What a status that is no success means here. */
export function explain(response: HttpResponse): Diagnostic {
	const { status } = response;
	if (status === 401) {
		return {
			code: 'signIn.refused',
			what: `${DISPLAY_NAME} did not accept the sign-in.`,
			why: 'The API key or its secret is wrong, the key is of another region, or it takes the other way of signing in.',
			fix: 'Compare key, secret, region and authentication in the credential with the developer settings of the account, and press Test.',
		};
	}
	const trouble = troubleIn(status, DISPLAY_NAME);
	if (trouble) return trouble;
	const why = whatItSaid(response);
	if (status === 404) {
		return {
			code: 'system.notThere',
			what: `There is no contact service of ${DISPLAY_NAME} at the address in the credential.`,
			why,
			fix: 'Choose the region of the account, or correct the address.',
		};
	}
	if (status === 409) {
		return {
			code: 'account.duplicate',
			what: 'There is a contact with this mobile number already.',
			why: `It belongs to another person, or nobody ever paired it with this one. ${why}`,
			fix: "Correct the number in the directory, or add 'Phone Number' to 'Match By' in Extension Allocator so that the contact is adopted.",
			field: 'Mobile Number',
		};
	}
	return {
		code: 'account.refused',
		what: `${DISPLAY_NAME} did not take these values.`,
		why,
		fix: 'Correct the value in the directory, or map another attribute in Field Mapper.',
	};
}

export function gone(id: string): Diagnostic {
	return {
		code: 'account.gone',
		what: 'The contact is no longer there.',
		why: `${DISPLAY_NAME} knows no contact ${quote(id)}; somebody removed it.`,
		fix: 'Run the workflow again; it then plans for the contacts there are.',
	};
}

export const noMobile: Diagnostic = {
	code: 'account.noMobile',
	what: 'A contact cannot be without a mobile number.',
	why: 'The number is what messages are sent to, and what a contact is known by.',
	fix: "Fill in the mobile number in the directory as +46..., or map another attribute to 'Mobile Number'.",
	field: 'Mobile Number',
};

export function otherChannels(types: readonly string[]): Diagnostic {
	return {
		code: 'account.otherChannels',
		what: 'The mobile number of this contact is left as it is.',
		why: `The contact also has ${types.join(', ')}, which cannot be written from outside and might be lost.`,
		fix: `Change the number by hand in ${DISPLAY_NAME}.`,
		field: 'Mobile Number',
	};
}

export const tooManyLists: Diagnostic = {
	code: 'account.tooManyLists',
	what: 'The contact is in more lists than can be remembered for its return.',
	why: 'It is taken off all of them when it is put out of use, and their names are noted in a custom field of 1,000 characters.',
	fix: 'Take it off some lists by hand, or delete the contact.',
};

function whatItSaid({ status, body }: HttpResponse): string {
	const said = refusal.safeParse(parseJson(body));
	if (!said.success) return `It answered with status ${String(status)}.`;
	const { title, detail, invalidFields } = said.data;
	const fields = invalidFields.map(({ name, reason }) => `${name}: ${reason}`);
	return `It answered: ${quote([detail || title, ...fields].filter(Boolean).join('; '))}`;
}
