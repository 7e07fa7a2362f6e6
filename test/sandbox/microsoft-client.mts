/** Microsoft's own Graph client, in front of the sandbox. */
import { Client } from '@microsoft/microsoft-graph-client';
import type { Connections } from '../../sandbox/sandbox.mts';
import { accessToken } from './clients.mts';

/** It sends a token over HTTPS only, so it is told a name that stands for the sandbox. */
const STAGE = 'https://graph.sandbox.example';

export async function microsoftGraphClient(sandbox: Connections): Promise<Client> {
	const { graph } = sandbox.entra;
	const authorization = `Bearer ${await accessToken(sandbox)}`;
	return Client.initWithMiddleware({
		baseUrl: STAGE,
		middleware: {
			execute: async (context) => {
				const url = String(context.request).replace(STAGE, graph);
				const headers = new Headers(context.options?.headers);
				headers.set('authorization', authorization);
				const answer = await fetch(url, { headers });
				const text = (await answer.text()).replaceAll(graph, STAGE);
				const type = { 'content-type': 'application/json' };
				context.response = new Response(text, { status: answer.status, headers: type });
			},
		},
	});
}
