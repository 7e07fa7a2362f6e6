/**
 * Turns a user into the contact the phone system should hold, row by row.
 *
 * A mapping is compiled once and then called for every user. A field without a row is never
 * touched, an attribute that was not read is never taken for an empty one, and a value that does
 * not fit is left alone rather than guessed, unless the row says otherwise.
 */
import type { Contact, FieldDefinition } from './contact';
import type { Diagnostic } from './diagnostic';
import { unfitFor } from './fit';
import type { User } from './item';
import { reviewMapping } from './mapping-review';
import type { MappingRow, MappingSettings } from './mapping-row';
import { describeRow } from './mapping-row';
import { countryCode } from './phone';
import type { Computed, SourceValue } from './source';
import { attributesOf, compileSource } from './source';
import { compileTransform, describeTransform } from './transform';
import type { TwoWayField } from './two-way';
import type { Unfit } from './unfit';
import { isUnfit } from './unfit';
import { compileWayBack, waysBackOf, type WayBack } from './way-back';

/** `decisions` are short sentences about values that were not simply copied. */
export type Mapped =
	| {
			readonly ok: true;
			readonly contact: Contact;
			readonly createOnly: readonly string[];
			/** Of these, the fields whose differences are told. Absent: none. */
			readonly reportOnly?: readonly string[];
			readonly decisions: readonly string[];
			/** By field, of rows that also flow to the directory, or only there. */
			readonly twoWay?: Readonly<Record<string, TwoWayField>>;
	  }
	| { readonly ok: false; readonly problems: readonly Diagnostic[] };

/** One row at work on one user, for the preview. */
export interface RowTrace {
	/** As `describeRow` says it. */
	readonly row: string;
	/** The directory's value; null when empty or not read. */
	readonly from: string | null;
	readonly through: ReadonlyArray<{ readonly step: string; readonly value: string | null }>;
	/** What the contact gets. Null clears the field; absent: the field is left as it is. */
	readonly to?: string | null;
	readonly note?: string;
}

export interface Mapping {
	/** `computed`: the values of rows that are worked out elsewhere. */
	map(user: User, computed?: Computed): Mapped;
	/** The same, with every step on the way. */
	trace(user: User, computed?: Computed): readonly RowTrace[];
}

export type CompiledMapping =
	| { readonly ok: true; readonly mapping: Mapping }
	/** What is wrong with the rows themselves, all of it. */
	| { readonly ok: false; readonly problems: readonly Diagnostic[] };

/** What one row makes of one user. */
type RowResult =
	| { readonly kind: 'set'; readonly value: string | null; readonly note?: string }
	| { readonly kind: 'leave'; readonly note?: string }
	| { readonly kind: 'reject'; readonly problem: Diagnostic };

type Through = Array<{ step: string; value: string | null }>;

export function compileMapping(
	rows: readonly MappingRow[],
	fields: readonly FieldDefinition[],
	settings: MappingSettings,
): CompiledMapping {
	const problems = reviewMapping(rows, fields, settings);
	if (problems.length > 0) return { ok: false, problems };

	const byName = new Map(fields.map((field) => [field.name, field]));
	const compiled = rows.flatMap((row) => {
		const field = byName.get(row.field);
		return field && row.direction !== 'toDirectory' ? [compileRow(row, field, settings)] : [];
	});
	const waysBack = rows.flatMap((row) => {
		const field = byName.get(row.field);
		return field && row.direction !== 'toPbx' ? [compileWayBack(row, field, settings)] : [];
	});
	return {
		ok: true,
		mapping: {
			map: (user, computed) => mapUser(user, compiled, waysBack, computed),
			trace: (user, computed) => compiled.map((row) => traceRow(user, row, computed)),
		},
	};
}

interface CompiledRow {
	readonly field: FieldDefinition;
	readonly when: MappingRow['when'];
	readonly description: string;
	readonly read: (user: User, computed?: Computed) => SourceValue | Unfit;
	/** Adds every step to `through`, when there is one. */
	readonly evaluate: (user: User, value: SourceValue | Unfit, through?: Through) => RowResult;
}

function compileRow(
	row: MappingRow,
	field: FieldDefinition,
	settings: MappingSettings,
): CompiledRow {
	const rowOf = outcomes(row, field);
	const fallbackCountry = countryCode(settings.defaultCountry);
	const steps = row.transforms.map((transform) => ({
		name: describeTransform(transform),
		run: compileTransform(transform),
	}));

	const evaluate: CompiledRow['evaluate'] = (user, read, through) => {
		if (read === undefined) return rowOf.notRead();
		if (isUnfit(read)) return rowOf.unfit(read, null);
		const { usageLocation } = user;
		const country = usageLocation ? countryCode(usageLocation) : fallbackCountry;
		let value = read;
		for (const { name, run } of steps) {
			if (value === null) break;
			const next = run(value, country);
			if (isUnfit(next)) return rowOf.unfit(next, read);
			value = next === '' ? null : next;
			through?.push({ step: name, value });
		}
		const text = tidy(value);
		if (text === null) return rowOf.empty();
		const unfit = unfitFor(field, text);
		return unfit ? rowOf.unfit(unfit, read) : { kind: 'set', value: text };
	};
	return {
		field,
		when: row.when,
		description: describeRow(row, [field]),
		read: compileSource(row.source, field.type === 'email'),
		evaluate,
	};
}

/** What a row says to each thing that can stand in the way of a value. */
function outcomes(row: MappingRow, field: FieldDefinition) {
	const { displayName } = field;
	// The Allocator finds a number for whoever has none.
	const required = field.required === true && field.name !== 'number';
	const names = attributesOf(row.source);
	const own = row.source.kind === 'computed' ? 'its expression' : 'its text';
	const origin = names.join(', ') || own;

	const reject = (code: string, what: string, why: string, fix: string): RowResult => ({
		kind: 'reject',
		problem: { code: `mapping.${code}`, what, why, fix, field: displayName },
	});

	return {
		empty(): RowResult {
			if (row.whenEmpty === 'default') return { kind: 'set', value: tidy(row.defaultValue) };
			if (required || row.whenEmpty === 'reject')
				return reject(
					'empty',
					`${displayName} has no value.`,
					required
						? `${origin} is empty, and the phone system takes no account without this field.`
						: `${origin} is empty, and the row of '${displayName}' rejects users without it.`,
					`Fill in ${names.join(' or ') || 'the row'} in Entra, or change 'When Empty' of the row of '${displayName}'.`,
				);
			return row.whenEmpty === 'clear' ? { kind: 'set', value: null } : { kind: 'leave' };
		},
		notRead(): RowResult {
			const fix =
				row.source.kind === 'computed'
					? 'Look at the expression: it gave nothing, as it does for an attribute that Entra User Source does not read.'
					: `Add ${origin} to the attributes Entra User Source reads.`;
			if (required || row.whenEmpty === 'reject')
				return reject('notRead', `${displayName} has no value.`, `${origin} was not read.`, fix);
			return row.whenEmpty === 'leave'
				? { kind: 'leave' }
				: {
						kind: 'leave',
						note: `${displayName} left as it is: ${origin} was not read, which is not the same as empty.`,
					};
		},
		unfit({ code, why, fix }: Unfit, raw: string | null): RowResult {
			if (required || row.onInvalid === 'reject')
				return reject(code, `${displayName} cannot be filled from ${origin}.`, why, fix);
			const asTyped = row.onInvalid === 'raw' ? tidy(raw) : null;
			if (asTyped !== null && !unfitFor(field, asTyped))
				return { kind: 'set', value: asTyped, note: `${displayName} sent as typed: ${why}` };
			return { kind: 'leave', note: `${displayName} left as it is: ${why}` };
		},
	};
}

/** What a phone system would strip or refuse anyway, and then differ from for ever. */
function tidy(value: string | null): string | null {
	return value?.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim() || null;
}

function mapUser(
	user: User,
	rows: readonly CompiledRow[],
	waysBack: readonly WayBack[],
	computed?: Computed,
): Mapped {
	const contact: Record<string, string | null> = {};
	const createOnly: string[] = [];
	const reportOnly: string[] = [];
	const decisions: string[] = [];
	const problems: Diagnostic[] = [];
	for (const row of rows) {
		const result = row.evaluate(user, row.read(user, computed));
		if (result.kind === 'reject') {
			problems.push(result.problem);
			continue;
		}
		if (result.note !== undefined) decisions.push(result.note);
		if (result.kind === 'leave') continue;
		contact[row.field.name] = result.value;
		if (row.when !== 'always') createOnly.push(row.field.name);
		if (row.when === 'report') reportOnly.push(row.field.name);
	}
	if (problems.length > 0) return { ok: false, problems };
	const reported = reportOnly.length > 0 ? { reportOnly } : {};
	if (waysBack.length === 0) return { ok: true, contact, createOnly, ...reported, decisions };
	const { twoWay, said } = waysBackOf(user, waysBack, contact);
	return { ok: true, contact, createOnly, ...reported, decisions: [...decisions, ...said], twoWay };
}

function traceRow(user: User, row: CompiledRow, computed?: Computed): RowTrace {
	const from = row.read(user, computed);
	const through: Through = [];
	const result = row.evaluate(user, from, through);
	const note =
		result.kind === 'reject' ? `${result.problem.what} ${result.problem.why}` : result.note;
	return {
		row: row.description,
		from: typeof from === 'string' ? from : null,
		through,
		...(result.kind === 'set' ? { to: result.value } : {}),
		...(note === undefined ? {} : { note }),
	};
}
