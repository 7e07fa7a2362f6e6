import type { HttpResponse } from '../../http/port';
import { quote } from '../../http/quote';
import type { Diagnostic } from '../../sync/diagnostic';
import { parseJson, troubleIn } from '../answer';
import { refusal } from './wire';

/** What a status that is no success means here. */
export function explain({ status, body }: HttpResponse): Diagnostic {
	const trouble = troubleIn(status, 'SCIM 2.0');
	if (trouble) return trouble;
	const said = refusal.safeParse(parseJson(body));
	const detail = said.success ? quote(said.data.detail ?? '') : '';
	const why = detail ? `It answered: ${detail}` : `It answered with status ${String(status)}.`;
	if (status === 404) {
		return {
			code: 'system.notThere',
			what: `There is no SCIM 2.0 service at the address in the credential.`,
			why,
			fix: 'The address ends where /Users would follow, for instance https://example.com/scim/v2.',
		};
	}
	if (status === 409) {
		return {
			code: 'account.duplicate',
			what: 'There is an account with this user name already.',
			why: `It belongs to another person, or nobody ever paired it with this one. ${why}`,
			fix: 'Give one of the two another mail address, or let the sync adopt the account by its mail address.',
			field: 'User Name',
		};
	}
	return {
		code: 'account.refused',
		what: `SCIM 2.0 did not take these values.`,
		why,
		fix: 'Correct the value in the directory, or map another attribute in Field Mapper.',
	};
}

export function gone(id: string): Diagnostic {
	return {
		code: 'account.gone',
		what: 'The account is no longer there.',
		why: `SCIM 2.0 knows no account ${quote(id)}; somebody removed it.`,
		fix: 'Run the workflow again; it then plans for the accounts there are.',
	};
}

export const noUserName: Diagnostic = {
	code: 'account.noUserName',
	what: 'No account can be made without a user name.',
	why: 'Neither the user name nor the mail address has a value.',
	fix: "Map 'User Name' to userPrincipalName in Field Mapper, or fill in the mail address.",
	field: 'User Name',
};
