/** What `npm run dev` opens: the stage with the package linked, and the main template ready to run. */
import { once } from 'node:events';
import type { Host } from './n8n/process.mts';
import { openStage, SYSTEMS } from './stage.mts';
import { forSystem, readMainTemplate } from './template.mts';

/** Stays until Ctrl-C, then takes everything down. */
export async function runWorkshop(options: {
	root: string;
	host: Host;
	port?: number | undefined;
}): Promise<void> {
	const { root, host, port } = options;
	const say = (text: string) => void process.stderr.write(`${text}\n`);
	const interrupted = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
	const { api, credentials, n8n, nodeTypes, owner, stop } = await openStage({
		root,
		host,
		port,
		say,
		linked: true,
	});
	try {
		const template = await readMainTemplate(root);
		for (const system of SYSTEMS.filter((name) => name !== 'csv'))
			await api.createWorkflow({
				...forSystem(template, system, credentials, nodeTypes),
				name: `Dev: Entra ID to ${system}`,
			});
		console.log(
			`\nThe editor is open at ${n8n.url}\n` +
				`  e-mail    ${owner.email}\n` +
				`  password  ${owner.password}\n` +
				'Change a source: it is built, and n8n reloads the nodes. Then reload the page. Ctrl-C ends it.\n',
		);
		await interrupted;
	} finally {
		await stop();
	}
}
