/** Changes a user of the sandbox as any other program that writes to the directory. */
import type { Sandbox } from '../sandbox/sandbox.mts';

/** Gives the status Graph answers with. */
export async function patchUser(
	{ authority, graph, tenantId, clientId, clientSecret }: Sandbox['entra'],
	id: string,
	body: object,
): Promise<number> {
	const form = new URLSearchParams({
		grant_type: 'client_credentials',
		client_id: clientId,
		client_secret: clientSecret,
		scope: `${graph}/.default`,
	});
	const signIn = `${authority}/${tenantId}/oauth2/v2.0/token`;
	const answer = await fetch(signIn, { method: 'POST', body: form });
	const { access_token: token } = (await answer.json()) as { access_token: string };
	const written = await fetch(`${graph}/v1.0/users/${id}`, {
		method: 'PATCH',
		headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
		body: JSON.stringify(body),
	});
	return written.status;
}
