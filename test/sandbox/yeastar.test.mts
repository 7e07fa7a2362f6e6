import { request } from 'node:http';
import { startSandbox } from '../../sandbox/sandbox.mts';
import type { Sandbox } from '../../sandbox/sandbox.mts';
import { yeastarGet, yeastarPost, yeastarSignIn } from './clients.mts';
import type { Body } from './clients.mts';

let now = Date.UTC(2026, 10, 22);
let sandbox: Sandbox;
let access_token: string;

beforeEach(async () => {
	sandbox = await startSandbox({ clock: () => now });
	access_token = String((await yeastarSignIn(sandbox))['access_token']);
});
afterEach(() => sandbox.stop());

const pbx = () => sandbox.control.yeastar.state.pbx;
const get = (path: string, parameters: Record<string, string> = {}) =>
	yeastarGet(sandbox, path, { access_token, ...parameters });
const post = (path: string, body: unknown) => yeastarPost(sandbox, path, body, access_token);

const NEW = {
	type: 'SIP',
	number: '350',
	reg_name: '350',
	reg_password: 'Zq8-mora-Kt',
	user_password: 'Zq8moraKt7',
	concurrent_registrations: 1,
	presence_status: 'available',
	first_name: 'Nina',
	last_name: 'Berg',
	email_addr: 'nina.berg@nordvik.example',
};

describe('tokens', () => {
	it('are eight at most; giving one back makes room', async () => {
		for (let i = 2; i <= 8; i += 1) {
			expect(await yeastarSignIn(sandbox)).toMatchObject({ errcode: 0 });
		}
		expect(await yeastarSignIn(sandbox)).toEqual({
			errcode: 60002,
			errmsg: 'MAX LIMITATION EXCEEDED',
		});
		await get('del_token');
		expect(await yeastarSignIn(sandbox)).toMatchObject({ errcode: 0 });
	});

	it('end after half an hour, and that makes room too', async () => {
		now += 1_800_000;
		expect(await get('extension/list')).toMatchObject({ errcode: 10004 });
		expect(sandbox.control.yeastar.state.sessions.open).toBe(0);
	});

	it('are both replaced by a refresh', async () => {
		const first = await yeastarSignIn(sandbox);
		const second = await yeastarPost(sandbox, 'refresh_token', {
			refresh_token: first['refresh_token'],
		});
		expect(second).toMatchObject({ errcode: 0, access_token_expire_time: 1800 });
		const list = (token: unknown) =>
			yeastarGet(sandbox, 'extension/list', { access_token: String(token) });
		expect(await list(first['access_token'])).toMatchObject({ errcode: 10004 });
		expect(await list(second['access_token'])).toMatchObject({ errcode: 0 });
		expect(
			await yeastarPost(sandbox, 'refresh_token', { refresh_token: first['refresh_token'] }),
		).toMatchObject({ errcode: 10004 });
	});

	it('are not given to a caller who guessed wrong five times', async () => {
		for (let i = 1; i <= 5; i += 1) {
			expect(await yeastarSignIn(sandbox, 'guess')).toMatchObject({ errcode: 1 });
		}
		expect(await yeastarSignIn(sandbox)).toMatchObject({ errcode: 70087 });
		sandbox.control.yeastar.settings.blocked = false;
		expect(await yeastarSignIn(sandbox)).toMatchObject({ errcode: 0 });
	});
});

describe('requests', () => {
	it('without a User-Agent get no answer', async () => {
		const { baseUrl } = sandbox.systems.yeastar;
		const answered = new Promise((resolve, reject) => {
			const sent = request(`${baseUrl}/openapi/v1.0/extension/list`, resolve);
			sent.on('error', reject);
			sent.end();
		});
		await expect(answered).rejects.toMatchObject({ code: 'ECONNRESET' });
	});

	it('to an interface that does not exist are told so, with status 200', async () => {
		expect(await get('extension/nothing')).toEqual({
			errcode: 10001,
			errmsg: 'INTERFACE NOT EXISTED',
		});
	});

	it('with a body that is no JSON are an internal error', async () => {
		expect(await post('extension/create', 'no json')).toMatchObject({
			errcode: -2,
			invalid_param_list: [{ value: expect.any(String) }],
		});
	});

	it('show in the log without their token', async () => {
		await get('extension/list', { page: '1' });
		expect(sandbox.control.yeastar.requests().at(-1)).toMatchObject({
			method: 'GET',
			path: '/openapi/v1.0/extension/list',
			query: { access_token: '***', page: '1' },
			status: 200,
			write: false,
		});
	});
});

describe('extension/list', () => {
	it('gives every account once over its pages, and the whole number on each', async () => {
		const ids: unknown[] = [];
		for (let page = 1; ; page += 1) {
			const answer = await get('extension/list', { page: String(page), page_size: '7' });
			expect(answer['total_number']).toBe(pbx().extensions.size);
			const rows = answer['data'] as Body[];
			if (rows.length === 0) break;
			ids.push(...rows.map((row) => row['id']));
		}
		expect(ids).toEqual([...pbx().extensions.keys()]);
	});

	it('gives twenty rows when no page size is asked for, sorted as asked', async () => {
		const answer = await get('extension/list', { sort_by: 'number', order_by: 'desc' });
		const numbers = (answer['data'] as Body[]).map((row) => String(row['number']));
		expect(numbers).toHaveLength(20);
		expect(numbers).toEqual([...numbers].sort().reverse());
	});

	it('gives the name in one piece, and only extension/get gives both parts', async () => {
		const { data } = await get('extension/search', { search_value: '480' });
		const [row] = data as Body[];
		expect(row).toMatchObject({ caller_id_name: 'Ture Gammal' });
		expect(row).not.toHaveProperty('first_name');
		const full = await get('extension/get', { id: String(row?.['id']) });
		expect(full['data']).toMatchObject({ first_name: 'Ture', last_name: 'Gammal' });
		expect(JSON.stringify(full)).not.toContain('password');
	});

	it('refuses an order it does not know', async () => {
		expect(await get('extension/list', { sort_by: 'shoe_size' })).toMatchObject({
			errcode: 40002,
			invalid_param_list: [{ value: 'sort_by' }],
		});
	});
});

describe('extension/query', () => {
	it('gives the full records of those asked for that exist', async () => {
		const { data } = await get('extension/query', { ids: '41,42,9999' });
		expect(data).toMatchObject([
			{ id: 41, number: '200', enb_web_client: 1 },
			{ id: 42, number: '205' },
		]);
	});
});

describe('extension/create', () => {
	it('makes an account that can be read back', async () => {
		const { id } = await post('extension/create', NEW);
		const { data } = await get('extension/get', { id: String(id) });
		expect(data).toMatchObject({ number: '350', first_name: 'Nina', disable_outb_call: 0 });
		expect(sandbox.control.yeastar.writes()).toHaveLength(1);
	});

	it('names all required parameters that are missing, at once', async () => {
		const { invalid_param_list } = await post('extension/create', {});
		expect((invalid_param_list as Body[]).map((item) => item['value']).sort()).toEqual([
			'concurrent_registrations',
			'number',
			'presence_status',
			'reg_name',
			'reg_password',
			'type',
			'user_password',
		]);
	});

	it.each([
		['a number of eight digits', { number: '12345678' }, 'number'],
		['a number with a letter', { number: 'x35' }, 'number'],
		['a short registration password', { reg_password: 'Ab1-xyz' }, 'reg_password'],
		['a user password without capitals', { user_password: 'zq8morakt7' }, 'user_password'],
		['a user password without digits', { user_password: 'ZqmoraKtxx' }, 'user_password'],
		['four digits in a row', { user_password: 'Zq1234moraK' }, 'user_password'],
		['four digits in a row backwards', { user_password: 'Zq9876moraK' }, 'user_password'],
		['four equal digits', { user_password: 'Zq7777moraK' }, 'user_password'],
		['the number in the password', { user_password: 'Zqmora350Kt' }, 'user_password'],
		['the name in the password', { user_password: 'Zq8ninaKt77' }, 'user_password'],
	])('refuses %s', async (_what, changes, parameter) => {
		const size = pbx().extensions.size;
		expect(await post('extension/create', { ...NEW, ...changes })).toEqual({
			errcode: 40002,
			errmsg: 'PARAMETER ERROR',
			invalid_param_list: [{ value: parameter }],
		});
		expect(pbx().extensions.size).toBe(size);
	});

	it('refuses a number and a mail that are taken, the mail unless told otherwise', async () => {
		const taken = { errcode: 40003, errmsg: 'DUPLICATE KEY VALUE' };
		expect(await post('extension/create', { ...NEW, number: '200' })).toEqual(taken);
		const sameMail = { ...NEW, email_addr: 'TURE.GAMMAL@nordvik.example' };
		expect(await post('extension/create', sameMail)).toEqual(taken);
		sandbox.control.yeastar.settings.uniqueEmails = false;
		expect(await post('extension/create', sameMail)).toMatchObject({ errcode: 0 });
	});

	it('wants an organization when organizations are managed', async () => {
		sandbox.control.yeastar.settings.organizationRequired = true;
		expect(await post('extension/create', NEW)).toMatchObject({
			invalid_param_list: [{ value: 'organization_list' }],
		});
		const placed = { ...NEW, organization_list: [{ value: '1' }] };
		expect(await post('extension/create', placed)).toMatchObject({ errcode: 0 });
	});

	it('stops at what the licence allows', async () => {
		sandbox.control.yeastar.settings.capacity = pbx().extensions.size;
		expect(await post('extension/create', NEW)).toMatchObject({ errcode: 60002 });
	});
});

describe('extension/update', () => {
	it('writes only what it is given and never the number', async () => {
		const before = { ...pbx().byNumber('480') };
		const { errcode } = await post('extension/update', {
			id: before.id,
			title: 'Veteran',
			number: '999',
		});
		expect(errcode).toBe(0);
		expect(pbx().byNumber('480')).toEqual({ ...before, title: 'Veteran' });
	});

	it('keeps two accounts from carrying one mail address', async () => {
		const id = pbx().byNumber('481')?.id;
		expect(
			await post('extension/update', { id, email_addr: 'ture.gammal@nordvik.example' }),
		).toMatchObject({ errcode: 40003 });
	});
});

describe('extension/delete', () => {
	it('is a GET, counts as a write, and works once', async () => {
		const id = String(pbx().byNumber('481')?.id);
		expect(await get('extension/delete', { id })).toEqual({ errcode: 0, errmsg: 'SUCCESS' });
		expect(await get('extension/delete', { id })).toMatchObject({ errcode: 40002 });
		expect(sandbox.control.yeastar.writes()).toHaveLength(2);
	});
});
