import { explainSignIn } from '../../../entra/sign-in.ts';

const refused = (...codes: number[]) =>
	explainSignIn({ error: 'invalid_client', description: 'Some words. Trace ID: t', codes });

describe('a refused sign-in', () => {
	it('tells that a secret is wrong, and that the secret ID is often mistaken for it', () => {
		expect(refused(7000215)).toEqual({
			code: 'entra.secretWrong',
			what: 'Entra ID did not accept the client secret.',
			why: "It is not a secret of this app. Often the 'Secret ID' was pasted instead of the 'Value'. (AADSTS7000215)",
			fix: "Create a new client secret, copy its 'Value' and put it into 'Client Secret' of the Entra ID credential.",
			field: 'Client Secret',
		});
	});

	it.each([
		[7000222, 'entra.secretExpired'],
		[700016, 'entra.appNotFound'],
		[90002, 'entra.tenantNotFound'],
		[900023, 'entra.tenantMalformed'],
		[7000112, 'entra.appDisabled'],
		[7000218, 'entra.secretMissing'],
		[700027, 'entra.certificateRefused'],
		[700024, 'entra.clockWrong'],
		[1000502, 'entra.certificateEnded'],
		[700213, 'entra.notTrusted'],
		[50173, 'entra.personRefused'],
		[90055, 'entra.signInBusy'],
		[65001, 'entra.noConsent'],
		[53003, 'entra.conditionalAccess'],
		[500011, 'entra.otherCloud'],
		[70011, 'entra.scope'],
		[90038, 'entra.otherCloud'],
	])('knows AADSTS%i', (number, code) => {
		const diagnostic = refused(number);
		expect(diagnostic.code).toBe(code);
		expect(diagnostic.why).toContain(`AADSTS${String(number)}`);
	});

	it('finds the number in the description when there is no list of numbers', () => {
		const description = "AADSTS90002: Tenant 'x' not found. Trace ID: t";
		const { code } = explainSignIn({ error: 'invalid_request', description, codes: [] });
		expect(code).toBe('entra.tenantNotFound');
	});

	it('names the number of a refusal it does not know', () => {
		expect(refused(123456).why).toBe('It answered AADSTS123456.');
	});

	it('knows when n8n does not run in Azure', () => {
		const error = 'managed_identity_unreachable';
		expect(explainSignIn({ error, description: '', codes: [] }).code).toBe('entra.notInAzure');
	});

	it('names the OAuth word when there is no number at all', () => {
		expect(refused().why).toBe('It answered "invalid_client".');
	});
});
