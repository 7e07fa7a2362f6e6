/** One run of the workflow: read both sides, plan, write, clean up, remember. */
import { openGraph } from '../../entra/graph.ts';
import type { UserQuery } from '../../entra/scope.ts';
import { readUsers } from '../../entra/users.ts';
import { withRetry } from '../../http/retry.ts';
import { removal, toOutcome, type Cleaned } from '../../nodes/UnmatchedCleaner/outcomes.ts';
import { applyChanges } from '../../pbx/apply.ts';
import type { PhoneSystem } from '../../pbx/adapter.ts';
import { planCleanup } from '../../sync/cleanup.ts';
import { wholeness } from '../../sync/guard.ts';
import type { ContactItem, Link, ReadMark, UnmatchedItem } from '../../sync/item.ts';
import { compileMapping } from '../../sync/mapping.ts';
import type { MappingRow } from '../../sync/mapping-row.ts';
import { plan } from '../../sync/plan.ts';
import { readExtensionList } from '../../sync/extension-list.ts';
import { linkOf } from '../../sync/report/links.ts';
import type { ReportedOutcome } from '../../sync/report/material.ts';
import type { Chance } from './chance.mts';
import { GRAPH, type Tenant } from './directory.mts';
import type { Network, Run } from './network.mts';
import type { Phones } from './phones.mts';

export interface World {
	readonly chance: Chance;
	readonly network: Network;
	readonly tenant: Tenant;
	readonly phones: Phones;
	/** Milliseconds; pauses move it on. */
	readonly clock: { now: number };
	/** Rows of the links table; two runs at once may both insert one. */
	readonly links: Link[];
	/**
	 * Who may make people, and since when, where the system would let them be made twice. A run that
	 * is killed never gives it back; as in `nodes/host/turn.ts` it counts for a while then.
	 */
	turn: { readonly run: Run; readonly at: number } | null;
}

const QUERY: UserQuery = {
	scope: { kind: 'all' },
	filter: { userType: 'members', includeDisabled: true, conditions: [], combine: 'and', raw: null },
	leaveOut: [],
	optIn: null,
	attributes: ['mail', 'givenName', 'surname', 'jobTitle'],
	includeDeleted: true,
	includeOutOfScope: false,
};

const row = (field: string, attribute: string): MappingRow => ({
	field,
	source: { kind: 'attribute', attribute },
	transforms: [],
	whenEmpty: 'leave',
	onInvalid: 'reject',
	when: 'always',
	direction: 'toPbx',
});
const ROWS = [
	row('email', 'mail'),
	row('firstName', 'givenName'),
	row('lastName', 'surname'),
	row('jobTitle', 'jobTitle'),
];

const SILENT_MS = 90_000;
const ANY = { maxCount: 1000, maxPercent: 100, floor: 3 };

/** Rejects as a run in n8n ends when a node of it throws: what came later did not happen. */
export async function pass(world: World, run: Run): Promise<void> {
	const { network, phones, tenant } = world;
	const now = new Date(world.clock.now).toISOString();
	const users = mapped(
		await readUsers(openGraph(patient(world, run, tenant), GRAPH), QUERY),
		{ id: `${run.name} users`, of: 'users', scope: 'whole' },
		phones,
	);
	const { signal } = run.cancelling;
	const { definition, credential } = phones;
	const http = patient(world, run, phones);
	const system = definition.open({ http, credential, signal, pageSize: 4 });
	const items: ReportedOutcome[] = [];
	try {
		const extensions = await system.list();
		const links = await network.step(run, 'read links', () => [...world.links]);
		const mark: ReadMark = {
			id: `${run.name} extensions`,
			of: 'extensions',
			system: definition.name,
			count: extensions.length,
			scope: 'whole',
		};
		const arrived = { marks: [mark], distinct: extensions.length, broken: 0 };
		const hasNumbers = definition.capabilities.numbers !== 'none';
		const planned = plan({
			users,
			extensions,
			links,
			usersRead: wholeness({
				of: 'users',
				marks: users.map(({ read }) => read),
				distinct: users.length,
				broken: 0,
			}),
			extensionsRead: { ...wholeness({ of: 'extensions', ...arrived }), mark },
			facts: definition.capabilities,
			fields: definition.fields,
			settings: {
				matchBy: new Set(['link', 'externalId', 'email']),
				adopt: true,
				enable: 'paired',
				includeDisabled: true,
				numbering: hasNumbers
					? { method: 'nextFree', pools: [{ name: 'All', ranges: '200-260' }], reserved: '203' }
					: { method: 'none', pools: [], reserved: '' },
			},
			now,
			listUnchanged: false,
		});
		const tasks = planned.changes.map(({ change, user }) => ({ change, userId: user.id }));
		const options = { dryRun: false, mayDelete: true, at: now };
		const mayDouble =
			definition.capabilities.sharedEmail && tasks.some(({ change }) => change.kind === 'create');
		// Somebody has to approve it, and another run may have done the same before.
		for (let wait = mayDouble ? world.chance.of([0, 0, 25]) : 0; wait > 0; wait--)
			await network.step(run, 'wait for approval', () => undefined);
		const at = world.clock.now;
		const isOurs = !mayDouble || world.turn === null || at - world.turn.at > SILENT_MS;
		if (mayDouble && isOurs) world.turn = { run, at };
		const applied = isOurs
			? await applyChanges(system, definition.capabilities, tasks, options)
			: [];
		planned.changes.forEach((item, index) => {
			const { outcome } = applied[index] ?? {};
			if (outcome) items.push({ ...item, outcome });
		});
		items.push(...(await cleanUp(world, system, planned.unmatched, links, now)));
	} finally {
		if (world.turn?.run === run) world.turn = null;
		await system.close();
	}
	for (const item of items) {
		const remembered = linkOf(item);
		if (!remembered) continue;
		const { state, link } = remembered;
		await network.step(run, `remember ${link.userId}`, () => remember(world.links, state, link));
	}
}

async function cleanUp(
	{ phones: { definition } }: World,
	system: PhoneSystem,
	items: readonly UnmatchedItem[],
	links: readonly Link[],
	now: string,
): Promise<ReportedOutcome[]> {
	const rows = new Map(links.map((link) => [link.extensionId, link]));
	const since = links.flatMap(
		({ extensionId, disabledAt }): Array<[string, string]> =>
			disabledAt ? [[extensionId, disabledAt]] : [],
	);
	const steps = planCleanup(items, {
		ladder: { disabled: 'delete', deleted: 'delete', outOfScope: 'disable', notFound: 'disable' },
		deleteAfterDays: 2,
		includeNeverPaired: false,
		protected: readExtensionList('', 'Protected Extensions'),
		limits: { disable: ANY, delete: ANY },
		overrides: [],
		done: [],
		windowHours: 24,
		since: new Map(since),
		canDisable: true,
		canDelete: true,
		now,
		zone: 'utc',
	});
	const due = items.flatMap((item, index) => {
		const act = steps[index]?.act;
		return act === 'disable' || act === 'delete' ? [{ item, kind: act }] : [];
	});
	const tasks = due.map(({ item, kind }) => ({
		change: removal(kind, item),
		userId: item.evidence.userId,
	}));
	const options = { dryRun: false, mayDelete: true };
	const applied = await applyChanges(system, definition.capabilities, tasks, options);
	const cleaned = due.map(({ item, kind }, index): Cleaned => {
		const { result = 'held', because = null } = applied[index]?.outcome ?? {};
		return { item, kind, result, because, decision: '' };
	});
	items.forEach((item, index) => {
		const step = steps[index];
		if (step?.act !== 'none') return;
		const { decision, counting } = step;
		cleaned.push({ item, kind: 'disable', result: 'unchanged', because: null, decision, counting });
	});
	return cleaned.map((each) => {
		const circumstances = { dryRun: false, now, row: rows.get(each.item.extension.id) };
		return toOutcome(each, circumstances) as ReportedOutcome; // of what is not 'ignored'
	});
}

/** As the shipped template does it: new rows are inserted, changed ones put over those of the user. */
function remember(links: Link[], state: 'new' | 'changed', link: Link): void {
	const known = links.filter(({ userId }) => userId === link.userId);
	if (state === 'new' || known.length === 0) links.push(link);
	else for (const each of known) links[links.indexOf(each)] = link;
}

function mapped(
	{ users }: Awaited<ReturnType<typeof readUsers>>,
	read: Omit<ReadMark, 'count'>,
	{ definition }: Phones,
): ContactItem[] {
	const compiled = compileMapping(ROWS, definition.fields, { defaultCountry: null });
	if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
	const mark = { ...read, count: users.length };
	return users.map(({ user, decisions }) => {
		const made = user.status === 'active' ? compiled.mapping.map(user) : null;
		return { user, read: mark, contact: made?.ok ? made.contact : null, decisions };
	});
}

function patient({ network, chance, clock }: World, run: Run, server: Tenant | Phones) {
	return withRetry(network.portOf(run, server), {
		random: chance.next,
		now: () => clock.now,
		signal: run.cancelling.signal,
		pause: async (ms, signal) => {
			clock.now += ms;
			signal?.throwIfAborted();
		},
	});
}
