import type { INodeParameters } from 'n8n-workflow';

import { ATTRIBUTES, EXTENSION_ATTRIBUTES } from '../../entra/attributes';
import type { MappingRow } from '../../sync/mapping-row';
import type { Source } from '../../sync/source';
import type { Transform } from '../../sync/transform';
import { CUSTOM_ATTRIBUTE } from './row-parameters';

const LISTED = new Set([...ATTRIBUTES, ...EXTENSION_ATTRIBUTES].map(({ name }) => name));

/** A row as the panel holds it, so that 'Custom' begins as the recommended mapping. */
export function toParameters(mappingRow: MappingRow): INodeParameters {
	const { field, source, transforms, whenEmpty, onInvalid, when, direction } = mappingRow;
	return {
		field,
		...(direction === 'toPbx' ? {} : { direction }),
		...(direction === 'both' ? { wins: mappingRow.wins ?? 'directory' } : {}),
		...(direction === 'toDirectory' ? { writeAs: mappingRow.writeAs ?? '{value}' } : {}),
		...sourceToParameters(source),
		...(transforms.length > 0 ? { steps: { step: transforms.map(stepToParameters) } } : {}),
		options: {
			...(mappingRow.whenEmpty === 'default' ? { defaultValue: mappingRow.defaultValue } : {}),
			...(whenEmpty === 'leave' || whenEmpty === 'default' ? {} : { whenEmpty }),
			...(onInvalid === 'leave' ? {} : { onInvalid }),
			...(when === 'always' ? {} : { when }),
		},
	};
}

function sourceToParameters(source: Source): INodeParameters {
	switch (source.kind) {
		case 'attribute':
			return LISTED.has(source.attribute)
				? { source: 'attribute', attribute: source.attribute }
				: {
						source: 'attribute',
						attribute: CUSTOM_ATTRIBUTE,
						attributeName: source.attribute,
					};
		case 'firstOf':
			return { source: 'firstOf', attributes: source.attributes.join(', ') };
		case 'template':
			return { source: 'template', template: source.template };
		case 'constant':
			return { source: 'constant', text: source.value };
		case 'computed':
			return { source: 'expression', expression: `=${source.text}` };
	}
}

function stepToParameters(transform: Transform): INodeParameters {
	switch (transform.kind) {
		case 'switch':
			return {
				kind: 'switch',
				table: transform.cases.map(({ from, to }) => `${from} = ${to}`).join('\n'),
			};
		case 'formatDate':
			return { kind: 'formatDate', dateFormat: transform.format };
		default:
			return { ...transform };
	}
}
