import { quote } from '../../../http/quote.ts';

describe('words of a foreign server', () => {
	it.each([
		['Extension 201 is in use already.', 'Extension 201 is in use already.'],
		['first\n\tsecond \u0000third', 'first second third'],
		[
			"Resource '0a1b2c3d-0000-4000-8000-000000000002' does not exist.",
			"Resource '0a1b2c3d-0000-4000-8000-000000000002' does not exist.",
		],
		['ada.lovelace.of.contoso@example.com exists', 'ada.lovelace.of.contoso@example.com exists'],
		['DirectorySynchronizationService says no', 'DirectorySynchronizationService says no'],
		['urn:ietf:params:scim:schemas:core:User', 'urn:ietf:params:scim:schemas:core:User'],
	])('stay readable: %j', (text, shown) => {
		expect(quote(text)).toBe(shown);
	});

	it.each([
		['Not allowed: Bearer abc.def', 'Not allowed: Bearer ***'],
		['basic Y29udG9zbw== is wrong', 'basic *** is wrong'],
		['client_secret=s3cr%26t was wrong', 'client_secret=*** was wrong'],
		['"password": "hunter2", and more', '"password": "***", and more'],
		['got eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30', 'got ***'],
		['got Bearer%20abcdef back', 'got *** back'],
		['got 53616e64626f78546f6b656e', 'got ***'],
		['Refused {"headers":{"authorization":"Bearer x"}}', 'Refused'],
		['Refused {\\"headers\\":1}', 'Refused'],
		['Refused [{"a":1}] here', 'Refused'],
	])('hide what may be a secret: %j', (text, shown) => {
		expect(quote(text)).toBe(shown);
	});

	it('are not longer than a person reads', () => {
		expect(quote('word '.repeat(100))).toHaveLength(200);
	});
});
