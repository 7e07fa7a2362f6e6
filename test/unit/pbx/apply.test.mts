import type { Applied } from '../../../pbx/apply.ts';
import { applyChanges } from '../../../pbx/apply.ts';
import type { Task } from '../../../pbx/judgement.ts';
import { fingerprint } from '../../../sync/fingerprint.ts';
import type { Extension, FieldChanges } from '../../../sync/item.ts';
import type { InMemory } from './phone-system.mts';
import { CAPABILITIES, extension, inMemory, trouble } from './phone-system.mts';

const WRITE = { dryRun: false, mayDelete: true };
const title: FieldChanges = { jobTitle: { from: null, to: 'Analyst' } };

function creation(number: string, userId = `user-${number}`): Task {
	const pbx = { firstName: { from: null, to: 'Ada' }, jobTitle: { from: null, to: null } };
	return { change: { kind: 'create', number, pbx, directory: {} }, userId };
}

function update(on: Extension, pbx = title): Task {
	const basedOn = fingerprint(on);
	const { id } = on;
	return {
		change: { kind: 'update', extensionId: id, pbx, directory: {}, basedOn },
		userId: `user-${id}`,
	};
}

function removal(kind: 'disable' | 'delete', on: Extension): Task {
	return { change: { kind, extensionId: on.id, basedOn: fingerprint(on) }, userId: null };
}

const results = (applied: readonly Applied[]) => applied.map(({ outcome }) => outcome.result);
const reasons = (applied: readonly Applied[]) =>
	applied.map(({ outcome }) => outcome.because?.code ?? null);
const apply = async ({ system }: InMemory, tasks: Task[], options = WRITE) =>
	await applyChanges(system, CAPABILITIES, tasks, options);

describe('applying changes', () => {
	const a = extension('a');
	const b = extension('b', { enabled: false });
	const c = extension('c');

	it('writes each planned change once and tells what became of it, in the order of the plan', async () => {
		const phones = inMemory([a, b, c]);
		const applied = await apply(phones, [
			creation('301'),
			update(a),
			{
				change: { ...update(b).change, kind: 'enable' } as Task['change'],
				userId: 'user-b',
			},
			removal('disable', c),
		]);
		expect(results(applied)).toEqual(['created', 'updated', 'enabled', 'disabled']);
		expect([...phones.writes].sort()).toEqual(
			['create 301', 'disable c', 'enable b', 'update a', 'update b'].sort(),
		);
		expect(phones.accounts.get('a')?.fields['jobTitle']).toBe('Analyst');
		expect(phones.accounts.get('b')).toMatchObject({
			enabled: true,
			fields: { jobTitle: 'Analyst' },
		});
	});

	it('writes the mark together with the fields, and says when it was not kept', async () => {
		const marked = { ...title, externalId: { from: null, to: 'user-a' } };
		const phones = inMemory([a, b]);
		expect(results(await apply(phones, [update(a, marked)]))).toEqual(['updated']);
		expect(phones.accounts.get('a')).toMatchObject({
			externalId: 'user-a',
			fields: { jobTitle: 'Analyst' },
		});
		expect(results(await apply(phones, [update(a, marked)]))).toEqual(['unchanged']);
		const forgetful = inMemory([c]);
		const forgets = {
			...forgetful,
			system: { ...forgetful.system, update: async () => extension('c') },
		};
		const refused = await apply(forgets, [update(c, marked)]);
		expect(results(refused)).toEqual(['failed']);
		expect(reasons(refused)).toEqual(['account.markNotKept']);
	});

	it('has every new person welcomed once, and says whose mail was not sent', async () => {
		const phones = inMemory([a]);
		const welcomed: string[] = [];
		const system = {
			...phones.system,
			welcome: async ({ id, number }: Extension) => {
				if (number === '302') throw trouble('account.refused');
				welcomed.push(id);
			},
		};
		const tasks = [creation('301'), creation('302'), update(a)];
		const applied = await apply({ ...phones, system }, tasks);
		expect(results(applied)).toEqual(['created', 'created', 'updated']);
		expect(reasons(applied)).toEqual([null, 'account.notWelcomed', null]);
		expect(applied[1]?.outcome.link).toMatchObject({ userId: 'user-302' });
		expect(welcomed).toHaveLength(1);
		await apply({ ...phones, system }, [creation('303')], { ...WRITE, dryRun: true });
		expect(welcomed).toHaveLength(1);
	});

	it('remembers the pairing of a person with the extension that was made', async () => {
		const [{ outcome } = FAILED] = await apply(inMemory([]), [creation('301')]);
		expect(outcome.link).toEqual({
			userId: 'user-301',
			extensionId: 'new-1',
			number: '301',
			state: 'active',
		});
	});

	it('sends only what has a value when it makes an account', async () => {
		const phones = inMemory([]);
		await apply(phones, [creation('301')]);
		expect(phones.accounts.get('new-1')).toMatchObject({
			fields: { firstName: 'Ada' },
			externalId: 'user-301',
		});
		expect(phones.accounts.get('new-1')?.fields).not.toHaveProperty('jobTitle');
	});

	it('holds a change whose extension was changed by somebody in between', async () => {
		const phones = inMemory([{ ...a, fields: { ...a.fields, firstName: 'Changed' } }]);
		const applied = await apply(phones, [update(a), removal('disable', c)]);
		expect(reasons(applied)).toEqual(['change.stale', 'change.gone']);
		expect(results(applied)).toEqual(['held', 'held']);
		expect(phones.writes).toEqual([]);
	});

	it('finds nothing left to do when the same plan is applied again', async () => {
		const phones = inMemory([a, b, c]);
		const plan = [update(a), removal('disable', c), removal('delete', b)];
		await apply(phones, plan);
		phones.writes.length = 0;
		const again = await apply(phones, plan);
		expect(results(again)).toEqual(['unchanged', 'unchanged', 'unchanged']);
		expect(phones.writes).toEqual([]);
	});

	it('remembers a pairing without writing, but only of the extension as it was planned', async () => {
		const phones = inMemory([a, { ...b, number: '999' }]);
		const applied = await apply(phones, [update(a, {}), update(b, {})]);
		expect(results(applied)).toEqual(['unchanged', 'held']);
		expect(applied.map(({ outcome }) => outcome.link?.extensionId)).toEqual(['a', undefined]);
		expect(phones.writes).toEqual([]);
	});

	it('checks everything and writes nothing in a dry run', async () => {
		const phones = inMemory([a, { ...c, number: '999' }]);
		const plan = [creation('301'), update(a), removal('disable', c)];
		const applied = await apply(phones, plan, { dryRun: true, mayDelete: true });
		expect(results(applied)).toEqual(['created', 'updated', 'held']);
		expect(applied.every(({ outcome }) => outcome.dryRun && outcome.link === null)).toBe(true);
		expect(phones.writes).toEqual([]);
	});

	it('does not let one refused account stop the others', async () => {
		const phones = inMemory([a, c], (call) => {
			if (call === 'create 301') throw trouble('account.refused');
		});
		const applied = await apply(phones, [creation('301'), update(a), removal('disable', c)]);
		expect(results(applied)).toEqual(['failed', 'updated', 'disabled']);
		expect(reasons(applied)).toEqual(['account.refused', null, null]);
	});

	it('holds what is left when the system stops answering, and does not hammer it', async () => {
		let calls = 0;
		const phones = inMemory([], (call) => {
			calls += 1;
			if (call !== 'create 300') throw trouble('network.timedOut');
		});
		const applied = await apply(
			phones,
			range(40).map((n) => creation(String(300 + n))),
		);
		expect(applied[0]?.outcome.result).toBe('created');
		expect(applied.at(-1)?.outcome.because?.code).toBe('apply.stopped');
		expect(results(applied).filter((result) => result === 'held').length).toBeGreaterThan(30);
		expect(calls).toBeLessThan(10);
	});

	it('stops at the first refused sign-in', async () => {
		let calls = 0;
		const phones = inMemory([], () => {
			calls += 1;
			if (calls > 1) throw trouble('signIn.refused');
		});
		const applied = await apply(
			phones,
			range(20).map((n) => creation(String(300 + n))),
		);
		expect(results(applied).filter((result) => result === 'created')).toHaveLength(1);
		expect(calls).toBeLessThanOrEqual(1 + CAPABILITIES.concurrency);
	});

	it('rejects as a whole when nothing was written and no account is the cause', async () => {
		const phones = inMemory([], () => {
			throw trouble('network.refused');
		});
		await expect(apply(phones, [creation('301')])).rejects.toThrow('What of network.refused.');
	});

	it('reads few extensions one by one, and many with one list', async () => {
		const many = range(60).map((n) => extension(String(n)));
		const few = inMemory(many);
		await apply(
			few,
			many.slice(0, 3).map((each) => update(each)),
		);
		expect(few.reads).toEqual(['get 0', 'get 1', 'get 2']);
		const all = inMemory(many);
		await apply(
			all,
			many.map((each) => update(each)),
		);
		expect(all.reads).toEqual(['list']);
		expect(all.writes).toHaveLength(60);
	});

	it('writes an extension or a user once, even when the plan names them twice', async () => {
		const phones = inMemory([a]);
		const applied = await apply(phones, [
			update(a),
			update(a),
			creation('301'),
			creation('302', 'user-301'),
		]);
		expect(reasons(applied)).toEqual([null, 'change.twice', null, 'change.twice']);
		expect(phones.writes).toHaveLength(2);
	});

	it('does not delete for an AI agent', async () => {
		const phones = inMemory([a]);
		const applied = await apply(phones, [removal('delete', a)], {
			dryRun: false,
			mayDelete: false,
		});
		expect(reasons(applied)).toEqual(['change.mayNotDelete']);
		expect(phones.accounts.has('a')).toBe(true);
	});

	it('says what a system cannot do instead of trying', async () => {
		const { system, writes } = inMemory([a, b]);
		const weak = { ...CAPABILITIES, canCreate: false, canDelete: false, disable: 'none' } as const;
		const plan = [creation('301'), removal('disable', a), removal('delete', b)];
		expect(reasons(await applyChanges(system, weak, plan, WRITE))).toEqual([
			'system.cannot.create',
			'system.cannot.disable',
			'system.cannot.delete',
		]);
		expect(writes).toEqual([]);
	});

	it('tells which extension was deleted', async () => {
		const [applied = FAILED] = await apply(inMemory([a]), [removal('delete', a)]);
		expect(applied.outcome).toMatchObject({ result: 'deleted', extensionId: 'a', number: '20a' });
		expect(applied).toMatchObject({ extension: null, outcome: { link: null } });
	});
});

const range = (length: number) => Array.from({ length }, (_, n) => n);

const FAILED: Applied = {
	extension: null,
	before: null,
	outcome: {
		result: 'failed',
		extensionId: null,
		number: null,
		because: null,
		dryRun: false,
		link: null,
	},
};
