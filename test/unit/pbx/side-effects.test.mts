/** Changes that do more on a phone system than their name says, and systems that want a last word. */
import { applyChanges } from '../../../pbx/apply.ts';
import type { Consented } from '../../../pbx/adapter.ts';
import type { Task } from '../../../pbx/judgement.ts';
import { fingerprint } from '../../../sync/fingerprint.ts';
import { plan } from '../../../sync/plan.ts';
import { extension as planned, inputOf, person } from '../plan/world.mts';
import { CAPABILITIES, extension, inMemory, trouble } from './phone-system.mts';

const SIDE_EFFECTS = { create: 'It may buy a licence.', update: 'It is removed and made anew.' };
const capabilities = { ...CAPABILITIES, sideEffects: SIDE_EFFECTS };
const a = extension('a', { enabled: false });
const basedOn = fingerprint(a);
const pbx = { jobTitle: { from: null, to: 'Analyst' } };
const tasks: Task[] = [
	{ change: { kind: 'create', number: '301', pbx, directory: {} }, userId: 'u1' },
	{ change: { kind: 'update', extensionId: 'a', pbx, directory: {}, basedOn }, userId: 'u2' },
];
const nothing: Task = {
	change: { kind: 'update', extensionId: 'a', pbx: {}, directory: {}, basedOn },
	userId: 'u2',
};
const write = (...consents: Consented[]) => ({
	dryRun: false,
	mayDelete: true,
	consents: new Set(consents),
});

describe('a change with a side effect', () => {
	it('is held until somebody consents to its kind, and says what it would do', async () => {
		const phones = inMemory([a]);
		const applied = await applyChanges(phones.system, capabilities, tasks, write());
		expect(applied.map(({ outcome }) => outcome.because)).toMatchObject([
			{ code: 'change.notAllowed.create', why: SIDE_EFFECTS.create, field: 'Allow Creating' },
			{ code: 'change.notAllowed.update', why: SIDE_EFFECTS.update, field: 'Allow Updating' },
		]);
		expect(phones.writes).toEqual([]);
	});

	it('is written with consent, each kind for itself', async () => {
		const phones = inMemory([a]);
		const applied = await applyChanges(phones.system, capabilities, tasks, write('create'));
		expect(applied.map(({ outcome }) => outcome.result)).toEqual(['created', 'held']);
		expect(phones.writes).toEqual(['create 301']);
	});

	it('is held in a dry run too, so that what is previewed is what happens', async () => {
		const dryRun = { ...write(), dryRun: true };
		const applied = await applyChanges(inMemory([a]).system, capabilities, tasks, dryRun);
		expect(applied.map(({ outcome }) => outcome.result)).toEqual(['held', 'held']);
	});

	it('needs consent when it comes along with enabling', async () => {
		const phones = inMemory([a]);
		const change = { kind: 'enable', extensionId: 'a', pbx, directory: {}, basedOn } as const;
		const enabling = [{ change, userId: 'u2' }];
		const [applied] = await applyChanges(phones.system, capabilities, enabling, write());
		expect(applied?.outcome.because?.code).toBe('change.notAllowed.update');
		expect(phones.writes).toEqual([]);
	});

	it('is not held when there is nothing to write', async () => {
		const [applied] = await applyChanges(inMemory([a]).system, capabilities, [nothing], write());
		expect(applied?.outcome.result).toBe('unchanged');
	});

	it('is told in the plan', () => {
		const users = [person('ada'), person('eda')];
		const extensions = [planned('201', { fields: { email: 'ada@example.com' } })];
		const decisions = plan(
			inputOf({ users, extensions, facts: { sideEffects: SIDE_EFFECTS } }),
		).changes.map((change) => change.decisions.at(-1));
		expect(decisions).toEqual([SIDE_EFFECTS.update, SIDE_EFFECTS.create]);
	});
});

describe('a system that puts changes into force when told to', () => {
	const consents = write('create', 'update');
	const withActivate = (activate: () => Promise<void>) => ({ ...inMemory([a]).system, activate });

	it('is told once, after the last write', async () => {
		let told = 0;
		const system = withActivate(async () => void (told += 1));
		await applyChanges(system, capabilities, tasks, consents);
		expect(told).toBe(1);
	});

	it('is not told when nothing was written', async () => {
		let told = 0;
		const system = withActivate(async () => void (told += 1));
		await applyChanges(system, capabilities, tasks, { ...consents, dryRun: true });
		await applyChanges(system, capabilities, [nothing], consents);
		expect(told).toBe(0);
	});

	it('leaves what was written as written when it does not manage, and says what is missing', async () => {
		const system = withActivate(async () => await Promise.reject(trouble('system.notInForce')));
		const applied = await applyChanges(system, capabilities, tasks, consents);
		expect(applied.map(({ outcome }) => [outcome.result, outcome.because?.code])).toEqual([
			['created', 'system.notInForce'],
			['updated', 'system.notInForce'],
		]);
		expect(applied[0]?.outcome.link).not.toBeNull();
	});
});
