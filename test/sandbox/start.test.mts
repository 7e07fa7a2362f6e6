import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

const start = (...args: string[]) =>
	spawn(process.execPath, ['sandbox/start.mjs', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });

describe('npm run sandbox', () => {
	let group: number | undefined;

	/** Also after a test that did not go well, nothing it started may stay. */
	afterEach(() => {
		try {
			if (group !== undefined) process.kill(-group, 'SIGKILL');
		} catch {
			// Nobody is left, as it should be.
		}
		group = undefined;
	});

	it('--json prints one line with all connections and goes away on SIGTERM', async () => {
		const sandbox = start('--json');
		const [chunk] = await once(sandbox.stdout, 'data');
		const rest = text(sandbox.stdout);
		const line = String(chunk);
		const { entra, systems } = JSON.parse(line);
		expect(Object.keys(entra)).toEqual([
			'authority',
			'graph',
			'tenantId',
			'clientId',
			'clientSecret',
		]);
		expect(Object.keys(systems)).toEqual(
			expect.arrayContaining(['yeastar', 'scim', 'messagemedia']),
		);
		expect((await fetch(`${entra.graph}/v1.0/users`)).status).toBe(401);

		const ended = once(sandbox, 'exit');
		sandbox.kill('SIGTERM');
		expect(await ended).toEqual([0, null]);
		expect(line.trimEnd()).not.toContain('\n');
		expect(await rest).toBe('');
		await expect(fetch(`${entra.graph}/v1.0/users`)).rejects.toThrow('fetch failed');
	}, 30_000);

	it('goes away with the npm that started it', async () => {
		const npm = spawn('npm', ['run', '--silent', 'sandbox', '--', '--json'], {
			stdio: ['ignore', 'pipe', 'ignore'],
			detached: true,
		});
		group = npm.pid;
		const [chunk] = await once(npm.stdout, 'data');
		const { entra } = JSON.parse(String(chunk));
		const closed = text(npm.stdout);
		npm.kill('SIGTERM');
		// The pipe ends when the last process that holds it has ended.
		expect(await closed).toBe('');
		await expect(fetch(`${entra.graph}/v1.0/users`)).rejects.toThrow('fetch failed');
	}, 30_000);

	it('says which port is taken', async () => {
		const other = createServer().listen(0, '127.0.0.1');
		await once(other, 'listening');
		const { port } = other.address() as AddressInfo;
		const sandbox = start('--yeastar-port', String(port));
		const [said, [code]] = await Promise.all([text(sandbox.stderr), once(sandbox, 'exit')]);
		expect(said).toContain(`Port ${port} for Yeastar is taken`);
		expect(code).toBe(1);
		other.close();
	}, 30_000);

	it('explains its options when it does not understand one', async () => {
		const sandbox = start('--prot', '1');
		const [said, [code]] = await Promise.all([text(sandbox.stderr), once(sandbox, 'exit')]);
		expect(said).toContain('--entra-port');
		expect(code).toBe(2);
	}, 30_000);
});
