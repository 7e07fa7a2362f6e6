/** Field Mapper in n8n's own engine. */
import type {
	IDataObject,
	INodeExecutionData,
	INodeParameters,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { Workflow } from 'n8n-workflow';
import { FieldMapper } from '../../nodes/FieldMapper/FieldMapper.node.ts';
import { runNode } from './engine.mts';

const read = { id: 'r1', of: 'users', count: 3, scope: 'whole' };
const anna = {
	id: 'a',
	status: 'active',
	givenName: 'Anna',
	surname: ' Berg ',
	displayName: 'Anna Berg',
	mail: 'Anna.Berg@contoso.com',
	userPrincipalName: 'anna@contoso.com',
	mobilePhone: '0171 1234567',
	businessPhones: [],
	jobTitle: 'ops',
	usageLocation: 'DE',
};
const noMail = { ...anna, id: 'b', mail: null, userPrincipalName: 'b_x.com#EXT#@contoso.com' };
const gone = { ...anna, id: 'c', status: 'disabled' };

const item = (user: object, more: object = {}): INodeExecutionData => ({
	json: { user: { ...user }, read, decisions: ['In scope.'], ...more } as IDataObject,
});

async function map(
	items: INodeExecutionData[],
	parameters: INodeParameters = {},
	mode: WorkflowExecuteMode = 'trigger',
) {
	const result = await runNode({
		mode,
		node: new FieldMapper(),
		parameters: { system: 'yeastar', ...parameters },
		inputs: [items],
	});
	const [mapped = [], rejected = [], preview = []] = result.outputs;
	return { ...result, mapped, rejected, preview };
}

describe('Field Mapper', () => {
	it('maps untouched: names, mail in lower case, the mobile number as E.164', async () => {
		const { mapped, rejected, error } = await map([item(anna)]);
		expect(error).toBeUndefined();
		expect(rejected).toEqual([]);
		expect(mapped[0]?.json).toEqual({
			user: anna,
			read,
			contact: {
				firstName: 'Anna',
				lastName: 'Berg',
				email: 'anna.berg@contoso.com',
				mobile: '+491711234567',
				jobTitle: 'ops',
			},
			decisions: ['In scope.'],
		});
	});

	it('sends on everybody it got, in order, and rejected ones a second time with all reasons', async () => {
		const { mapped, rejected } = await map([item(anna), item(noMail), item(gone)]);
		expect(mapped.map(({ json }) => (json['user'] as IDataObject)['id'])).toEqual(['a', 'b', 'c']);
		expect(mapped.map(({ json }) => json['contact'] !== null)).toEqual([true, false, false]);
		expect(mapped.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
		expect(rejected).toHaveLength(1);
		expect(rejected[0]?.pairedItem).toEqual({ item: 1 });
		expect(rejected[0]?.json).toMatchObject({
			user: { id: 'b' },
			read,
			problems: [{ code: 'mapping.empty', field: 'Email Address' }],
		});
	});

	it('says how many became what', async () => {
		const { hints } = await map([item(anna), item(noMail), item(gone)]);
		expect(hints.map(({ message }) => message)).toEqual([
			'1 user mapped, 1 rejected, 1 not active and passed on as evidence.',
		]);
	});

	it('keeps what other nodes put on an item', async () => {
		const { mapped } = await map([item(anna, { note: 'from HR' })]);
		expect(mapped[0]?.json['note']).toBe('from HR');
	});

	it('lets through untouched that a list was empty, and what the step before could not do', async () => {
		const empty = { json: { read: { ...read, count: 0 } } };
		const lost = { json: { error: 'No answer' } };
		const { mapped, rejected } = await map([empty, lost]);
		expect(mapped.map(({ json }) => json)).toEqual([empty.json, lost.json]);
		expect(rejected).toEqual([]);
	});

	it('leaves a number alone that it cannot read, and says so on the item', async () => {
		const { mapped, hints } = await map([item({ ...anna, mobilePhone: '0171/1 or 2' })]);
		expect(mapped[0]?.json['contact']).not.toHaveProperty('mobile');
		expect(mapped[0]?.json['decisions']).toEqual([
			'In scope.',
			'Mobile Number left as it is: "0171/1 or 2" holds more than one number.',
		]);
		expect(hints[0]?.message).toContain('decisions');
	});

	it('begins a custom mapping as the recommended one', async () => {
		const recommended = await map([item(anna)]);
		const custom = await map([item(anna)], { mapping: 'custom' });
		expect(custom.error).toBeUndefined();
		expect(custom.mapped).toEqual(recommended.mapped);
	});

	it('maps what the rows say and nothing else', async () => {
		const { mapped, error } = await map([item(anna)], {
			mapping: 'custom',
			rows: {
				row: [
					{
						field: 'jobTitle',
						source: 'template',
						template: '{jobTitle} - {surname}',
						steps: { step: [{ kind: 'toUpper' }, { kind: 'left', length: 8 }] },
						options: { when: 'create' },
					},
				],
			},
		});
		expect(error).toBeUndefined();
		expect(mapped[0]?.json).toMatchObject({ createOnly: ['jobTitle'] });
		expect(mapped[0]?.json['contact']).toEqual({ jobTitle: 'OPS - BE' });
	});

	it('reads national numbers of users without a usage location in the default country', async () => {
		const nowhere = { ...anna, usageLocation: null };
		const without = await map([item(nowhere)]);
		const withOne = await map([item(nowhere)], { options: { defaultCountry: 'DE' } });
		expect(without.mapped[0]?.json['contact']).not.toHaveProperty('mobile');
		expect(withOne.mapped[0]?.json['contact']).toMatchObject({ mobile: '+491711234567' });
	});

	it('shows every row at work for as many users as asked', async () => {
		const { mapped } = await map([item(anna), item({ ...anna, id: 'd' })], {
			options: { showSteps: 1 },
		});
		expect(mapped[0]?.json['mapping']).toContainEqual({
			row: 'Mobile Number ← mobilePhone · E.164',
			from: '0171 1234567',
			through: [{ step: 'E.164', value: '+491711234567' }],
			to: '+491711234567',
		});
		expect(mapped[1]?.json).not.toHaveProperty('mapping');
	});

	it('previews each row at work on the first user when somebody tries it out', async () => {
		const { preview } = await map([item(gone), item(anna), item(noMail)], {}, 'manual');
		expect(preview.map(({ json }) => json)).toContainEqual({
			previewOf: 'anna@contoso.com',
			row: 'Mobile Number ← mobilePhone · E.164',
			from: '0171 1234567',
			through: 'E.164: +491711234567',
			to: '+491711234567',
			note: '',
		});
		expect(preview.map(({ pairedItem }) => pairedItem)).toContainEqual({ item: 1 });
		expect((await map([item(anna)])).preview).toEqual([]);
	});

	it('previews the user who is named, with what stands in the way', async () => {
		const options = { previewUser: 'B_X.com#EXT#@contoso.com' };
		const { preview } = await map([item(anna), item(noMail)], { options });
		const mail = preview.find(({ json }) => String(json['row']).startsWith('Email'));
		expect(mail?.json).toMatchObject({ from: 'empty', to: 'left as it is' });
		expect(mail?.json['note']).toContain('has no value');
	});

	describe('with an n8n expression in a row', () => {
		const withExpression = (
			expression: string,
			options: INodeParameters = {},
		): INodeParameters => ({
			mapping: 'custom',
			rows: { row: [{ field: 'jobTitle', source: 'expression', expression, options }] },
		});

		it('works it out for each user', async () => {
			const other = { ...anna, id: 'd', jobTitle: 'Boss' };
			const { mapped, error } = await map(
				[item(anna), item(other)],
				withExpression('={{ $json.user.jobTitle.toUpperCase() }} of {{ $itemIndex }}'),
			);
			expect(error).toBeUndefined();
			expect(mapped.map(({ json }) => json['contact'])).toEqual([
				{ jobTitle: 'OPS of 0' },
				{ jobTitle: 'BOSS of 1' },
			]);
		});

		it.each([
			['gives nothing', '={{ $json.user.notRead }}', 'was not read'],
			['stops', '={{ $("Nobody").item.json.x }}', 'The expression stopped'],
			['gives an object', '={{ $json.user }}', 'an object instead of a text'],
		])('never clears a field when it %s', async (_what, expression, why) => {
			const { mapped, error } = await map(
				[item(anna)],
				withExpression(expression, { whenEmpty: 'clear' }),
			);
			expect(error).toBeUndefined();
			expect(mapped[0]?.json['contact']).toEqual({});
			expect(String(mapped[0]?.json['decisions'])).toContain(why);
		});

		it('says so when it was never switched to an expression', async () => {
			const { error } = await map([item(anna)], withExpression('{{ $json.user.jobTitle }}'));
			expect(error?.description).toContain("Switch 'Expression' from 'Fixed' to 'Expression'");
		});
	});

	it('says what to connect when items are no users of the directory', async () => {
		const { error, outputs } = await map([{ json: { name: 'Anna' } }]);
		expect(error?.message).toBe('Item 1 is not a user of Entra User Source.');
		expect(error?.description).toContain('Connect Entra User Source to Field Mapper');
		expect(outputs.flat()).toEqual([]);
	});

	it('names every row that cannot be used, before it looks at any user', async () => {
		const { error } = await map([item(anna)], {
			mapping: 'custom',
			rows: {
				row: [
					{ field: 'jobTitle', source: 'firstOf', attributes: '' },
					{ field: 'lastName', source: 'template', template: '{surname' },
				],
			},
		});
		expect(error?.message).toContain('Row 1 (Job Title)');
		expect(error?.description).toContain('Row 2 (Last Name)');
	});

	it('shows the meaning of each custom row without opening it', () => {
		const rows = new FieldMapper().description.properties.find(({ name }) => name === 'rows');
		const title = rows?.typeOptions?.fixedCollection?.itemTitle ?? '';
		const { expression } = new Workflow({
			nodes: [],
			connections: {},
			active: false,
			nodeTypes: { getByName: never, getByNameAndVersion: never, getKnownTypes: never },
		});
		const titleOf = (value: IDataObject) =>
			expression.getComplexParameterValue(
				{ id: '', name: '', type: '', typeVersion: 1, position: [0, 0], parameters: {} },
				title,
				'internal',
				{ $collection: { item: { value } } } as IDataObject,
			);
		const step = [{ kind: 'trim' }, { kind: 'phone', format: 'e164' }];
		expect(
			[
				{ field: 'mobile', source: 'attribute', attribute: 'mobilePhone', steps: { step } },
				{ field: 'email', source: 'firstOf', attributes: 'mail, userPrincipalName' },
				{ field: 'office', source: 'attribute', attribute: 'custom', attributeName: 'city' },
				{ field: 'company', source: 'constant', text: 'Contoso' },
				{ field: '', source: 'template', template: '{city}' },
			].map(titleOf),
		).toEqual([
			'mobile ← mobilePhone · trim · e164',
			'email ← mail or userPrincipalName',
			'office ← city',
			'company ← "Contoso"',
			'… ← {city}',
		]);
	});
});

function never(): never {
	throw new Error('No node type is needed to read a title');
}
