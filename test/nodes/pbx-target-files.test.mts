import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { PbxTarget } from '../../nodes/PbxTarget/PbxTarget.node.ts';
import { fingerprint } from '../../sync/fingerprint.ts';
import type { Extension, ExtensionItem, OutcomeItem } from '../../sync/item.ts';
import { runNode } from './engine.mts';

const EXPORT =
	'Extension Number;E-Mail;Mobile;Job Title\r\n201;ada@example.com;+46701740605;Boss\r\n';

async function run(parameters: INodeParameters, input: INodeExecutionData[] = [{ json: {} }]) {
	const node = new PbxTarget();
	return await runNode({ node, parameters: { system: 'csv', ...parameters }, inputs: [input] });
}

const read = (items: readonly INodeExecutionData[] | undefined) =>
	(items ?? []).map(({ json }) => json as unknown as ExtensionItem);

function file(text: string): INodeExecutionData[] {
	const data = Buffer.from(text).toString('base64');
	return [{ json: {}, binary: { data: { data, mimeType: 'text/csv', fileName: 'export.csv' } } }];
}

const textOf = (item: INodeExecutionData | undefined, field: string) =>
	Buffer.from(item?.binary?.[field]?.data ?? '', 'base64').toString();

const ADA: Extension = {
	id: '201',
	number: '201',
	enabled: null,
	externalId: null,
	fields: { email: 'ada@example.com', mobile: '+46701740605', jobTitle: 'Boss' },
};

const planned = (...changes: object[]): INodeExecutionData[] =>
	changes.map((change, n) => ({
		json: {
			user: { id: `user-${String(n)}`, status: 'active' },
			...('extensionId' in change ? { extension: { ...ADA } } : {}),
			change: { ...change },
		},
	}));

describe('PBX Target on files', () => {
	it.each([
		['a file', {}, file(EXPORT)],
		['text', { rowsFrom: 'text', csvText: EXPORT }, [{ json: {} }]],
		[
			'items',
			{ rowsFrom: 'items' },
			[
				{
					json: {
						'Extension Number': 201,
						'E-Mail': 'ada@example.com',
						Mobile: '+46701740605',
						'Job Title': 'Boss',
					},
				},
			],
		],
	])('reads an export from %s, without any credential', async (_from, parameters, input) => {
		const { outputs, error } = await run({ operation: 'getExtensions', ...parameters }, input);
		expect(error).toBeUndefined();
		expect(outputs).toHaveLength(1);
		expect(outputs[0]).toMatchObject([
			{ json: { extension: ADA, read: { of: 'extensions', system: 'csv', count: 1 } } },
		]);
		const { abilities } = read(outputs[0])[0]?.read ?? {};
		expect(abilities?.fields.map(({ name }) => name).sort()).toEqual([
			'email',
			'jobTitle',
			'mobile',
			'number',
		]);
	});

	it('says with one item that the phone system has nobody', async () => {
		const headings = EXPORT.split('\r\n')[0] ?? '';
		const { outputs } = await run({ operation: 'getExtensions' }, file(headings));
		expect(read(outputs[0])).toMatchObject([{ read: { count: 0, scope: 'whole' } }]);
	});

	it('stops with a clear message when there is no file, an empty one, or another column', async () => {
		const none = await run({ operation: 'getExtensions' });
		expect(none.error?.message).toBe('The input item carries no file in "data".');
		const empty = await run({ operation: 'getExtensions' }, file(''));
		expect(empty.error?.message).toBe('The file is empty.');
		const columns = { column: [{ field: 'number', heading: 'Ext.' }] };
		const other = await run({ operation: 'getExtensions', columns }, file(EXPORT));
		expect(other.error?.message).toBe('The file has no column "Ext.".');
		expect(other.error?.description).toContain("Correct 'Columns'");
	});

	it('turns a plan into a file to import and a list of things to do', async () => {
		const basedOn = fingerprint(ADA);
		const input = planned(
			{
				kind: 'create',
				number: '202',
				pbx: {
					firstName: { from: null, to: 'Eva' },
					jobTitle: { from: null, to: '=HYPERLINK("x")' },
				},
				directory: {},
			},
			{
				kind: 'update',
				extensionId: '201',
				pbx: { mobile: { from: '+46701740605', to: '+46701740699' } },
				directory: {},
				basedOn,
			},
			{ kind: 'disable', extensionId: '201', basedOn },
		);
		const { outputs, error, hints } = await run({ operation: 'applyChanges' }, input);
		expect(error).toBeUndefined();
		const [results, files] = outputs;
		const outcomes = (results ?? []).map(({ json }) => (json as unknown as OutcomeItem).outcome);
		expect(outcomes.map(({ result, because }) => [result, because?.code])).toEqual([
			['held', 'file.toImport'],
			['held', 'file.toImport'],
			['held', 'file.byHand'],
		]);
		expect(results?.[0]?.json).toMatchObject({
			user: { id: 'user-0' },
			change: { kind: 'create' },
		});
		expect(files).toHaveLength(1);
		expect(files?.[0]?.json).toMatchObject({
			importFile: { fileName: 'import.csv', count: 2 },
			toDo: [
				'Create 202 Eva',
				'Change 201 ada@example.com: Mobile from "+46701740605" to "+46701740699"',
				'Disable 201 ada@example.com',
			],
		});
		expect(textOf(files?.[0], 'data').split('\r\n')).toEqual([
			'\uFEFFExtension Number,First Name,Email,Mobile,Job Title',
			`202,Eva,,,"'=HYPERLINK(""x"")"`,
			'201,,ada@example.com,+46701740699,Boss',
			'',
		]);
		expect(textOf(files?.[0], 'toDo')).toContain('[ ] Disable 201 ada@example.com\r\n');
		expect(hints.map(({ message }) => message).join()).toContain(
			'3 things to do, 2 of them by importing the file.',
		);
	});

	it('writes the file as the phone system wants it', async () => {
		const create = {
			kind: 'create',
			number: '202',
			pbx: { firstName: { from: null, to: 'Eva' } },
			directory: {},
		};
		const column = [
			{ field: 'firstName', heading: 'Vorname' },
			{ field: 'number', heading: 'Nst' },
		];
		const importFile = { delimiter: ';', byteOrderMark: false, fileName: 'phones.csv' };
		const parameters = { operation: 'applyChanges', columns: { column }, importFile };
		const { outputs } = await run(parameters, planned(create));
		expect(textOf(outputs[1]?.[0], 'data')).toBe('Vorname;Nst\r\nEva;202\r\n');
		expect(outputs[1]?.[0]?.binary?.['data']?.fileName).toBe('phones.csv');
	});

	it('gives no file when there is nothing to do, and remembers who is there', async () => {
		const basedOn = fingerprint(ADA);
		const same = { kind: 'update', extensionId: '201', pbx: {}, directory: {}, basedOn };
		const { outputs } = await run({ operation: 'applyChanges' }, planned(same));
		expect(outputs[1] ?? []).toEqual([]);
		expect(outputs[0]).toMatchObject([
			{
				json: { outcome: { result: 'unchanged', link: { userId: 'user-0', extensionId: '201' } } },
			},
		]);
	});

	it('refuses items that hold no change', async () => {
		const { error } = await run({ operation: 'applyChanges' }, [{ json: { hello: 'world' } }]);
		expect(error?.message).toBe('Item 0 holds no planned change.');
	});
});
