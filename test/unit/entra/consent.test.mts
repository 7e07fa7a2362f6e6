import { adminConsentUrl, withConsent } from '../../../entra/consent.ts';
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
		expect(withConsent(missing, { roles, consentUrl })).toMatchObject({
			why: 'It is missing. It may use User.Read.All, GroupMember.Read.All.',
			fix: `Add it. An administrator can grant it here: ${consentUrl}`,
		});
	});

	it('says nothing of permissions while there is no token to read them from', () => {
		expect(withConsent(missing, { roles: null, consentUrl: null })).toEqual(missing);
	});

	it('is not put into what has another cause', () => {
		const other = { ...missing, code: 'entra.throttled' };
		expect(withConsent(other, { roles: [], consentUrl })).toBe(other);
	});
});
