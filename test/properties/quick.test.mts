/** Whatever the schema and whatever the value: quick says what zod says. */
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { z } from 'zod';
import { fitsAsItIs, quick } from '../../http/quick.ts';
import { holds } from './holds.mts';

const key = fc.constantFrom('id', 'name', 'list', 'kind');

const schema: fc.Arbitrary<z.ZodTypeAny> = fc.letrec<{ leaf: z.ZodTypeAny; any: z.ZodTypeAny }>(
	(tie) => ({
		leaf: fc.constantFrom<z.ZodTypeAny>(
			z.string(),
			z.string().min(1),
			z.string().trim(),
			z.coerce.string(),
			z.number(),
			z.number().int().nonnegative(),
			z.coerce.number(),
			z.boolean(),
			z.coerce.boolean(),
			z.literal('a'),
			z.enum(['a', 'b']),
			z.unknown(),
			z.date(),
			z.string().transform((text) => text.length),
			z.string().default('a'),
			z.string().catch('a'),
			z.string().refine((text) => text !== 'a'),
			z.custom<string>((value) => value === 'a'),
		),
		any: fc.oneof(
			{ maxDepth: 3, withCrossShrink: true },
			tie('leaf'),
			tie('any').map((of) => of.optional()),
			tie('any').map((of) => of.nullable()),
			tie('any').map((of) => of.nullish()),
			tie('any').map((of) => of.default(null)),
			tie('any').map((of) => of.array()),
			tie('any').map((of) => of.array().min(1)),
			tie('any').map((of) => z.record(of)),
			tie('any').map((of) => of.transform((value: unknown) => [value])),
			tie('any').map((of) => z.preprocess((value) => value, of)),
			fc.tuple(tie('any'), tie('any')).map((options) => z.union(options)),
			fc.tuple(tie('any'), tie('any')).map(([one, other]) => one.pipe(other)),
			fc.dictionary(key, tie('any')).map((shape) => z.object(shape)),
			fc.dictionary(key, tie('any')).map((shape) => z.object(shape).passthrough()),
			fc.dictionary(key, tie('any')).map((shape) => z.object(shape).strict()),
			fc
				.tuple(tie('leaf'), tie('any'))
				.map(([a, b]) =>
					z.discriminatedUnion('kind', [
						z.object({ kind: z.literal('a'), name: a }),
						z.object({ kind: z.literal('b'), name: b }),
					]),
				),
			tie('any').map(quick),
		),
	}),
).any;

class Cleverer {
	readonly id = 'a';
}

const value = fc.letrec<{ leaf: unknown; any: unknown }>((tie) => ({
	leaf: fc.oneof(
		fc.constantFrom('a', 'b', '', ' a ', 'true', 0, 7, -1, 1.5, NaN, Infinity, true, false),
		fc.constantFrom<unknown>(null, undefined, new Date(0), new Cleverer(), new Map(), []),
	),
	any: fc.oneof(
		{ maxDepth: 3, withCrossShrink: true },
		tie('leaf'),
		fc.array(tie('any'), { maxLength: 3 }),
		fc.dictionary(fc.oneof(key, fc.constantFrom('more', '__proto__', 'constructor')), tie('any'), {
			noNullPrototype: true,
		}),
	),
})).any;

describe('a quick schema', () => {
	holds(
		'accepts what zod accepts, as zod would give it, and refuses the rest in the same words',
		fc.property(schema, value, (shape, given) => {
			const expected = shape.safeParse(given);
			const got = quick(shape).safeParse(given);
			expect(got.error?.issues).toEqual(expected.error?.issues);
			expect(sameWhereNamed(got.data, expected.data)).toBe(true);
		}),
	);

	holds(
		'only says that a value fits as it is when zod would change nothing in it',
		fc.property(schema, value, (shape, given) => {
			if (!fitsAsItIs(shape)(given)) return;
			const { success, data } = shape.safeParse(given);
			expect(success).toBe(true);
			expect(sameWhereNamed(given, data)).toBe(true);
		}),
	);

	it('hands on what fits as it came, with what the schema does not name', () => {
		const shape = z.object({ id: z.string(), list: z.array(z.object({ name: z.string() })) });
		const given = { id: 'a', list: [{ name: 'b', more: 1 }], more: 2 };
		expect(quick(shape).parse(given)).toBe(given);
	});

	it('takes objects of another realm for what they are', () => {
		const fits = fitsAsItIs(z.object({ id: z.string() }));
		expect(fits(runInNewContext('({ id: "a" })'))).toBe(true);
		expect(fits(runInNewContext('new (class { id = "a" })()'))).toBe(false);
	});

	it('says where in a longer list a value does not fit', () => {
		const shape = z.object({ list: z.array(quick(z.object({ id: z.string() }))) });
		const { error } = shape.safeParse({ list: [{ id: 'a' }, { id: 1 }] });
		expect(error?.issues[0]?.path).toEqual(['list', 1, 'id']);
	});
});

/** All that `named` holds is in `whole`, and the same; `whole` may hold more keys. */
function sameWhereNamed(whole: unknown, named: unknown): boolean {
	if (Object.is(whole, named)) return true;
	if (Array.isArray(whole) && Array.isArray(named))
		return (
			whole.length === named.length && whole.every((each, at) => sameWhereNamed(each, named[at]))
		);
	if (whole instanceof Date && named instanceof Date) return Number(whole) === Number(named);
	if (!isObject(whole) || !isObject(named) || Array.isArray(whole)) return false;
	return Object.entries(named).every(([name, part]) => sameWhereNamed(whole[name], part));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null;
}
