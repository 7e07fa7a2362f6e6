/** Do and undo, on a phone system in memory. */
import fc from 'fast-check';
import { applyChanges } from '../../pbx/apply.ts';
import type { FieldDefinition } from '../../sync/contact.ts';
import { fingerprint } from '../../sync/fingerprint.ts';
import type { Change, Extension, FieldChanges } from '../../sync/item.ts';
import { journalRow } from '../../sync/report/journal.ts';
import { planUndo, type UndoInput, type Written } from '../../sync/undo.ts';
import { CAPABILITIES, extension, inMemory, type InMemory } from '../unit/pbx/phone-system.mts';

const NAMES = ['firstName', 'email', 'jobTitle'] as const;
const FIELDS: FieldDefinition[] = NAMES.map((name) => ({ name, displayName: name, type: 'text' }));

const value = fc.constantFrom(null, '', 'a', 'b', 'c');
const contact = fc.record({ firstName: value, email: value, jobTitle: value });

/** One account, what a run does to it, and what people do to it afterwards. */
const story = fc.record({
	before: contact,
	enabled: fc.boolean(),
	kind: fc.constantFrom('update', 'enable', 'disable', 'create', 'delete', 'none' as const),
	wanted: fc.record({ firstName: value, email: value, jobTitle: value }, { requiredKeys: [] }),
	later: fc.option(fc.record({ firstName: value, email: value }, { requiredKeys: [] })),
});
const stories = fc.array(story, { minLength: 1, maxLength: 6 });
type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

function changesTo(wanted: Story['wanted'], now: Extension | null): FieldChanges {
	const all = Object.entries(wanted).map(([name, to]) => {
		const from = now?.fields[name] || null;
		return [name, { from, to: to || null }] as const;
	});
	return Object.fromEntries(all.filter(([, { from, to }]) => from !== to));
}

function changeFor({ kind, wanted }: Story, on: Extension): Change | null {
	const pbx = changesTo(wanted, kind === 'create' ? null : on);
	const directory = {};
	const basedOn = fingerprint(on);
	switch (kind) {
		case 'none':
			return null;
		case 'create':
			return { kind, number: `9${on.id}`, pbx, directory };
		case 'disable':
		case 'delete':
			return { kind, extensionId: on.id, basedOn };
		default: {
			// What is in use already is only ever updated.
			const planned = on.enabled ? 'update' : kind;
			return { kind: planned, extensionId: on.id, pbx, directory, basedOn };
		}
	}
}

/** Does the run, and gives the rows Sync Report would keep of it. */
async function run(
	phones: InMemory,
	all: readonly Story[],
	on: (each: Story, index: number) => Extension | undefined = account,
): Promise<Written[]> {
	const tasks = all.flatMap((each, index) => {
		const extension = on(each, index);
		const change = extension ? changeFor(each, extension) : null;
		return change ? [{ change, userId: `u${String(index)}` }] : [];
	});
	const applied = await applyChanges(phones.system, CAPABILITIES, tasks, {
		dryRun: false,
		mayDelete: true,
	});
	return applied.flatMap(({ outcome, extension: after }, index) => {
		const change = tasks[index]?.change;
		if (!change) return [];
		// As PBX Target hands it on: the account as it is after the write.
		const item = { outcome, change, decisions: [], ...(after ? { extension: after } : {}) };
		const row = journalRow(item, { runId: '7', at: '2026-11-23T06:00:00Z', system: 'toy' });
		if (row === null || row.extensionId === null) return [];
		const changes = JSON.parse(row.changes) as Written['changes'];
		return [{ runId: '7', extensionId: row.extensionId, kind: change.kind, changes }];
	});
}

async function undo(phones: InMemory, rows: readonly Written[], changed: Partial<UndoInput> = {}) {
	const steps = planUndo({
		rows,
		current: new Map(phones.accounts),
		fields: FIELDS,
		can: { disable: true, delete: true, changeNumber: false },
		deleteCreated: false,
		...changed,
	});
	for (const round of [0, 1]) {
		const tasks = steps.flatMap(({ changes, extensionId }) => {
			const change = changes[round];
			const now = phones.accounts.get(extensionId);
			if (!change || !now) return [];
			const basedOn = round === 0 ? {} : { basedOn: fingerprint(now) };
			return [{ change: { ...change, ...basedOn } as Change, userId: null }];
		});
		await applyChanges(phones.system, CAPABILITIES, tasks, { dryRun: false, mayDelete: true });
	}
	return steps;
}

function account({ before, enabled }: Story, index: number): Extension {
	return extension(String(index), { enabled, fields: before });
}

function world(all: readonly Story[]): InMemory {
	return inMemory(all.map(account));
}

const filled = ({ fields }: Extension) =>
	Object.fromEntries(NAMES.map((name) => [name, fields[name] || null]));

function holds(name: string, property: fc.IAsyncProperty<unknown>): void {
	it(name, async () => {
		await fc.assert(property, { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 500) });
	});
}

describe('Taking a run back', () => {
	holds(
		'restores every field and every switch the run wrote, and puts what it created out of use',
		fc.asyncProperty(stories, async (all) => {
			const phones = world(all);
			const before = new Map(phones.accounts);
			const first = await run(phones, all);
			// A run may write to somebody more than once, as when two nodes carry it out.
			const second = await run(
				phones,
				all.map((each) => ({ ...each, kind: 'update', wanted: each.later ?? {} })),
				(_, index) => phones.accounts.get(String(index)),
			);
			await undo(phones, [...first, ...second]);
			for (const [id, was] of before) {
				if (all[Number(id)]?.kind === 'delete') continue;
				const now = phones.accounts.get(id);
				expect(now && filled(now)).toEqual(filled(was));
				expect(now?.enabled).toBe(was.enabled);
			}
			for (const [id, now] of phones.accounts) if (!before.has(id)) expect(now.enabled).toBe(false);
		}),
	);

	holds(
		'never touches a value that somebody put in afterwards',
		fc.asyncProperty(stories, async (all) => {
			const phones = world(all);
			const rows = await run(phones, all);
			const edited = new Map<string, Extension>();
			all.forEach(({ later }, index) => {
				const now = phones.accounts.get(String(index));
				if (!now || !later) return;
				const marked = Object.keys(later).map((name) => [name, `by hand ${name}`] as const);
				const next = { ...now, fields: { ...now.fields, ...Object.fromEntries(marked) } };
				phones.accounts.set(now.id, next);
				edited.set(now.id, next);
			});
			await undo(phones, rows);
			for (const [id, byHand] of edited) {
				for (const [name, text] of Object.entries(byHand.fields)) {
					if (text?.startsWith('by hand')) expect(phones.accounts.get(id)?.fields[name]).toBe(text);
				}
			}
		}),
	);

	holds(
		'twice writes nothing the second time',
		fc.asyncProperty(stories, async (all) => {
			const phones = world(all);
			const rows = await run(phones, all);
			await undo(phones, rows);
			const writes = phones.writes.length;
			await undo(phones, rows);
			expect(phones.writes.length).toBe(writes);
		}),
	);

	holds(
		'touches only extensions the run wrote to, and recreates nothing it deleted but says so',
		fc.asyncProperty(stories, async (all) => {
			const phones = world(all);
			const rows = await run(phones, all);
			const steps = await undo(phones, rows);
			expect(steps.map(({ extensionId }) => extensionId).sort()).toEqual(
				[...new Set(rows.map(({ extensionId }) => extensionId))].sort(),
			);
			const deleted = rows.filter(({ kind }) => kind === 'delete');
			for (const { extensionId } of deleted) {
				const step = steps.find((each) => each.extensionId === extensionId);
				expect(step?.changes).toEqual([]);
				expect(step?.kept.map(({ code }) => code)).toEqual(['undo.deleted']);
			}
		}),
	);
});
