import type { INodeProperties } from 'n8n-workflow';

import { SYSTEMS } from '../../pbx/systems';
import { describeRow } from '../../sync/mapping-row';
import { recommendedMapping } from '../../sync/recommended';
import { systemParameter } from '../host/phoneSystem';
import { COUNTRIES } from './countries';
import { rowParameters } from './row-parameters';
import { toParameters } from './row-values';

const mapping: INodeProperties = {
	displayName: 'Mapping',
	name: 'mapping',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Custom',
			value: 'custom',
			description: 'Your own rows; they begin as the recommended ones',
		},
		{
			name: 'Recommended',
			value: 'recommended',
			description:
				'The fields most phone systems share, each from the attribute of the same meaning',
		},
	],
	default: 'recommended',
};

/** What 'Recommended' does, row by row, without having to choose 'Custom' to see it. */
const recommended = SYSTEMS.map(
	({ name, fields }): INodeProperties => ({
		// Links and lists are all the markup a notice shows.
		displayName: `<ul>${recommendedMapping(fields)
			.map((row) => `<li>${describeRow(row, fields)}</li>`)
			.join('')}</ul>`,
		name: 'recommendation',
		type: 'notice',
		displayOptions: { show: { mapping: ['recommended'], system: [name] } },
		default: '',
	}),
);

/** `mobile ← mobilePhone · phone`: the same as `describeRow`, with the names n8n has at hand. */
const ROW_TITLE = [
	'={{ (($row) => ($row.field || "…") + ({ both: " ↔ ", toDirectory: " → " }[$row.direction] || " ← ")',
	'+ ({ attribute: $row.attribute === "custom" ? $row.attributeName : $row.attribute,',
	'firstOf: ($row.attributes || "").replace(/, */g, " or "), template: $row.template, expression: "n8n expression",',
	"constant: '\"' + $row.text + '\"' })[$row.source]",
	'+ (($row.steps || {}).step || []).map((step) => " · " + (step.kind === "phone" ? step.format : step.kind)).join("")',
	')($collection.item.value) }}',
].join(' ');

/** One property per phone system, because each has other fields and begins with other rows. */
const rows = SYSTEMS.map(
	({ name, fields }): INodeProperties => ({
		displayName: 'Rows',
		name: 'rows',
		type: 'fixedCollection',
		noDataExpression: true,
		typeOptions: {
			multipleValues: true,
			sortable: true,
			multipleValueButtonText: 'Add Row',
			fixedCollection: { itemTitle: ROW_TITLE },
		},
		displayOptions: { show: { mapping: ['custom'], system: [name] } },
		default: { row: recommendedMapping(fields).map(toParameters) },
		placeholder: 'Add Row',
		description: 'A field without a row is never touched',
		options: [{ displayName: 'Row', name: 'row', values: rowParameters(fields) }],
	}),
);

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	noDataExpression: true,
	default: {},
	placeholder: 'Add Option',
	options: [
		{
			displayName: 'Default Country',
			name: 'defaultCountry',
			type: 'options',
			noDataExpression: true,
			options: COUNTRIES,
			default: 'US',
			description:
				'Where phone numbers without a country code belong, for users without a usage location',
		},
		{
			displayName: 'Preview User',
			name: 'previewUser',
			type: 'string',
			noDataExpression: true,
			default: '',
			placeholder: 'e.g. anna@contoso.com',
			description:
				"Whose values the Preview output shows, row by row: object ID, sign-in name or mail address. Without it, 'Execute step' shows those of the first user, and scheduled runs show nobody's.",
		},
		{
			displayName: 'Show Steps For',
			name: 'showSteps',
			type: 'number',
			noDataExpression: true,
			typeOptions: { minValue: 0, maxValue: 1000, numberPrecision: 0 },
			default: 1,
			description:
				"How many users, from the first one on, get a 'mapping' section that shows each row at work: from, through, to",
		},
	],
};

export const parameters: INodeProperties[] = [
	systemParameter,
	mapping,
	...recommended,
	...rows,
	options,
];
