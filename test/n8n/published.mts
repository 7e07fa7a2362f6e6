/** The addresses of published workflows. */
import { setTimeout as wait } from 'node:timers/promises';

/** n8n registers an address a moment after it has published the workflow; waits for that moment. */
export async function whenPublished(
	url: string,
	headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
	const deadline = Date.now() + 20_000;
	for (;;) {
		const answer = await fetch(url, { headers, redirect: 'manual' });
		if (answer.status !== 404 || Date.now() > deadline) return answer;
		await wait(200);
	}
}
