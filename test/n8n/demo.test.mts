/** The demo as a stranger runs it, but for the build, which `test/run.mjs` has already done. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ROOT } from './host.mts';
import { leftOver, MARK } from './processes.mts';

const totals = z.object({
	created: z.number(),
	updated: z.number(),
	disabled: z.number(),
	conflicts: z.number(),
	rejected: z.number(),
	failed: z.number(),
});
const lastLine = z.object({ first: totals.strict(), second: totals.strict() }).strict();

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'entra-pbx-sync-demo-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Starts the demo with its own folder for temporary files, so that what it leaves can be seen. */
function startDemo(...args: string[]) {
	const mark = randomUUID();
	const child = spawn(process.execPath, [join(ROOT, 'demo', 'start.mjs'), '--no-build', ...args], {
		env: { ...process.env, TMPDIR: folder, [MARK]: mark },
	});
	let stdout = '';
	let stderr = '';
	let heard = () => {};
	child.stdout.on('data', (chunk: Buffer) => {
		stdout += chunk.toString();
		heard();
	});
	child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
	const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
		child.once('close', (code) => resolve({ code, stdout, stderr })),
	);
	/** Resolves when stdout matches, or with null when the demo ends before it does. */
	const until = (pattern: RegExp) =>
		Promise.race([
			new Promise<RegExpExecArray>((resolve) => {
				heard = () => {
					const match = pattern.exec(stdout);
					if (match !== null) resolve(match);
				};
				heard();
			}),
			ended.then(() => null),
		]);
	return { child, mark, ended, until };
}

/** No process and no file. */
async function expectNothingLeft(mark: string): Promise<void> {
	if (process.platform === 'linux') expect(await leftOver(mark)).toEqual([]);
	// Programs that the demo starts keep caches of their own there, shared by all their runs.
	expect(readdirSync(folder).filter((name) => name.startsWith('entra-pbx-sync'))).toEqual([]);
}

describe('npm run demo', () => {
	it('with --exit syncs twice, writes nothing the second time, and leaves nothing behind', async () => {
		const demo = startDemo('--exit');
		const { code, stdout, stderr } = await demo.ended;
		expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('were right') });

		const { first, second } = lastLine.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
		expect(first.created).toBeGreaterThan(0);
		expect(first.updated).toBeGreaterThan(0);
		expect(first.disabled).toBeGreaterThan(0);
		expect(second).toMatchObject({ created: 0, updated: 0, disabled: 0, failed: 0 });
		expect(stdout).toMatch(/First run[^]*scim[^]*yeastar[^]*Second run[^]*scim[^]*yeastar/);
		await expectNothingLeft(demo.mark);
	}, 240_000);

	it('leaves the editor open until Ctrl-C, and nothing after it', async () => {
		const demo = startDemo('--system', 'scim');
		const open = await demo.until(/open at (http:\S+)[^]*password/);
		const url = open?.[1] ?? 'http://the-demo-ended-early.invalid';
		expect((await fetch(url)).status).toBe(200);

		demo.child.kill('SIGINT');
		const { code, stdout } = await demo.ended;
		expect(code).toBe(0);
		expect(stdout).not.toContain('yeastar');
		await expect(fetch(url)).rejects.toThrow();
		await expectNothingLeft(demo.mark);
	}, 240_000);

	it('says so when the port is taken', async () => {
		const other = createServer().listen(0, '127.0.0.1');
		await new Promise((resolve) => other.once('listening', resolve));
		const address = other.address();
		const port = typeof address === 'object' ? String(address?.port) : '';
		const demo = startDemo('--exit', '--port', port);
		const { code, stderr } = await demo.ended;
		await new Promise((resolve) => other.close(resolve));
		expect(code).toBe(1);
		expect(stderr).toContain(`Port ${port} is taken`);
		await expectNothingLeft(demo.mark);
	}, 60_000);

	it.each([
		[['--system', 'tin-cans'], 'There are: 3cx, '],
		[['--port', 'many'], 'between 1 and 65535'],
		[['--quickly'], 'Usage: npm run demo'],
	])(
		'refuses %j with a sentence',
		async (args, sentence) => {
			const { code, stderr } = await startDemo('--exit', ...args).ended;
			expect(code).not.toBe(0);
			expect(stderr).toContain(sentence);
			expect(stderr).not.toContain('    at ');
		},
		30_000,
	);
});
