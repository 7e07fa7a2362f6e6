/**
 * Runs of a real n8n that do not come to their end: killed with kill -9, cancelled from the editor,
 * or running two at a time. Whatever happened, the next run finishes the job, and nobody has two
 * accounts, nor two people one number.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { StoredWorkflow, WorkflowFile } from '../../demo/n8n/api.mts';
import { countsOf, type Counts } from '../../demo/score.mts';
import { openStage, type Stage } from '../../demo/stage.mts';
import { allowLeavers, forSystem, readTemplates, withSetting } from '../../demo/template.mts';
import type { Fault } from '../../sandbox/faults.mts';
import { findHost, ROOT } from './host.mts';

const START = 'Run now';

let stage: Stage;
let templates: Map<string, WorkflowFile>;
beforeAll(async () => {
	templates = await readTemplates(ROOT);
	stage = await openStage({ root: ROOT, host: findHost() });
	stage.sandbox.control.entra.settings.roles.push(
		'User.ReadUpdate.All',
		'User-Phone.ReadWrite.All',
	);
}, 600_000);
afterAll(() => stage?.stop(), 30_000);

type System = 'scim' | 'yeastar';
type Place = System | 'entra';

/** A moment in a run: the request it makes there waits for an answer that never comes. */
interface Moment {
	readonly at: string;
	readonly place: Place;
	readonly request: Pick<Fault, 'method' | 'path' | 'after'>;
	/** The request was carried out before n8n ended. */
	readonly done: boolean;
}

function template(file: string): WorkflowFile {
	const found = templates.get(file);
	if (found === undefined) throw new Error(`workflows/${file} is missing.`);
	return found;
}

async function prepare(file: string, system: System, preview = false): Promise<StoredWorkflow> {
	const ready = forSystem(template(file), system, stage.credentials, stage.nodeTypes);
	const tomorrow = new Date(Date.now() + 24 * 3600 * 1000);
	const writing = allowLeavers(withSetting(ready, 'previewOnly', preview), 20, tomorrow);
	return await stage.api.createWorkflow(writing);
}

async function run(workflow: StoredWorkflow): Promise<Counts> {
	return countsOf(await stage.api.run(workflow, START), 'Report');
}

/** Starts a run and gives its ID once it waits in that moment. */
async function runUntil(workflow: StoredWorkflow, { place, request, done }: Moment) {
	const control = stage.sandbox.control[place];
	const kind = done ? 'hangAfter' : 'hangBefore';
	control.clearRequests();
	control.fault({ ...request, does: { kind } });
	const execution = await stage.api.start(workflow, START);
	const isThere = () => control.requests().some(({ fault }) => fault === kind);
	for (let left = 1200; !isThere(); left--) {
		if (left === 0) throw new Error('The run never came to that moment.');
		await wait(50);
	}
	// What was sent together with it comes to its end.
	await wait(50);
	control.clearFaults();
	return execution;
}

/** What the phone system holds, seen from inside: by whom and by number. */
function accounts(system: System): ReadonlyArray<{ owner: string; number: string | null }> {
	const { scim, yeastar } = stage.sandbox.control;
	if (system === 'yeastar') {
		const { extensions } = yeastar.state.pbx;
		return [...extensions.values()].map(({ email_addr: owner, number }) => ({ owner, number }));
	}
	return [...scim.state.accounts.values()].map(({ externalId, userName }) => ({
		owner: externalId ?? userName,
		number: null,
	}));
}

/** Owners and numbers that are there twice. Some were so from the beginning. */
function doubles(system: System): string[] {
	const keys = accounts(system).flatMap(({ owner, number }) => [
		...(owner === '' ? [] : [`account of ${owner.toLowerCase()}`]),
		...(number === null ? [] : [`number ${number}`]),
	]);
	return keys.filter((key, index) => keys.indexOf(key) !== index).sort();
}

/** After that nothing is left to do, on either side. */
async function settles(workflow: StoredWorkflow, system: System): Promise<void> {
	const finishing = await run(workflow);
	expect(finishing.failed).toBe(0);
	const { entra } = stage.sandbox.control;
	const control = stage.sandbox.control[system];
	control.clearRequests();
	entra.clearRequests();
	const quiet = await run(workflow);
	expect(quiet).toMatchObject({ created: 0, updated: 0, enabled: 0, disabled: 0, failed: 0 });
	expect(control.writes()).toEqual([]);
	expect(entra.writes()).toEqual([]);
}

/** As on the day it was bought. */
function empty(system: System): void {
	const { scim, yeastar } = stage.sandbox.control;
	if (system === 'scim') scim.state.accounts.clear();
	else yeastar.state.pbx.extensions.clear();
}

function renameEverybody(surname: string): void {
	for (const user of directory().values()) user.surname = surname;
}

/**
 * How tokens of the directory begin: their header is the same in all of them. Those of Yeastar are
 * known to its sessions.
 */
async function tokenBeginnings(): Promise<string[]> {
	const { authority, graph, tenantId, clientId, clientSecret } = stage.sandbox.entra;
	const answer = await fetch(`${authority}/${tenantId}/oauth2/v2.0/token`, {
		method: 'POST',
		body: new URLSearchParams({
			grant_type: 'client_credentials',
			client_id: clientId,
			client_secret: clientSecret,
			scope: `${graph}/.default`,
		}),
	});
	const { access_token: token } = z.object({ access_token: z.string() }).parse(await answer.json());
	return [
		`${token.split('.')[0] ?? token}.`,
		...stage.sandbox.control.yeastar.state.sessions.tokens,
	];
}

const CREATE_SCIM = { method: 'POST', path: '/Users$' };
const CREATE_YEASTAR = { path: 'extension/create' };

interface Story {
	readonly name: string;
	readonly file: string;
	readonly system: System;
	readonly moments: ReadonlyArray<Moment | (() => Promise<Moment>)>;
	/** What happens before the first of them; gives what has to be so in the end. */
	readonly before?: (workflow: StoredWorkflow) => Promise<() => void>;
}

const STORIES: readonly Story[] = [
	{
		name: 'without a memory, to a system with numbers',
		file: 'sync-users-to-phone-system.json',
		system: 'yeastar',
		moments: [
			{ at: 'an account is made', place: 'yeastar', request: CREATE_YEASTAR, done: true },
			{
				at: 'the 40th account is asked for',
				place: 'yeastar',
				request: { ...CREATE_YEASTAR, after: 39 },
				done: false,
			},
			{
				at: 'an account is changed',
				place: 'yeastar',
				request: { path: 'extension/update', after: 3 },
				done: true,
			},
		],
	},
	{
		name: 'with its memory in tables',
		file: 'sync-users-with-memory.json',
		system: 'scim',
		moments: [
			{
				at: 'the directory is read',
				place: 'entra',
				request: { method: 'GET', path: '/users' },
				done: false,
			},
			{
				at: 'the 20th account is made',
				place: 'scim',
				request: { ...CREATE_SCIM, after: 19 },
				done: true,
			},
			// The last write of the run: all is done, and nothing of it is remembered.
			async () => ({
				at: 'the last leaver is disabled',
				place: 'scim',
				request: {
					method: 'PATCH',
					after: (await updatesLeft('sync-users-with-memory.json', 'scim')) - 1,
				},
				done: true,
			}),
		],
	},
	{
		name: 'both ways',
		file: 'sync-both-ways.json',
		system: 'scim',
		before: editBothSides,
		moments: [
			{
				at: 'the phone system took a value',
				place: 'scim',
				request: { method: 'PATCH', path: '/Users/' },
				done: true,
			},
			{
				at: 'the directory took the values',
				place: 'entra',
				// The first one reads.
				request: { method: 'POST', path: 'batch', after: 1 },
				done: true,
			},
		],
	},
];

/** Of the plan as it is now: accounts to be updated or disabled, one request each. */
async function updatesLeft(file: string, system: System): Promise<number> {
	const execution = await stage.api.run(await prepare(file, system, true), START);
	const [item] = execution.items('Report');
	const { preview } = reported.parse(item).report;
	return preview.updated + preview.disabled;
}

const reported = z.object({
	report: z.object({ preview: z.object({ updated: z.number(), disabled: z.number() }) }),
});

const directory = () => stage.sandbox.control.entra.state.users;
const scimAccounts = () => stage.sandbox.control.scim.state.accounts;

async function editBothSides(workflow: StoredWorkflow): Promise<() => void> {
	// What the first one remembers, the second one reads.
	await run(workflow);
	const execution = await stage.api.run(workflow, START);
	const pairs = execution.items('Remembered links').flatMap(({ userId, extensionId }) => {
		const user = directory().get(String(userId));
		const account = scimAccounts().get(String(extensionId));
		const isFree = user?.accountEnabled && user.onPremisesSyncEnabled === null && user.jobTitle;
		return user && account && isFree && account.title === user.jobTitle ? [{ user, account }] : [];
	});
	expect(pairs.length).toBeGreaterThan(11);
	const edited = pairs.slice(0, 12).map((pair, n) => ({ ...pair, title: `Edit ${String(n)}` }));
	edited.forEach(({ user, account, title }, n) => {
		if (n % 2 === 0) user.jobTitle = title;
		else account.title = title;
	});
	return () => {
		for (const { user, account, title } of edited) {
			expect([directory().get(user.id)?.jobTitle, scimAccounts().get(account.id)?.title]).toEqual([
				title,
				title,
			]);
		}
	};
}

// One story after the other, each going on with what the one before left.
describe('A run that is killed with kill -9', () => {
	beforeAll(async () => {
		const setUp = forSystem(template('set-up.json'), 'scim', stage.credentials, stage.nodeTypes);
		await stage.api.run(await stage.api.createWorkflow(setUp), 'Set up now');
	}, 300_000);

	it.each(STORIES)(
		'is finished by the next, without doubles: $name',
		async ({ file, system, moments, before }) => {
			const workflow = await prepare(file, system);
			const fromTheBeginning = doubles(system);
			const check = await before?.(workflow);
			for (const each of moments) {
				const { at, ...moment } = typeof each === 'function' ? await each() : each;
				const execution = await runUntil(workflow, { at, ...moment });
				await stage.n8n.killAndRestart();
				expect({ at, doubles: doubles(system) }).toEqual({ at, doubles: fromTheBeginning });
				expect((await stage.api.finished(execution)).status).not.toBe('success');
			}
			await settles(workflow, system);
			expect(doubles(system)).toEqual(fromTheBeginning);
			check?.();
		},
		600_000,
	);
});

describe('A run that is cancelled from the editor', () => {
	it('writes nothing more, and is finished by the next', async () => {
		const { scim } = stage.sandbox.control;
		const workflow = await prepare('sync-users-with-memory.json', 'scim');
		renameEverybody('Cancelled');
		const update = { method: 'PATCH', path: '/Users/', after: 10 };
		const execution = await runUntil(workflow, {
			at: 'an account is changed',
			place: 'scim',
			request: update,
			done: true,
		});
		await stage.api.cancel(execution);
		expect((await stage.api.finished(execution)).status).toBe('canceled');
		scim.clearRequests();
		await wait(500);
		expect(scim.requests()).toEqual([]);
		await settles(workflow, 'scim');
		expect(doubles('scim')).toEqual([]);
	}, 300_000);
});

describe('Two runs at the same time', () => {
	it.each([
		['yeastar', 'sync-users-to-phone-system.json'],
		['scim', 'sync-users-to-phone-system.json'],
	] as const)(
		'make nobody two accounts on %s, and the next run ends right',
		async (system, file) => {
			empty(system);
			const workflow = await prepare(file, system);
			const { api } = stage;
			const both = await Promise.all([api.start(workflow, START), api.start(workflow, START)]);
			for (const id of both) await api.finished(id);
			expect(accounts(system).length).toBeGreaterThan(100);
			expect(doubles(system)).toEqual([]);
			await settles(workflow, system);
			expect(doubles(system)).toEqual([]);
		},
		300_000,
	);
});

describe('What such runs leave behind', () => {
	it('holds no secret, token or password: not the database, not the log, not any file', async () => {
		const tokens = await tokenBeginnings();
		const { passwords } = stage.sandbox.control.yeastar.state.pbx;
		const secrets = [
			...[...stage.secrets.values()].flatMap((fields) =>
				Object.entries(fields).flatMap(([name, value]) =>
					/secret|token|password|apiKey/i.test(name) && typeof value === 'string' ? [value] : [],
				),
			),
			...[...passwords.values()].slice(-50).flatMap((each) => Object.values(each)),
			...tokens,
		].filter((secret) => secret.length >= 8);
		expect(secrets.length).toBeGreaterThan(100);

		const files = readdirSync(stage.n8n.folder, { recursive: true, encoding: 'utf8' })
			.filter((name) => !name.includes('node_modules'))
			.map((name) => join(stage.n8n.folder, name))
			.filter((name) => statSync(name).isFile());
		const read = files.map((name) => [name, readFileSync(name, 'latin1')] as const);
		// The runs themselves are in there, so what is searched is what is stored.
		const [someone] = scimAccounts().values();
		expect(read.some(([, text]) => text.includes(someone?.userName ?? 'nobody'))).toBe(true);
		const found = read.flatMap(([name, text]) =>
			secrets.filter((secret) => text.includes(secret)).map((secret) => ({ name, secret })),
		);
		expect(found).toEqual([]);
	}, 60_000);
});
