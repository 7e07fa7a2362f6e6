/** Nothing that the demo starts outlives it, however it ends. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { leftOver, MARK, marked } from './processes.mts';

const KEEPER = join(__dirname, '..', '..', 'demo', 'n8n', 'keeper.mjs');

/** A program that starts another one, as n8n starts its task runner; `deaf` ignores SIGTERM. */
const PROGRAM = (deaf: boolean) => `
	${deaf ? "process.on('SIGTERM', () => {});" : ''}
	require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
	setInterval(() => {}, 1000);
`;

/** Starts a keeper and then does nothing, like a demo in the middle of its work. */
const STARTER = (deaf: boolean) => `
	require('node:child_process').spawn(
		process.execPath,
		[${JSON.stringify(KEEPER)}, process.execPath, '-e', ${JSON.stringify(PROGRAM(deaf))}],
		{ detached: true, stdio: ['pipe', 'ignore', 'ignore'] },
	);
	setInterval(() => {}, 1000);
`;

async function standing(deaf: boolean) {
	const mark = randomUUID();
	const starter = spawn(process.execPath, ['-e', STARTER(deaf)], {
		env: { ...process.env, [MARK]: mark },
		stdio: 'ignore',
	});
	// Starter, keeper, program, and the program's own child.
	while (marked(mark).length < 4) await wait(50);
	return { mark, starter };
}

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('the keeper', () => {
	it('ends the program and its children when the starter is killed', async () => {
		const { mark, starter } = await standing(false);
		starter.kill('SIGKILL');
		expect(await leftOver(mark)).toEqual([]);
	}, 30_000);

	it('ends a program that does not listen, too', async () => {
		const { mark, starter } = await standing(true);
		starter.kill('SIGKILL');
		expect(await leftOver(mark, 15_000)).toEqual([]);
	}, 40_000);
});
