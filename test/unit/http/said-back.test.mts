import { withoutSecrets } from '../../../nodes/host/said-back.ts';
import { disguisesOf, findSecret } from '../../nodes/disguises.mts';

const secret = 'Pl4nted&"secret"+in/it=';
const credential = {
	clientSecret: secret,
	clientId: 'the-client',
	accessTokenUrl: 'https://login.example.com/token',
	oauthTokenData: { access_token: 'a-token-of-the-run', token_type: 'Bearer' },
};

describe('a refusal', () => {
	it.each(disguisesOf(secret))(
		'no longer says a secret of the credential, written as %s',
		(form) => {
			const said = withoutSecrets(`before ${form} after`, credential);
			expect(said).not.toContain(form);
			expect(said).toMatch(/^before .*\*\*\*.* after$/);
		},
	);

	it.each(['', 'n:', 'me:', 'you:'])('nor in base64 after %j', (before) => {
		const encoded = Buffer.from(`${before}${secret}:after`).toString('base64');
		expect(findSecret([encoded], [secret])).not.toBeNull();
		expect(findSecret([withoutSecrets(encoded, credential)], [secret])).toBeNull();
	});

	it('no longer says the token n8n keeps', () => {
		expect(withoutSecrets('with a-token-of-the-run', credential)).toBe('with ***');
	});

	it('keeps everything else', () => {
		const body = 'the-client at https://login.example.com/token with Bearer';
		expect(withoutSecrets(body, credential)).toBe(body);
		expect(withoutSecrets('a b c', { token: 'a', password: '' })).toBe('a b c');
	});
});
