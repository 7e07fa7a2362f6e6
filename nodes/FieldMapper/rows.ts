/** From the parameters of the panel to the rows of the engine; `row-values.ts` goes the other way. */
import { z } from 'zod';

import type { MappingRow } from '../../sync/mapping-row';
import type { Source } from '../../sync/source';
import type { LookUp, Transform } from '../../sync/transform';
import { CUSTOM_ATTRIBUTE } from './row-parameters';

const text = z.string().default('');

const step = z.discriminatedUnion('kind', [
	z.object({ kind: z.enum(['trim', 'toLower', 'toUpper', 'pCase', 'normalizeDiacritics']) }),
	z.object({ kind: z.literal('replace'), find: text, with: text }),
	z.object({ kind: z.literal('left'), length: z.number().default(63) }),
	z.object({
		kind: z.literal('phone'),
		format: z.enum(['e164', 'national', 'digits']).default('e164'),
	}),
	z.object({ kind: z.literal('extension'), lastDigits: z.number().default(0) }),
	z.object({ kind: z.literal('switch'), table: text }),
	z.object({ kind: z.literal('formatDate'), dateFormat: z.string().default('yyyy-MM-dd') }),
]);

const row = z.object({
	field: text,
	direction: z.enum(['toPbx', 'toDirectory', 'both']).default('toPbx'),
	wins: z.enum(['directory', 'phoneSystem', 'hold']).default('directory'),
	writeAs: z.string().default('{value}'),
	source: z
		.enum(['attribute', 'firstOf', 'template', 'constant', 'expression'])
		.default('attribute'),
	attribute: text,
	attributeName: text,
	attributes: text,
	template: text,
	text,
	/** As it is set, not what it gives for some user. */
	expression: text,
	steps: z.object({ step: z.array(step).default([]) }).default({}),
	options: z
		.object({
			defaultValue: text,
			when: z.enum(['always', 'create', 'report']).default('always'),
			whenEmpty: z.enum(['leave', 'clear', 'reject']).default('leave'),
			onInvalid: z.enum(['leave', 'reject', 'raw']).default('leave'),
		})
		.default({}),
});

type RowParameters = z.output<typeof row>;

/** The rows as `getNodeParameter('rows.row')` gives them. */
export const rowsParameter = z
	.array(row)
	.default([])
	.transform((rows) => rows.map(toRow));

function toRow(parameters: RowParameters, index: number): MappingRow {
	const { field, steps, options, direction } = parameters;
	const { defaultValue, when, whenEmpty, onInvalid } = options;
	const filled = {
		field,
		source: toSource(parameters, index),
		transforms: steps.step.map(toTransform),
		onInvalid,
		when,
		direction,
		...(direction === 'both' ? { wins: parameters.wins } : {}),
		...(direction === 'toDirectory' ? { writeAs: parameters.writeAs } : {}),
	};
	return defaultValue.trim() === ''
		? { ...filled, whenEmpty }
		: { ...filled, whenEmpty: 'default', defaultValue };
}

function toSource(parameters: RowParameters, row: number): Source {
	switch (parameters.source) {
		case 'attribute': {
			const { attribute, attributeName } = parameters;
			return {
				kind: 'attribute',
				attribute: attribute === CUSTOM_ATTRIBUTE ? attributeName.trim() : attribute,
			};
		}
		case 'firstOf':
			return { kind: 'firstOf', attributes: listOf(parameters.attributes, ',') };
		case 'template':
			return { kind: 'template', template: parameters.template };
		case 'constant':
			return { kind: 'constant', value: parameters.text };
		case 'expression':
			return {
				kind: 'computed',
				row,
				text: parameters.expression.replace(/^=/, ''),
				...(parameters.expression.startsWith('=') ? {} : { isText: true }),
			};
	}
}

function toTransform(parameters: z.output<typeof step>): Transform {
	switch (parameters.kind) {
		case 'switch':
			return { kind: 'switch', cases: readTable(parameters.table) };
		case 'formatDate':
			return { kind: 'formatDate', format: parameters.dateFormat };
		default:
			return parameters;
	}
}

/** `Sales = 200`, one a line. A line without an equals sign makes its value empty. */
function readTable(table: string): LookUp[] {
	return listOf(table, '\n').map((line) => {
		const [from = '', ...to] = line.split('=');
		return { from: from.trim(), to: to.join('=').trim() };
	});
}

function listOf(text: string, separator: string): string[] {
	return text
		.split(separator)
		.map((entry) => entry.trim())
		.filter((entry) => entry !== '');
}
