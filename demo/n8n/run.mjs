/** Runs one long step as a child process, shows that it lives, and keeps what it printed. */
import { execFile, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';

/** How many of the last printed characters are kept: enough to find the cause in. */
const KEPT = 20_000;

/**
 * Runs `command` to its end. Resolves with `{ code, output }` and never rejects: a command that
 * does not exist has code -1. Everything printed goes to the file `log` as well.
 */
export function runStep({ title, command, args, cwd, env, log, watch }) {
	const progress = startProgress(title, watch);
	return new Promise((resolve) => {
		const file = createWriteStream(log, { flags: 'a' });
		let output = '';
		const keep = (chunk) => {
			file.write(chunk);
			output = (output + chunk).slice(-KEPT);
		};
		const child = spawn(command, args, {
			cwd,
			env,
			stdio: ['ignore', 'pipe', 'pipe'],
			// npm is a script on Windows, and scripts need a shell there.
			shell: process.platform === 'win32',
		});
		const finish = (code) => {
			file.end();
			progress.stop(code === 0);
			resolve({ code, output });
		};
		child.stdout.on('data', keep);
		child.stderr.on('data', keep);
		child.once('error', (cause) => {
			output += String(cause);
			finish(-1);
		});
		child.once('close', (code) => finish(code ?? -1));
	});
}

/**
 * One line on stderr that says how long the step has taken and, when a folder is watched, how big
 * it is. On a terminal the line is rewritten; elsewhere (CI) a new one comes every 15 seconds.
 */
export function startProgress(title, watch) {
	const terminal = process.stderr.isTTY === true;
	const started = Date.now();
	let size = '';
	const line = () => `  ${title} ... ${Math.round((Date.now() - started) / 1000)} s${size}`;
	const show = () => process.stderr.write(terminal ? `\r\x1b[K${line()}` : `${line()}\n`);
	const measure = () => {
		if (watch === undefined) return;
		execFile('du', ['-sk', watch], (_, printed) => {
			const kilobytes = Number.parseInt(printed, 10);
			if (kilobytes > 0) size = `, ${(kilobytes / 1024 / 1024).toFixed(1)} GB`;
		});
	};
	show();
	const showing = setInterval(show, terminal ? 1_000 : 15_000);
	const measuring = setInterval(measure, 6_000);
	return {
		stop(well) {
			clearInterval(showing);
			clearInterval(measuring);
			const end = well ? 'done' : 'stopped';
			process.stderr.write(`${terminal ? '\r\x1b[K' : ''}${line()}, ${end}\n`);
		},
	};
}
