import fc from 'fast-check';

import { ATTRIBUTES, EXTENSION_ATTRIBUTES } from '../../entra/attributes.ts';
import type { Condition } from '../../entra/condition.ts';
import { meets, OPERATORS } from '../../entra/condition.ts';
import type { UserFilter } from '../../entra/filter.ts';
import { splitFilter } from '../../entra/filter.ts';
import type { UserQuery } from '../../entra/scope.ts';
import { Judge } from '../../entra/scope.ts';
import { buildDirectory } from '../../sandbox/directory/directory.mts';
import { COST_CENTER } from '../../sandbox/directory/user.mts';
import type { DirectoryUser } from '../../sandbox/directory/user.mts';
import { compileFilter } from '../../sandbox/entra/filter.mts';
import { USER } from '../../sandbox/entra/properties.mts';

const PEOPLE = [...buildDirectory().users.values()];
const NAMES = [...ATTRIBUTES, ...EXTENSION_ATTRIBUTES]
	.map(({ name }) => name)
	.filter((name) => name in (PEOPLE[0] ?? {}) || name.startsWith('extensionAttribute'))
	.concat(COST_CENTER);

/** What somebody has there, a piece of it, another case of it, or something nobody has. */
const condition: fc.Arbitrary<Condition> = fc
	.record({
		attribute: fc.constantFrom(...NAMES),
		operator: fc.constantFrom(...OPERATORS),
		model: fc.constantFrom(...PEOPLE),
		from: fc.nat(4),
		length: fc.integer({ min: 1, max: 9 }),
		how: fc.constantFrom('whole', 'piece', 'upper', 'foreign', 'two'),
		other: fc.constantFrom(...PEOPLE),
	})
	.map(({ attribute, operator, model, from, length, how, other }) => {
		const text = textOf(model, attribute);
		const value = {
			whole: text,
			piece: text.slice(from, from + length),
			upper: text.toUpperCase(),
			foreign: "nobody's",
			two: `${text}, ${textOf(other, attribute)}`,
		}[how];
		return { attribute, operator, value: value.trim() || 'x' };
	});

function textOf(user: DirectoryUser, attribute: string): string {
	const values: Record<string, unknown> = { ...user, ...user.onPremisesExtensionAttributes };
	const value = values[attribute];
	// A comma would end the value in a list.
	return String((Array.isArray(value) ? value[0] : value) ?? '').replaceAll(',', '');
}

const filter: fc.Arbitrary<UserFilter> = fc.record({
	userType: fc.constantFrom('members', 'guests', 'all'),
	includeDisabled: fc.boolean(),
	conditions: fc.array(condition, { maxLength: 3 }),
	combine: fc.constantFrom('and', 'or'),
	raw: fc.constant(null),
});

const query = (wanted: UserFilter): UserQuery => ({
	scope: { kind: 'all' },
	filter: wanted,
	leaveOut: [],
	optIn: null,
	attributes: [],
	includeDeleted: false,
	includeOutOfScope: false,
});

const NOTHING_ELSE = { members: new Map(), meetsRaw: null };
const asRow = (user: DirectoryUser) => ({ ...user });

/** Whom Graph would give, and of those whom the node keeps. */
function chosen(wanted: UserFilter, plain: boolean): string[] {
	const { graph, here } = splitFilter(wanted, { plain });
	const byGraph =
		graph.text === null ? () => true : compileFilter(graph.text, USER, graph.advanced);
	const judge = new Judge(query(wanted), NOTHING_ELSE, here);
	return PEOPLE.filter((user) => byGraph(user) && judge.verdict(asRow(user)).inScope).map(
		({ id }) => id,
	);
}

describe('who is chosen', () => {
	it('does not depend on which part Graph decides', () => {
		fc.assert(
			fc.property(filter, (wanted) => {
				const judge = new Judge(query(wanted), NOTHING_ELSE);
				const here = PEOPLE.filter((user) => judge.verdict(asRow(user)).inScope);
				const ids = here.map(({ id }) => id);
				expect(chosen(wanted, false)).toEqual(ids);
				expect(chosen(wanted, true)).toEqual(ids);
			}),
			{ numRuns: 400 },
		);
	});

	it('is everybody, split by a condition and its negation', () => {
		const opposites = [
			['contains', 'notContains'],
			['endsWith', 'notEndsWith'],
			['equals', 'notEquals'],
			['oneOf', 'notOneOf'],
			['startsWith', 'notStartsWith'],
			['isEmpty', 'isNotEmpty'],
		] as const;
		fc.assert(
			fc.property(condition, fc.constantFrom(...opposites), (given, [yes, no]) => {
				for (const user of PEOPLE) {
					const row = asRow(user);
					expect(meets({ ...given, operator: yes }, row)).not.toBe(
						meets({ ...given, operator: no }, row),
					);
				}
			}),
			{ numRuns: 60 },
		);
	});

	it('is never more than without one of the conditions that must all be met', () => {
		fc.assert(
			fc.property(filter, (wanted) => {
				const all = { ...wanted, combine: 'and' as const };
				const fewer = new Set(chosen({ ...all, conditions: all.conditions.slice(1) }, false));
				expect(chosen(all, false).filter((id) => !fewer.has(id))).toEqual([]);
			}),
			{ numRuns: 60 },
		);
	});
});
