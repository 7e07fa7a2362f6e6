/** `npm run sandbox`: the sandbox alone, until it is told to stop. */
import { parseArgs } from 'node:util';
import { startSandbox } from './sandbox.mts';
import type { Connections, Sandbox } from './sandbox.mts';

const USAGE = `npm run sandbox -- [options]

  --json              print the connections as one JSON line, nothing else
  --entra-port N      port of the directory; without it a free one is found
  --yeastar-port N    port of the Yeastar phone system
  --scim-port N       port of the SCIM phone system
  --vodia-port N      port of the Vodia phone system
  --lynes-port N      port of the made-up Lynes
  --rest-port N       port of the made-up REST phone system
  --3cx-port N        port of the 3CX phone system
  --messagemedia-port N
                      port of MessageMedia
  --telavox-port N    port of Telavox
  --freepbx-port N    port of the FreePBX phone system
`;

/** Resolves when the sandbox has stopped, with the exit code. */
export async function main(args: string[]): Promise<number> {
	const parent = process.ppid;
	const options = readOptions(args);
	if (typeof options === 'string') {
		process.stderr.write(`${options}\n\n${USAGE}`);
		return 2;
	}
	if (options.help) {
		process.stdout.write(USAGE);
		return 0;
	}
	let sandbox: Sandbox;
	try {
		sandbox = await startSandbox({ ports: options.ports });
	} catch (cause) {
		process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
		return 1;
	}
	const { entra, systems } = sandbox;
	process.stdout.write(
		options.json ? `${JSON.stringify({ entra, systems })}\n` : describe({ entra, systems }),
	);
	await toldToStop(parent);
	await sandbox.stop();
	return 0;
}

/**
 * By Ctrl+C, by SIGTERM, or by the end of the `npm run` that started it: npm hands a SIGTERM to the
 * shell in between, which ends without telling anybody.
 */
function toldToStop(parent: number): Promise<void> {
	return new Promise((resolve) => {
		process.once('SIGINT', () => resolve());
		process.once('SIGTERM', () => resolve());
		if (process.env['npm_lifecycle_event'] === undefined) return;
		setInterval(() => process.ppid !== parent && resolve(), 250).unref();
	});
}

function readOptions(args: string[]) {
	try {
		const { values } = parseArgs({
			args,
			options: {
				json: { type: 'boolean', default: false },
				help: { type: 'boolean', default: false },
				'entra-port': { type: 'string' },
				'yeastar-port': { type: 'string' },
				'scim-port': { type: 'string' },
				'vodia-port': { type: 'string' },
				'lynes-port': { type: 'string' },
				'rest-port': { type: 'string' },
				'3cx-port': { type: 'string' },
				'messagemedia-port': { type: 'string' },
				'telavox-port': { type: 'string' },
				'freepbx-port': { type: 'string' },
			},
		});
		return {
			json: values.json,
			help: values.help,
			ports: {
				entra: readPort('--entra-port', values['entra-port']),
				yeastar: readPort('--yeastar-port', values['yeastar-port']),
				scim: readPort('--scim-port', values['scim-port']),
				vodia: readPort('--vodia-port', values['vodia-port']),
				lynes: readPort('--lynes-port', values['lynes-port']),
				customRest: readPort('--rest-port', values['rest-port']),
				'3cx': readPort('--3cx-port', values['3cx-port']),
				messagemedia: readPort('--messagemedia-port', values['messagemedia-port']),
				telavox: readPort('--telavox-port', values['telavox-port']),
				freepbx: readPort('--freepbx-port', values['freepbx-port']),
			},
		};
	} catch (cause) {
		return cause instanceof Error ? cause.message : String(cause);
	}
}

function readPort(option: string, text: string | undefined): number {
	const port = Number(text ?? 0);
	if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
	throw new Error(`${option} takes a number from 0 to 65535, not '${text ?? ''}'.`);
}

function describe({ entra, systems }: Connections): string {
	const { yeastar, scim, vodia, messagemedia, telavox, freepbx, lynes, customRest } = systems;
	return `The sandbox is up. Everything in it is invented; nothing leaves this machine.

Microsoft Entra ID    cloud: Custom
  Authority URL       ${entra.authority}
  Graph URL           ${entra.graph}
  Tenant ID           ${entra.tenantId}
  Client ID           ${entra.clientId}
  Client Secret       ${entra.clientSecret}

Yeastar P-Series
  Base URL            ${yeastar.baseUrl}
  Client ID           ${yeastar.clientId}
  Client Secret       ${yeastar.clientSecret}

SCIM 2.0
  Base URL            ${scim.baseUrl}
  Token               ${scim.token}

3CX v20
  Base URL            ${systems['3cx'].baseUrl}
  Client ID           ${systems['3cx'].clientId}
  Client Secret       ${systems['3cx'].clientSecret}

Vodia PBX
  Base URL            ${vodia.baseUrl}
  Domain              ${vodia.domain}
  Username            ${vodia.username}
  Password            ${vodia.password}

MessageMedia (Sinch Engage)    region: Custom
  Address             ${messagemedia.baseUrl}
  API Key             ${messagemedia.apiKey}
  API Secret          ${messagemedia.apiSecret}

Telavox
  Address             ${telavox.baseUrl}
  Token               ${telavox.token}

FreePBX
  Address             ${freepbx.baseUrl}
  Client ID           ${freepbx.clientId}
  Client Secret       ${freepbx.clientSecret}

Lynes (made up)
  Address             ${lynes.baseUrl}
  Token               ${lynes.token}

Custom REST (made up)
  Address             ${customRest.baseUrl}
  Account             ${customRest.account}
  Secret              ${customRest.secret}
  Profile             sandbox/rest/profile.json

Phone system with files only
  Export              ${systems.csv.exportUrl}
  Import              ${systems.csv.importUrl}

What each was asked: add /__sandbox/requests to its address. Ctrl+C stops them all.
`;
}
