/** What the panel of Extension Allocator says about scarce numbers reaches the plan. */
import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { ExtensionAllocator } from '../../nodes/ExtensionAllocator/ExtensionAllocator.node.ts';
import { runNode } from './engine.mts';

const item = (json: object): INodeExecutionData => ({ json: json as IDataObject });
const read = { id: 'r', count: 1, scope: 'whole' };

async function allocate(
	parameters: INodeParameters,
	rows: object[],
	more: { readonly system?: string; readonly seats?: number } = {},
) {
	const phone = '+4930123250';
	const user = { id: 'ada', status: 'active', mail: 'ada@example.com' };
	const contact = { firstName: 'Ada', email: 'ada@example.com', phone };
	const extension = { id: 'id900', number: '900', enabled: true, externalId: null, fields: {} };
	const { system = 'yeastar', ...license } = more;
	const { outputs, error } = await runNode({
		node: new ExtensionAllocator(),
		parameters,
		inputs: [
			[item({ user, contact, decisions: [], read: { ...read, of: 'users' } })],
			[item({ extension, read: { ...read, ...license, of: 'extensions', system } })],
			rows.map(item),
		],
	});
	expect(error).toBeUndefined();
	const [changes = [], conflicts = []] = outputs;
	return { change: changes[0]?.json, conflict: conflicts[0]?.json };
}

const journal = {
	runId: '1',
	at: new Date().toISOString(),
	system: 'yeastar',
	userId: 'bob',
	number: '200',
	result: 'deleted',
	changes: '{}',
};

describe('Extension Allocator', () => {
	it('passes over a number the journal says was released lately', async () => {
		const { change } = await allocate({ options: { coolingDays: 30 } }, [journal]);
		expect(change).toMatchObject({ number: { value: '201', reason: 'pool' } });
	});

	it('takes the end of the phone number for a pool that says so', async () => {
		const pool = [{ name: 'Office', ranges: '200-299', method: 'phoneDigits', digits: 3 }];
		const { change } = await allocate({ pools: { pool } }, []);
		expect(change).toMatchObject({ number: { value: '250', reason: 'phone', pool: 'Office' } });
	});

	it('gives a direct number together with the number of a pool, where the system holds one', async () => {
		const direct = '+49 30 1234{number}';
		const pool = [{ name: 'Office', ranges: '200-299', direct, directField: 'callerId' }];
		const { change } = await allocate({ pools: { pool } }, [], { system: '3cx' });
		expect(change).toMatchObject({
			number: { value: '200' },
			change: { pbx: { callerId: { from: null, to: '+49301234200' } } },
		});
		const wrong = [{ name: 'Office', ranges: '200-299', direct: '1234' }];
		await expect(allocate({ pools: { pool: wrong } }, [])).rejects.toThrow();
	});

	it('keeps to the seats, and passes over conflicts it is told to', async () => {
		const seats = { options: { seats: 1 } };
		const { conflict } = await allocate(seats, []);
		expect(conflict).toMatchObject({ conflict: { code: 'system.noSeat' } });
		const silent = await allocate({ ...seats, inConflict: { noSeat: 'skip' } }, []);
		expect(silent).toEqual({});
	});

	it('keeps to the seats of the license, as the phone system tells them', async () => {
		const { conflict } = await allocate({}, [], { seats: 1 });
		expect(conflict).toMatchObject({ conflict: { code: 'system.noSeat' } });
		const { change } = await allocate({}, [], { seats: 2 });
		expect(change).toMatchObject({ change: { kind: 'create' } });
	});

	it('only reports new users where that is set', async () => {
		const { conflict } = await allocate({ reactions: { new: 'report' } }, []);
		expect(conflict).toMatchObject({ conflict: { code: 'match.newReported' } });
	});
});
