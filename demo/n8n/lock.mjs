/**
 * One process at a time. A lock is a directory that holds its owner's name; it appears in one
 * step (rename), so nobody ever sees a lock without an owner. The owner touches it while it works,
 * so a lock whose owner died, even by a power cut, is recognised and taken over.
 */
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import path from 'node:path';

const TOUCHED_EVERY_MS = 5_000;
/** Far above the touching, so that a machine that is merely busy does not lose its lock. */
const STALE_AFTER_MS = 60_000;

/**
 * Runs `work` while holding the lock `folder`, then gives it back. Waits for another owner;
 * `onWait(pid)` is called once when there is one.
 */
export async function withLock(folder, work, onWait = () => {}) {
	await take(folder, onWait);
	const touching = setInterval(() => void touch(folder), TOUCHED_EVERY_MS);
	touching.unref();
	try {
		return await work();
	} finally {
		clearInterval(touching);
		await rm(folder, { recursive: true, force: true });
	}
}

async function take(folder, onWait) {
	await mkdir(path.dirname(folder), { recursive: true });
	const mine = `${folder}.${process.pid}`;
	await rm(mine, { recursive: true, force: true });
	await mkdir(mine);
	await writeFile(path.join(mine, 'owner'), String(process.pid));

	for (let told = false; ; ) {
		// A folder that waited long must not look abandoned at the moment it becomes the lock.
		await touch(mine);
		try {
			await rename(mine, folder);
			return;
		} catch (cause) {
			if (!['EEXIST', 'ENOTEMPTY', 'EPERM'].includes(cause.code)) throw cause;
		}
		const owner = await readOwner(folder);
		if (owner === undefined) continue;
		if (await isStale(folder, owner)) {
			await discard(folder, owner, mine);
			continue;
		}
		if (!told) onWait(owner);
		told = true;
		await wait(500);
	}
}

/** Undefined when the lock has just been given back. */
async function readOwner(folder) {
	try {
		return Number(await readFile(path.join(folder, 'owner'), 'utf8'));
	} catch {
		return undefined;
	}
}

async function isStale(folder, owner) {
	if (!isAlive(owner)) return true;
	try {
		return Date.now() - (await stat(folder)).mtimeMs > STALE_AFTER_MS;
	} catch {
		return false;
	}
}

function isAlive(pid) {
	try {
		process.kill(pid, 0);
		return true;
	} catch (cause) {
		return cause.code === 'EPERM';
	}
}

/**
 * Takes a stale lock away. Two processes may try at once, and the slower one could take away the
 * lock the faster one has made meanwhile: it then sees another owner and puts it back.
 */
async function discard(folder, owner, mine) {
	const aside = `${mine}.stale`;
	try {
		await rename(folder, aside);
	} catch {
		return;
	}
	if ((await readOwner(aside)) !== owner) await rename(aside, folder).catch(() => {});
	await rm(aside, { recursive: true, force: true });
}

async function touch(folder) {
	const now = new Date();
	await utimes(folder, now, now).catch(() => {});
}
