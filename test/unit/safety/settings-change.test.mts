import type { IExecuteFunctions } from 'n8n-workflow';
import { settingsInUse } from '../../../nodes/ExtensionAllocator/settings-in-use.ts';
import type { Change } from '../../../sync/item.ts';
import { changedSettings, originOf } from '../../../sync/settings-change.ts';

interface Set {
	readonly scope?: object;
	readonly rows?: object[];
	readonly mapper?: object;
	readonly own?: object;
}

/** As n8n gives the settings of this node and of those before it. */
function printed({ scope = {}, rows = [], mapper = {}, own = {} }: Set = {}) {
	const before = [
		{ name: 'Source', type: 'pkg.entraUserSource', parameters: scope },
		{ name: 'Mapper', type: 'pkg.fieldMapper', parameters: { rows: { row: rows }, ...mapper } },
		{ name: 'Settings', type: 'n8n-nodes-base.set', parameters: { previewOnly: Math.random() } },
	];
	const context = {
		getNode: () => ({ name: 'Allocator', parameters: own }),
		getParentNodes: () => before,
	};
	// Only these two are asked for.
	return settingsInUse(context as unknown as IExecuteFunctions);
}

const row = (field: string, attribute: string) => ({ field, source: 'attribute', attribute });
const update = (...fields: string[]): Change => ({
	kind: 'update',
	extensionId: '1',
	pbx: Object.fromEntries(fields.map((name) => [name, { from: 'a', to: 'b' }])),
	directory: {},
	basedOn: 'f',
});
const create: Change = { kind: 'create', number: '200', pbx: {}, directory: {} };
const usual = printed({ rows: [row('email', 'mail'), row('mobile', 'mobilePhone')] });

describe('the print of the settings', () => {
	it.each([
		['how often everybody is read', { scope: { mode: 'changes', options: { wholeEveryDays: 7 } } }],
		['what is shown', { own: { options: { includeUnchanged: true } } }],
		['the yes itself', { own: { options: { acceptedSettings: 'abc', mustBeThere: 'a@b.c' } } }],
		['how many steps are shown', { mapper: { options: { showSteps: 3 } } }],
	])('is the same whatever %s', (_, set) => {
		expect(printed(set).code).toBe(printed().code);
	});

	it.each([
		['scope', { scope: { scope: 'groups' } }],
		['scope inside options', { scope: { options: { includeDeleted: true } } }],
		['a row', { rows: [row('email', 'mail')] }],
		['the country', { mapper: { options: { defaultCountry: 'SE' } } }],
		['a pool', { own: { pools: { pool: [{ name: 'A', ranges: '1-2' }] } } }],
		['matching', { own: { matchBy: ['email'] } }],
	])('is another for another %s', (_, set) => {
		expect(printed(set).code).not.toBe(printed().code);
	});
});

describe('where a change comes from', () => {
	const mobile = printed({ rows: [row('email', 'mail'), row('mobile', 'businessPhones')] });
	it.each([
		['only an edited field', update('mobile'), mobile, 'edit'],
		['only other fields', update('email'), mobile, 'directory'],
		['both kinds of fields', update('email', 'mobile'), mobile, 'either'],
		['a newcomer, after another mapping', create, mobile, 'directory'],
		['a newcomer, after another scope', create, { ...usual, scope: 'x' }, 'either'],
		['another number, after other pools', update('number'), { ...usual, numbering: 'x' }, 'edit'],
	] as const)('%s: %s', (_, change, now, origin) => {
		expect(originOf(change, usual, now)).toBe(origin);
	});

	it('is counted, and what was edited is named', () => {
		const told = changedSettings(usual, mobile, '', [update('mobile'), update('email'), create]);
		expect(told?.what).toContain('the mapping of Mobile');
		expect(told?.why).toBe(
			'Of 3 changes 1 come from the edit, 2 from the directory, and of 0 it cannot be told.',
		);
		expect(told?.fix).toContain(mobile.code);
	});
});
