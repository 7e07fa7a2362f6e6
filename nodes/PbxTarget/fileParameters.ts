/** What the panel asks for when the chosen phone system is reached through files. */
import type { INodeProperties } from 'n8n-workflow';

import { SYSTEMS } from '../../pbx/systems';

/** Names of the systems without an interface. */
export const FILE_SYSTEMS = SYSTEMS.filter(({ capabilities }) => capabilities.reach === 'file').map(
	({ name }) => name,
);

const reading = { system: FILE_SYSTEMS, operation: ['getExtensions'] };
const writing = { system: FILE_SYSTEMS, operation: ['applyChanges'] };
const both = { system: FILE_SYSTEMS, operation: ['getExtensions', 'applyChanges'] };

/** One per system, because each has other fields. */
const columns = SYSTEMS.filter(({ name }) => FILE_SYSTEMS.includes(name)).map(
	({ name, fields }): INodeProperties => ({
		displayName: 'Columns',
		name: 'columns',
		type: 'fixedCollection',
		noDataExpression: true,
		typeOptions: { multipleValues: true, sortable: true, multipleValueButtonText: 'Add Column' },
		default: {},
		placeholder: 'Add Column',
		displayOptions: { show: { ...both, system: [name] } },
		description:
			"Which column of the file holds what. Without any, columns count that are called like the fields, 'First Name' for instance.",
		options: [
			{
				displayName: 'Column',
				name: 'column',
				values: [
					{
						displayName: 'Field',
						name: 'field',
						type: 'options',
						noDataExpression: true,
						options: fields.map(({ name: value, displayName }) => ({ name: displayName, value })),
						default: 'number',
					},
					{
						displayName: 'Heading',
						name: 'heading',
						type: 'string',
						default: '',
						placeholder: 'e.g. Ext. No.',
						description: 'As the first row of the file has it',
					},
				],
			},
		],
	}),
);

export const fileParameters: INodeProperties[] = [
	{
		displayName: 'Rows From',
		name: 'rowsFrom',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'File', value: 'file', description: 'A CSV file that the input item carries' },
			{ name: 'Items', value: 'items', description: 'Each input item is a row' },
			{ name: 'Text', value: 'text', description: 'CSV as text' },
		],
		default: 'file',
		displayOptions: { show: reading },
		description: 'Where the export of the phone system is. Its first row holds the headings.',
	},
	{
		displayName: 'Input Binary Field',
		name: 'binaryField',
		type: 'string',
		default: 'data',
		displayOptions: { show: { ...reading, rowsFrom: ['file'] } },
		hint: 'The name of the input field containing the file',
	},
	{
		displayName: 'Text',
		name: 'csvText',
		type: 'string',
		typeOptions: { rows: 6 },
		default: '',
		displayOptions: { show: { ...reading, rowsFrom: ['text'] } },
		description: 'The whole export, headings included',
	},
	...columns,
	{
		displayName: 'ID Column',
		name: 'idColumn',
		type: 'string',
		default: '',
		placeholder: 'e.g. User ID',
		displayOptions: { show: both },
		description:
			'Heading of the column that tells extensions apart and never changes. Empty: the extension number, or the mail address where there are no numbers.',
	},
	{
		displayName: 'Import File',
		name: 'importFile',
		type: 'collection',
		default: {},
		placeholder: 'Add Option',
		displayOptions: { show: writing },
		options: [
			{
				displayName: 'Begin with Byte Order Mark',
				name: 'byteOrderMark',
				type: 'boolean',
				default: true,
				description: 'Whether to mark the file as UTF-8, which Excel needs for letters like é',
			},
			{
				displayName: 'Delimiter',
				name: 'delimiter',
				type: 'options',
				options: [
					{ name: 'Comma', value: ',' },
					{ name: 'Semicolon', value: ';' },
					{ name: 'Tab', value: '\t' },
				],
				default: ',',
				description: 'What stands between two values',
			},
			{
				displayName: 'File Name',
				name: 'fileName',
				type: 'string',
				default: 'import.csv',
				description: 'What the file is called',
			},
			{
				displayName: 'Guard Against Formulas',
				name: 'guard',
				type: 'boolean',
				default: true,
				description:
					'Whether a value that a spreadsheet would run as a formula gets an apostrophe before it. Reading takes it off again; phone numbers stay as they are.',
			},
		],
	},
];
