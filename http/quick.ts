/**
 * A zod schema, checked without zod wherever nothing is wrong.
 *
 * zod makes a new object of everything it looks at, and of a list of 100,000 accounts that is most of
 * what reading costs. Nearly every value fits as it came; that is seen here by plain comparisons made
 * from the same schema, and the value is handed on as it is. Whatever is not seen to fit goes to zod,
 * which has the last word, and the words. `docs/decisions/0016-checked-quickly.md`.
 */
import { z } from 'zod';

/** `fits`: zod would accept the value and change nothing but leave out what the schema does not name. */
interface Check {
	readonly fits: (value: unknown) => boolean;
	/** What does not fit is refused by zod as well; otherwise zod may yet make something of it. */
	readonly exact: boolean;
}

/** The same schema, quick. What it does not name is kept instead of left out. */
export function quick<Shape extends z.ZodTypeAny>(
	shape: Shape,
): z.ZodType<z.output<Shape>, z.ZodTypeDef, z.input<Shape>> {
	const fits = fitsAsItIs(shape);
	return z.unknown().transform((value, context): z.output<Shape> => {
		if (fits(value)) return value;
		const { data, error } = shape.safeParse(value);
		for (const issue of error?.issues ?? []) context.addIssue(issue);
		return error ? z.NEVER : data;
	});
}

/** Gives a function that tells whether zod would hand the value on as it came. When in doubt: no. */
export function fitsAsItIs<Shape extends z.ZodTypeAny>(
	shape: Shape,
): (value: unknown) => value is z.output<Shape> {
	const { fits } = checkOf(shape);
	return (value): value is z.output<Shape> => fits(value);
}

const NEVER: Check = { fits: () => false, exact: false };

function checkOf(shape: z.ZodTypeAny): Check {
	if (shape instanceof z.ZodUnknown || shape instanceof z.ZodAny) return exactly(() => true);
	if (shape instanceof z.ZodString) return ofString(shape);
	if (shape instanceof z.ZodNumber) return ofNumber(shape);
	if (shape instanceof z.ZodBoolean && !shape._def.coerce)
		return exactly((value) => typeof value === 'boolean');
	if (shape instanceof z.ZodLiteral) return exactly((value) => value === shape.value);
	if (shape instanceof z.ZodEnum) return ofEnum(shape);
	if (shape instanceof z.ZodOptional) return or(undefined, checkOf(shape.unwrap()));
	if (shape instanceof z.ZodNullable) return or(null, checkOf(shape.unwrap()));
	if (shape instanceof z.ZodArray) return ofArray(shape);
	if (shape instanceof z.ZodObject) return ofObject(shape);
	if (shape instanceof z.ZodRecord) return ofRecord(shape);
	if (shape instanceof z.ZodUnion || shape instanceof z.ZodDiscriminatedUnion)
		return ofUnion([...shape.options]);
	if (shape instanceof z.ZodDefault || shape instanceof z.ZodCatch) return filled(shape);
	if (shape instanceof z.ZodEffects) return ofEffects(shape);
	return NEVER;
}

function exactly(fits: Check['fits']): Check {
	return { fits, exact: true };
}

function or(nothing: null | undefined, { fits, exact }: Check): Check {
	return { fits: (value) => value === nothing || fits(value), exact };
}

const REWRITES = new Set(['trim', 'toLowerCase', 'toUpperCase']);

function ofString(shape: z.ZodString): Check {
	const { checks, coerce } = shape._def;
	if (coerce || checks.some(({ kind }) => REWRITES.has(kind))) return NEVER;
	const shortest = shape.minLength ?? 0;
	const hasRules = checks.some(({ kind }) => kind !== 'min');
	return ruled(shape, hasRules, (value) => typeof value === 'string' && value.length >= shortest);
}

function ofNumber(shape: z.ZodNumber): Check {
	const { checks, coerce } = shape._def;
	if (coerce) return NEVER;
	const isNumber = (value: unknown) => typeof value === 'number' && !Number.isNaN(value);
	return ruled(shape, checks.length > 0, isNumber);
}

/** Most rules about one text or number are left to zod: there is nothing to copy. */
function ruled(shape: z.ZodTypeAny, hasRules: boolean, isKind: Check['fits']): Check {
	if (!hasRules) return exactly(isKind);
	return exactly((value) => isKind(value) && shape.safeParse(value).success);
}

function ofEnum(shape: z.ZodEnum<[string, ...string[]]>): Check {
	const options = new Set<unknown>(shape.options);
	return exactly((value) => options.has(value));
}

function ofArray(shape: z.ZodArray<z.ZodTypeAny>): Check {
	const { minLength, maxLength, exactLength } = shape._def;
	if (minLength ?? maxLength ?? exactLength) return NEVER;
	const { fits, exact } = checkOf(shape.element);
	// Holes are visited as well, as zod does.
	return { fits: (value) => Array.isArray(value) && !value.some((each) => !fits(each)), exact };
}

function ofObject(shape: z.ZodObject<z.ZodRawShape, z.UnknownKeysParam>): Check {
	const { unknownKeys, catchall } = shape._def;
	if (unknownKeys === 'strict' || !(catchall instanceof z.ZodNever)) return NEVER;
	const parts = Object.entries(shape.shape).map(([key, part]) => ({ key, ...checkOf(part) }));
	return {
		fits: (value) => isPlain(value) && parts.every(({ key, fits }) => fits(value[key])),
		exact: false,
	};
}

function ofRecord(shape: z.ZodRecord): Check {
	if (!(shape.keySchema instanceof z.ZodString) || shape.keySchema._def.checks.length > 0)
		return NEVER;
	const { fits } = checkOf(shape.valueSchema);
	return { fits: (value) => isPlain(value) && Object.values(value).every(fits), exact: false };
}

/** zod takes the first option that accepts; so an option counts only while none before it might. */
function ofUnion(options: readonly z.ZodTypeAny[]): Check {
	const checks = options.map(checkOf);
	const unsure = checks.findIndex(({ exact }) => !exact);
	const counting = unsure < 0 ? checks : checks.slice(0, unsure + 1);
	return { fits: (value) => counting.some(({ fits }) => fits(value)), exact: unsure < 0 };
}

/** What is there already; zod fills in the rest. */
function filled(shape: z.ZodDefault<z.ZodTypeAny> | z.ZodCatch<z.ZodTypeAny>): Check {
	const { fits } = checkOf(shape._def.innerType);
	return { fits: (value) => value !== undefined && fits(value), exact: false };
}

function ofEffects(shape: z.ZodEffects<z.ZodTypeAny>): Check {
	const { effect } = shape._def;
	if (effect.type !== 'refinement') return NEVER;
	const { fits, exact } = checkOf(shape.innerType());
	return { fits: (value) => fits(value) && !refuses(effect, value), exact };
}

function refuses(effect: z.RefinementEffect<unknown>, value: unknown): boolean {
	let refused = false;
	effect.refinement(value, { path: [], addIssue: () => void (refused = true) });
	return refused;
}

/**
 * As JSON makes them, here or in another realm (a sandbox has an `Object` of its own). Anything
 * cleverer is zod's to judge.
 */
function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
	if (typeof value !== 'object' || value === null) return false;
	const prototype: unknown = Object.getPrototypeOf(value);
	return prototype !== null && Object.getPrototypeOf(prototype) === null;
}
