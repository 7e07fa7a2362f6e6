import type { ICredentialType } from 'n8n-workflow';
import { EntraManagedIdentityApi } from '../../../credentials/EntraManagedIdentityApi.credentials.ts';
import { ScimApi } from '../../../credentials/ScimApi.credentials.ts';
import { TelavoxApi } from '../../../credentials/TelavoxApi.credentials.ts';
import { VodiaApi } from '../../../credentials/VodiaApi.credentials.ts';

const request = { url: 'https://pbx.example/Users', headers: { Accept: 'application/json' } };

async function signed(type: ICredentialType, credential: Record<string, string>) {
	if (typeof type.authenticate !== 'function')
		throw new Error(`${type.name} evaluates expressions`);
	return await type.authenticate(credential, request);
}

it.each([
	[new ScimApi(), 'token'],
	[new TelavoxApi(), 'token'],
	[new EntraManagedIdentityApi(), 'accessToken'],
])(
	'%# sends the token, without the spaces pasted along, beside the headers of the request',
	async (type, name) => {
		expect(await signed(type, { [name]: ' abc\n' })).toEqual({
			...request,
			headers: { Accept: 'application/json', Authorization: 'Bearer abc' },
		});
		expect(request.headers).toEqual({ Accept: 'application/json' });
	},
);

it('sends a password as it is: spaces may belong to it', async () => {
	expect(await signed(new VodiaApi(), { username: ' admin ', password: ' p w ' })).toEqual({
		...request,
		auth: { username: 'admin', password: ' p w ' },
	});
});
