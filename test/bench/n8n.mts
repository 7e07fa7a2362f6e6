/**
 * The whole sync in a real n8n, nothing to change, beside what else could be done: the same job from
 * n8n's stock nodes (`workflows/stock.json`), and a bare script. Same n8n, same servers, same data,
 * one after another in one go. Ratios, because seconds say something about one machine only.
 *
 *   npm run bench -- n8n                            10,000 users, the stock nodes too
 *   npm run bench -- n8n --no-stock                 without them
 *   npm run bench -- n8n --users 100000             100,000 users, ours and the bare script
 *   npm run bench -- n8n --users 100000 --stock     with the stock nodes: less than half an hour
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { CredentialRef, WorkflowFile } from '../../demo/n8n/api.mts';
import { packProject } from '../../demo/n8n/package.mts';
import type { Host } from '../../demo/n8n/process.mts';
import { forSystem, readMainTemplate, withSetting } from '../../demo/template.mts';
import { runBare, startServers, tryOut, type Trial } from './n8n/trial.mts';
import { atLeast, atMost, median, plain, type BenchOptions, type Row } from './row.mts';

/** More than two, because a schedule runs in an n8n that has run it before, and its first runs are slower. */
const RUNS = 5;
/** The stock nodes are given up when they took so much longer than ours that the goal is met. */
const BEYOND_DOUBT = 1.05;
/** But never before a quarter of an hour, to see them end where they can. */
const PATIENCE_MS = 900_000;
const GOALS = {
	'10k': { stock: 60, whole: 8, bare: 2, memory: 0.6 },
	'100k': { stock: 200, whole: 60, bare: 1.5, memory: 0.5 },
} as const;

/** The rows of ours come before the stock nodes are tried, which can take an hour. */
export async function* measure({ root, users, stock }: BenchOptions): AsyncGenerator<Row[]> {
	const name = users === 100_000 ? '100k' : '10k';
	if (name === '10k' && users !== 10_000) {
		process.stderr.write(`Rows are kept under 10k, though these are ${String(users)} users.\n`);
	}
	const host = findHost(root);
	const folder = await mkdtemp(join(tmpdir(), 'entra-pbx-sync-bench-'));
	const servers = await startServers(root, users);
	try {
		const tarball = await packProject(root, folder);
		// Before and after, because other work on the machine comes and goes.
		const before = Array.from({ length: RUNS }, () => runBare(root, servers.url));
		const ours = await tryOurs(root, host, tarball, servers.url);
		const bare = [...before, ...Array.from({ length: RUNS }, () => runBare(root, servers.url))];
		const writes = (await servers.writes()) + bare.reduce((sum, { changes }) => sum + changes, 0);
		if (writes > 0) throw new Error(`There was nothing to write, yet ${String(writes)} were.`);

		const oursMs = median(ours.runs);
		const bareMs = median(bare.map(({ ms }) => ms));
		yield [
			atMost(
				`n8n.vsBare.${name}`,
				oursMs / bareMs,
				'× the time of a bare script',
				GOALS[name].bare,
			),
			seconds(`n8n.ours.${name}`, oursMs),
			seconds(`n8n.bare.${name}`, bareMs),
			plain(`n8n.oursMemory.${name}`, ours.peakMb, 'MB, all of n8n at its peak'),
		];
		if (!stock) return;
		const withinMs = Math.max(PATIENCE_MS, oursMs * GOALS[name].stock * BEYOND_DOUBT);
		yield besideStock(name, ours, await tryStock(root, host, servers.url, withinMs));
	} finally {
		servers.stop();
		await rm(folder, { recursive: true, force: true });
	}
}

function besideStock(name: '10k' | '100k', ours: Trial, stock: Trial): Row[] {
	const goal = GOALS[name];
	const times = median(stock.runs) / median(ours.runs);
	const whole = stock.wholeMs / ours.wholeMs;
	// What they took until they were given up is less than they need, so the rows say too little of ours.
	const until = stock.givenUp ? ', which were given up unfinished' : '';
	const rows = [
		atLeast(`n8n.vsStock.${name}`, times, `× faster than the stock nodes${until}`, goal.stock),
		atLeast(
			`n8n.vsStockWhole.${name}`,
			whole,
			`× faster, start of n8n included${until}`,
			goal.whole,
		),
		seconds(`n8n.stock.${name}`, median(stock.runs), until),
		plain(`n8n.stockMemory.${name}`, stock.peakMb, `MB, all of n8n at its peak${until}`),
	];
	if (ours.peakMb === null || stock.peakMb === null) return rows;
	const memory = ours.peakMb / stock.peakMb;
	const unit = `× the peak memory of the stock nodes${until}`;
	return [...rows, atMost(`n8n.vsStock.memory.${name}`, memory, unit, goal.memory)];
}

async function tryOurs(root: string, host: Host, tarball: string, url: string): Promise<Trial> {
	const secret = { tenantId: 'bench', clientId: 'bench', clientSecret: 'bench' };
	return await tryOut({
		label: 'ours',
		host,
		tarball,
		times: RUNS,
		credentials: {
			entraOAuth2Api: { cloud: 'custom', authorityUrl: url, graphUrl: url, ...secret },
			scimApi: { baseUrl: `${url}/scim/v2`, token: 'bench' },
		},
		async prepare(api, credentials) {
			const template = withSetting(await readMainTemplate(root), 'previewOnly', false);
			return forSystem(template, 'scim', credentials, await api.nodeTypes());
		},
	});
}

async function tryStock(root: string, host: Host, url: string, withinMs: number): Promise<Trial> {
	const text = await readFile(join(root, 'test', 'bench', 'workflows', 'stock.json'), 'utf8');
	// The file is ours and holds a workflow.
	const workflow = JSON.parse(text.replaceAll('http://server.example', url)) as WorkflowFile;
	return await tryOut({
		label: 'stock nodes',
		host,
		times: 1,
		withinMs,
		mayGiveUp: true,
		credentials: { httpHeaderAuth: { name: 'Authorization', value: 'Bearer bench' } },
		prepare: (_, credentials) => Promise.resolve(withCredentials(workflow, credentials)),
	});
}

function withCredentials(
	workflow: WorkflowFile,
	credentials: ReadonlyMap<string, CredentialRef>,
): WorkflowFile {
	const chosen = Object.fromEntries(credentials);
	const nodes = workflow.nodes.map((node) =>
		node.type === 'n8n-nodes-base.httpRequest' ? { ...node, credentials: chosen } : node,
	);
	return { ...workflow, nodes };
}

export function findHost(root: string): Host {
	const printed = execFileSync(process.execPath, [join(root, 'demo', 'n8n', 'install.mjs')], {
		encoding: 'utf8',
	});
	// Printed by our own installer.
	return JSON.parse(printed) as Host;
}

function seconds(name: string, ms: number, until = ''): Row {
	return plain(name, Math.round(ms / 10) / 100, `s${until}`);
}
