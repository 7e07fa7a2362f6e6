/**
 * Runs a program and everything it starts as one group, and ends the group when whoever started
 * the keeper is gone: its stdin is a pipe from there, which closes even after a kill -9.
 *
 * Usage: node keeper.mjs <program> [arguments...], started as the leader of its own process group.
 */
import { spawn } from 'node:child_process';

const MERCY_MS = 8_000;
const [program, ...args] = process.argv.slice(2);
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });

child.once('error', (cause) => {
	process.stderr.write(`${cause.message}\n`);
	process.exit(1);
});
child.once('exit', (code) => {
	// What the program started may still be there (n8n's task runner); it goes too.
	process.exitCode = code ?? 1;
	killGroup('SIGKILL');
});

let ending = false;
function end() {
	if (ending) return;
	ending = true;
	child.kill('SIGTERM');
	setTimeout(() => killGroup('SIGKILL'), MERCY_MS).unref();
}
process.on('SIGTERM', end);
process.on('SIGINT', end);
process.stdin.on('end', end).on('error', end).resume();

/** The keeper is in the group as well, so this is its own end too. */
function killGroup(signal) {
	if (process.platform === 'win32') child.kill(signal);
	else process.kill(-process.pid, signal);
}
