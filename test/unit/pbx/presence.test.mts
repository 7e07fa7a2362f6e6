/** Whoever was made since the plan is not made again, where the phone system would allow it. */
import { applyChanges } from '../../../pbx/apply.ts';
import type { Task } from '../../../pbx/judgement.ts';
import type { Extension } from '../../../sync/item.ts';
import { CAPABILITIES, extension, inMemory } from './phone-system.mts';

const LAX = { ...CAPABILITIES, sharedEmail: true };
const WRITE = { dryRun: false, mayDelete: true };
const ADA = { displayName: 'Ada Berg', email: 'ada@example.com' };

function newcomer(values: Readonly<Record<string, string>> = ADA, userId = 'ada'): Task {
	const pbx = Object.fromEntries(
		Object.entries(values).map(([name, to]) => [name, { from: null, to }]),
	);
	return { change: { kind: 'create', number: '301', pbx, directory: {} }, userId };
}

async function outcomeOf(task: Task, there: Extension, capabilities = LAX) {
	const phones = inMemory([there]);
	const [applied] = await applyChanges(phones.system, capabilities, [task], WRITE);
	return { ...applied?.outcome, writes: phones.writes, reads: phones.reads };
}
const held = { result: 'held', because: { code: 'change.alreadyThere' }, writes: [] };

it.each([
	['the same object id', extension('a', { externalId: 'ADA', fields: {} })],
	['the same name and mail address', extension('a', { fields: { ...ADA } })],
	[
		'the same in other letters',
		extension('a', { fields: { displayName: 'ADA BERG', email: 'Ada@Example.com' } }),
	],
])('an account with %s is theirs', async (_, there) => {
	expect(await outcomeOf(newcomer(), there)).toMatchObject(held);
});

it.each([
	['another object id', extension('a', { externalId: 'ben', fields: { ...ADA } })],
	[
		'only the mail address of a family',
		extension('a', { fields: { displayName: 'Ben Berg', email: ADA.email } }),
	],
	[
		'only the same name',
		extension('a', { fields: { displayName: ADA.displayName, email: 'a.berg@example.com' } }),
	],
])('an account with %s is not', async (_, there) => {
	expect(await outcomeOf(newcomer(), there)).toMatchObject({ result: 'created' });
});

it('without a name nobody can be told from others with the same mail address', async () => {
	const there = extension('a', { fields: { email: ADA.email } });
	expect(await outcomeOf(newcomer({ email: ADA.email }), there)).toMatchObject({
		result: 'created',
	});
});

it('where the phone system refuses a second mail address by itself, nothing more is read', async () => {
	const there = extension('a', { fields: { ...ADA } });
	const { reads } = await outcomeOf(newcomer(), there, CAPABILITIES);
	expect(reads).toEqual([]);
});
