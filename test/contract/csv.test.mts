/** The contract of a phone system that is never talked to: export, plan, import, and then nothing. */
import { abilitiesOf, csv } from '../../pbx/csv/adapter.ts';
import type { Columns } from '../../pbx/csv/fields.ts';
import { makeImportFile } from '../../pbx/csv/importFile.ts';
import type { FileTask } from '../../pbx/csv/importFile.ts';
import { formatCsv, parseCsv } from '../../pbx/csv/text.ts';
import { readTable } from '../../pbx/csv/wire.ts';
import type { Sandbox } from '../../sandbox/sandbox.mts';
import { startSandbox } from '../../sandbox/sandbox.mts';
import { DiagnosedError } from '../../sync/diagnostic.ts';
import { fingerprint } from '../../sync/fingerprint.ts';
import type { ContactItem } from '../../sync/item.ts';
import { plan } from '../../sync/plan.ts';
import { fetchPort } from '../http.mts';
import { inputOf, person, SETTINGS } from '../unit/plan/world.mts';

const COLUMNS: Columns = {
	chosen: new Map([
		['number', 'Ext.'],
		['firstName', 'Vorname'],
		['lastName', 'Nachname'],
		['email', 'E-Mail'],
		['mobile', 'Handy'],
		['jobTitle', 'Titel'],
	]),
	idColumn: '',
};
const NONE: Columns = { chosen: new Map(), idColumn: '' };

let sandbox: Sandbox;
beforeEach(async () => {
	sandbox = await startSandbox();
});
afterEach(async () => {
	await sandbox.stop();
});

async function exported() {
	const answer = await fetch(sandbox.systems.csv.exportUrl);
	return readTable(parseCsv(await answer.text()), COLUMNS).extensions;
}

async function imported(text: string) {
	await fetch(sandbox.systems.csv.importUrl, { method: 'POST', body: text });
}

function planFor(users: readonly ContactItem[], extensions: Awaited<ReturnType<typeof exported>>) {
	const columns = csv.fields.filter(({ name }) => COLUMNS.chosen.has(name));
	const { capabilities, fields } = abilitiesOf(columns);
	const input = inputOf({ users, extensions, settings: SETTINGS });
	return plan({ ...input, facts: capabilities, fields });
}

function taskOf({ user, change, extension }: ReturnType<typeof planFor>['changes'][number]) {
	return { change, userId: user.id, extension: extension ?? null } satisfies FileTask;
}

describe('CSV File, as a phone system', () => {
	it('reads every row of an export, with the headings that were chosen', async () => {
		const extensions = await exported();
		expect(extensions).toHaveLength(sandbox.control.csv.state.rows.size);
		expect(extensions.find(({ number }) => number === '299')).toEqual({
			id: '299',
			number: '299',
			enabled: null,
			externalId: null,
			fields: {
				firstName: 'Door; "Front"',
				lastName: null,
				email: null,
				mobile: null,
				jobTitle: null,
			},
		});
	});

	it('brings a plan into effect through an import, and then plans nothing', async () => {
		const extensions = await exported();
		const [known] = extensions.filter(({ fields }) => fields['email'] && fields['jobTitle']);
		const email = known?.fields['email'] ?? '';
		const users = [
			person('new', {
				contact: { email: 'new@example.com', firstName: '=Ada', lastName: 'O"Neill; Ünal' },
			}),
			person('known', { mail: email, contact: { email, jobTitle: 'Captain' } }),
		];
		const first = planFor(users, extensions);
		expect(first.changes.map(({ change }) => change.kind).sort()).toEqual(['create', 'update']);
		const { table, toDo, outcomes } = makeImportFile(first.changes.map(taskOf), COLUMNS);
		expect(table).toHaveLength(3);
		expect(toDo).toHaveLength(2);
		expect(toDo.join()).toContain('Job Title from');
		expect(outcomes).toMatchObject([
			{ result: 'held', because: { code: 'file.toImport' }, link: null },
			{ result: 'held', because: { code: 'file.toImport' }, link: null },
		]);

		await imported(formatCsv(table, { delimiter: ',', guard: true }));
		const after = await exported();
		expect(after).toHaveLength(extensions.length + 1);
		const second = planFor(users, after);
		expect(second.changes).toEqual([]);
		expect(second.conflicts).toEqual([]);
	});

	it('leaves everything alone that is in no column, and every extension that is in no row', async () => {
		const before = structuredClone([...sandbox.control.csv.state.rows]);
		const extensions = await exported();
		const [known] = extensions.filter(({ fields }) => fields['email']);
		const email = known?.fields['email'] ?? '';
		const users = [person('known', { mail: email, contact: { email, jobTitle: 'Captain' } })];
		const { table } = makeImportFile(planFor(users, extensions).changes.map(taskOf), COLUMNS);
		await imported(formatCsv(table, { delimiter: ';', guard: true }));
		for (const [number, row] of before) {
			const changed = number === known?.number ? { ...row, Titel: 'Captain' } : row;
			expect(sandbox.control.csv.state.rows.get(number)).toEqual(changed);
		}
	});

	it('says what to do by hand, where a file cannot do it', async () => {
		const [extension] = await exported();
		if (!extension) throw new Error('The export is empty');
		const basedOn = fingerprint(extension);
		const change = { kind: 'disable', extensionId: extension.id, basedOn } as const;
		const { table, toDo, outcomes } = makeImportFile(
			[{ change, userId: null, extension }],
			COLUMNS,
		);
		expect(table).toEqual([]);
		expect(toDo).toEqual(['Disable 200 Reception']);
		expect(outcomes).toMatchObject([
			{ result: 'held', because: { code: 'file.byHand', what: expect.stringContaining('200') } },
		]);
	});

	it('remembers who is in the export already', async () => {
		const [extension] = await exported();
		if (!extension) throw new Error('The export is empty');
		const change = {
			kind: 'update',
			extensionId: extension.id,
			pbx: {},
			directory: {},
			basedOn: fingerprint(extension),
		} as const;
		const { outcomes, toDo } = makeImportFile([{ change, userId: 'ada', extension }], COLUMNS);
		expect(toDo).toEqual([]);
		expect(outcomes).toMatchObject([
			{ result: 'unchanged', link: { userId: 'ada', extensionId: '200', number: '200' } },
		]);
	});

	it('goes by headings called like the fields when nobody chose any', () => {
		const rows = parseCsv('extension number,E-mail,FIRST NAME,Fax\n201,ada@example.com,Ada,1');
		expect(readTable(rows, NONE).extensions).toMatchObject([
			{ id: '201', number: '201', fields: { email: 'ada@example.com', firstName: 'Ada' } },
		]);
		expect(Object.keys(readTable(rows, NONE).extensions[0]?.fields ?? {}).sort()).toEqual([
			'email',
			'firstName',
		]);
	});

	it('plans nothing the file has no column for, numbers included', () => {
		const rows = parseCsv('email,first name\nada@example.com,Ada');
		const { extensions, fields } = readTable(rows, NONE);
		const contact = { email: 'ada@example.com', firstName: 'Ada', office: 'London' };
		const users = [person('ada', { contact }), person('eva')];
		const abilities = abilitiesOf(fields);
		const input = inputOf({ users, extensions, settings: SETTINGS });
		const planned = plan({ ...input, facts: abilities.capabilities, fields: abilities.fields });
		expect(planned.changes.map(({ change }) => change)).toEqual([
			expect.objectContaining({ kind: 'create', number: null }),
		]);
		expect(planned.unchanged).toHaveLength(1);
	});

	it('keeps a key of its own, in the import too', () => {
		const columns = { chosen: new Map([['email', 'Mail']]), idColumn: 'UID' };
		const [extension] = readTable(parseCsv('UID,Mail\nx7,ada@example.com'), columns).extensions;
		if (!extension) throw new Error('No row was read');
		expect(extension).toMatchObject({ id: 'x7', number: null });
		const pbx = { email: { from: 'ada@example.com', to: 'eva@example.com' } };
		const basedOn = fingerprint(extension);
		const change = { kind: 'update', extensionId: 'x7', pbx, directory: {}, basedOn } as const;
		const { table } = makeImportFile([{ change, userId: null, extension }], columns);
		expect(table).toEqual([
			['UID', 'Mail'],
			['x7', 'eva@example.com'],
		]);
	});

	it.each([
		['an empty file', '', NONE, 'file.noHeadings'],
		['a missing column', 'a,b\n1,2', COLUMNS, 'file.noColumn'],
		['no key', 'First Name\nAda', NONE, 'file.noKeyColumn'],
		['a row without a key', 'number,email\n201,\n,x@example.com', NONE, 'file.noKey'],
		['a key twice', 'number\n201\n201', NONE, 'file.sameKey'],
		['half a file', 'number,email\n201,"ada@exa', NONE, 'file.brokenQuote'],
	])('refuses %s rather than give a shorter list', (_what, text, columns, code) => {
		let said = 'nothing';
		try {
			readTable(parseCsv(text), columns);
		} catch (thrown) {
			if (thrown instanceof DiagnosedError) said = thrown.diagnostic.code;
		}
		expect(said).toBe(code);
	});

	it('takes headings without rows for a phone system without extensions', () => {
		expect(readTable(parseCsv('number,email\r\n'), NONE).extensions).toEqual([]);
	});

	it('cannot be asked for anything, and says so', async () => {
		const system = csv.open({ http: fetchPort(), credential: {} });
		for (const work of [system.list(), system.get('200'), system.setEnabled('200', false)]) {
			await expect(work).rejects.toMatchObject({ diagnostic: { code: 'system.file' } });
		}
		await system.close();
	});
});
