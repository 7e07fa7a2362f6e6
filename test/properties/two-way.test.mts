/**
 * After CanopyCheck: one state is changed at random into both sides and into what is remembered of
 * it, and the sync runs until it comes to rest. What has to be true then hangs on no example.
 */
import fc from 'fast-check';
import { writesNothing } from '../../sync/fingerprint.ts';
import { holds } from './holds.mts';
import type { FieldName, Person, Round, Settings } from './two-sides.mts';
import { meaning, NAMES, person, rounds, settings, TwoSides } from './two-sides.mts';

/** Of each property; more than 10,000 in all. */
const CASES = 2_000;

const worlds = fc
	.record({ people: fc.array(person, { minLength: 1, maxLength: 2 }), wishes: settings })
	.chain(({ people, wishes }) =>
		fc.record({
			people: fc.constant(people),
			wishes: fc.constant(wishes),
			faults: rounds(people.length),
		}),
	);

type World = { people: Person[]; wishes: Settings; faults: Round[] };

interface AtRest {
	readonly sides: TwoSides;
	/** People who wait for somebody's decision. */
	readonly waiting: ReadonlySet<number>;
	readonly rounds: number;
}

function runToRest({ people, wishes, faults }: World): AtRest {
	const sides = new TwoSides(people, wishes);
	let count = 0;
	for (;;) {
		const planned = sides.plan();
		const waiting = new Set(planned.conflicts.map(({ user }) => Number(user.id.slice(1))));
		if (planned.changes.length === 0) return { sides, waiting, rounds: count };
		if (count > faults.length + 3) throw new Error('It never comes to rest');
		sides.round(planned, faults[count]);
		count++;
	}
}

/** What one person's field was, on both sides and before. */
function story({ base, here, there, onPremises }: Person, name: FieldName) {
	const now = { here: meaning(name, here[name]), there: meaning(name, there[name]) };
	const before = base === null ? undefined : meaning(name, base[name]);
	return {
		...now,
		onPremises,
		editedHere: before !== undefined && now.here !== before,
		editedThere: before !== undefined && now.there !== before,
		met: before !== undefined,
	};
}

function eachField(
	world: World,
	{ sides, waiting }: AtRest,
	look: (now: { here: string; there: string }, index: number, name: FieldName) => void,
): void {
	world.people.forEach((_, index) => {
		if (waiting.has(index)) return;
		for (const name of NAMES) {
			const here = meaning(name, sides.here(index, name));
			const there = meaning(name, sides.there(index, name));
			look({ here, there }, index, name);
		}
	});
}

/** A directory that is kept on-premises takes nothing, so an empty value there may stay empty. */
function mayStayApart({ onPremises, here }: { onPremises: boolean; here: string }): boolean {
	return onPremises && here === '';
}

describe('A field that flows both ways', () => {
	holds(
		'comes to rest after one round, and after one more for each round that was disturbed',
		fc.property(worlds, (world) => {
			expect(runToRest(world).rounds).toBeLessThanOrEqual(world.faults.length + 1);
			const undisturbed = runToRest({ ...world, faults: [] });
			expect(undisturbed.rounds).toBeLessThanOrEqual(1);
		}),
		CASES,
	);

	holds(
		'says the same on both sides in the end',
		fc.property(worlds, (world) => {
			eachField(world, runToRest(world), (now, index, name) => {
				const before = story(world.people[index] as Person, name);
				if (!mayStayApart(before)) expect(now.here).toBe(now.there);
			});
		}),
		CASES,
	);

	holds(
		'keeps every edit that was made on one side only',
		fc.property(worlds, (world) => {
			eachField(world, runToRest(world), (now, index, name) => {
				const { clears } = world.wishes[name];
				const before = story(world.people[index] as Person, name);
				if (!before.met || before.editedHere === before.editedThere) return;
				const edit = before.editedHere ? before.here : before.there;
				if (edit === '' && !clears) {
					// Clearing does not travel: what the other side has fills the gap again.
					expect(now.here).toBe(
						before.editedHere ? (before.onPremises ? '' : before.there) : before.here,
					);
				} else if (before.editedHere || !before.onPremises) {
					expect(before.editedHere ? now.here : now.there).toBe(edit);
				}
			});
		}),
		CASES,
	);

	holds(
		'loses a value only as its row says, and then it is in the journal',
		fc.property(worlds, (world) => {
			const rest = runToRest({ ...world, faults: [] });
			const journal = JSON.stringify(rest.sides.journal.map(({ changes }) => changes));
			eachField(world, rest, (now, index, name) => {
				const person = world.people[index] as Person;
				const before = story(person, name);
				const contested = before.met ? before.editedHere && before.editedThere : true;
				if (!contested || before.here === before.there) return;
				if (before.here === '' || before.there === '') return;
				const winner = before.onPremises ? 'directory' : world.wishes[name].wins;
				expect(winner).not.toBe('hold');
				const [kept, lost] =
					winner === 'directory'
						? [before.here, person.there[name]]
						: [before.there, person.here[name]];
				expect(now.here).toBe(kept);
				expect(journal).toContain(JSON.stringify(JSON.stringify(lost)).slice(1, -1));
			});
		}),
		CASES,
	);

	holds(
		'waits untouched, and its person with it, where a person decides',
		fc.property(worlds, (world) => {
			const { sides, waiting } = runToRest(world);
			world.people.forEach((person, index) => {
				const contested = NAMES.filter((name) => {
					const { here, there, met, editedHere, editedThere, onPremises } = story(person, name);
					const isEdited = met ? editedThere && (editedHere || onPremises) : true;
					const bothFilled = here !== '' && (there !== '' || (met && world.wishes[name].clears));
					return world.wishes[name].wins === 'hold' && here !== there && isEdited && bothFilled;
				});
				if (contested.length > 0) expect(waiting).toContain(index);
				if (!waiting.has(index)) return;
				for (const name of NAMES) {
					expect(sides.here(index, name)).toBe(person.here[name]);
					expect(sides.there(index, name)).toBe(person.there[name]);
				}
			});
		}),
		CASES,
	);

	holds(
		'says what a person decided on both sides in the end, and keeps the other value in the journal',
		fc.property(worlds, fc.constantFrom('directory', 'phoneSystem'), (world, winner) => {
			const { sides } = runToRest(world);
			const held = sides.plan().conflicts;
			if (held.length === 0) return;
			const decided = sides.planDecided(held, winner);
			expect(decided.conflicts).toEqual([]);
			sides.round(decided);
			expect(sides.plan()).toMatchObject({ changes: [], conflicts: [] });
			const journal = JSON.stringify(sides.journal.map(({ changes }) => changes));
			for (const { user, conflict } of held) {
				const index = Number(user.id.slice(1));
				for (const { name, directory, phoneSystem, fixed } of conflict.fields ?? []) {
					const field = name as FieldName;
					const [kept, lost] =
						winner === 'directory' || fixed !== undefined
							? [directory, phoneSystem]
							: [phoneSystem, directory];
					expect(meaning(field, sides.here(index, field))).toBe(meaning(field, kept));
					expect(meaning(field, sides.there(index, field))).toBe(meaning(field, kept));
					if (lost !== null)
						expect(journal).toContain(JSON.stringify(JSON.stringify(lost)).slice(1, -1));
				}
			}
		}),
		CASES,
	);

	holds(
		'leaves alone what has no row and what nobody edited, down to the letter',
		fc.property(worlds, (world) => {
			const { sides } = runToRest(world);
			world.people.forEach((person, index) => {
				expect(sides.users[index]?.['city']).toBe('Bern');
				expect(sides.extensions[index]?.fields['note']).toBe('Knows the boss');
				for (const name of NAMES) {
					const { here, there } = story(person, name);
					if (here !== there) continue;
					expect(sides.here(index, name)).toBe(person.here[name]);
					expect(sides.there(index, name)).toBe(person.there[name]);
				}
			});
		}),
		CASES,
	);

	holds(
		'never writes to a user whom an on-premises directory owns',
		fc.property(worlds, (world) => {
			const { sides } = runToRest(world);
			world.people.forEach((person, index) => {
				if (!person.onPremises) return;
				for (const name of NAMES) expect(sides.here(index, name)).toBe(person.here[name]);
			});
		}),
	);

	holds(
		'needs no second look: at rest, nothing is planned and nothing is left to remember',
		fc.property(worlds, (world) => {
			const { sides } = runToRest(world);
			expect(sides.plan().changes.filter(({ change }) => !writesNothing(change))).toEqual([]);
			expect(sides.plan().changes).toEqual([]);
		}),
	);
});
