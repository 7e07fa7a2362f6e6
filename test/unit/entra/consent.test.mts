import { adminConsentUrl, withConsent } from '../../../entra/consent.ts';
import { ASKING, explainGraphError } from '../../../entra/diagnosis.ts';
import type { Diagnostic } from '../../../sync/diagnostic.ts';

const missing: Diagnostic = {
	code: 'entra.permissionMissing',
	what: 'Not allowed.',
	why: 'It is missing.',
	fix: 'Add it.',
};
const consentUrl = 'https://login.example/t/adminconsent?client_id=c';

describe('the consent link', () => {
	it('names tenant and app', () => {
		expect(adminConsentUrl('https://login.microsoftonline.com/', 'contoso.example', 'a b')).toBe(
			'https://login.microsoftonline.com/contoso.example/adminconsent?client_id=a+b',
		);
	});

	it('stands in the way out of a missing permission, beside what the sign-in may use', () => {
		const roles = ['User.Read.All', 'GroupMember.Read.All'];
		expect(withConsent(missing, { roles, consentUrl, isPerson: false })).toMatchObject({
			why: 'It is missing. It may use User.Read.All, GroupMember.Read.All.',
			fix: `Add it. An administrator can grant it here: ${consentUrl}`,
		});
	});

	it('says nothing of permissions while there is no token to read them from', () => {
		expect(withConsent(missing, { roles: null, consentUrl: null, isPerson: false })).toEqual(
			missing,
		);
	});

	it('is not put into what has another cause', () => {
		const other = { ...missing, code: 'entra.throttled' };
		expect(withConsent(other, { roles: [], consentUrl, isPerson: true })).toBe(other);
	});

	it('asks for the other kind of permission when a person signs in', () => {
		const refusal = explainGraphError(
			{ status: 403, code: 'Authorization_RequestDenied', message: 'no' },
			ASKING.users,
		).diagnostic;
		const roles = ['User.Read'];
		const { why, fix } = withConsent(refusal, { roles, consentUrl, isPerson: true });
		expect(why).toBe(
			'The delegated permission User.Read.All is missing, or nobody granted admin consent. The sign-in is that of a person: it also needs a role that may do this, such as Directory Readers or User Administrator. It may use User.Read.',
		);
		expect(fix).toContain('Add User.Read.All as a delegated permission to the app registration');
		expect(`${why} ${fix}`).not.toContain('application permission');
	});
});
