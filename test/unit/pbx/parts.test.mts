/** The parts phone systems are made of. */
import { readJson, segment, troubleIn } from '../../../pbx/answer.ts';
import { address, parseCredential } from '../../../pbx/credential.ts';
import { inLanes } from '../../../pbx/lanes.ts';
import { readPages } from '../../../pbx/listing.ts';
import { generateSecret } from '../../../pbx/secret.ts';
import { openSession } from '../../../pbx/session.ts';
import { SYSTEMS, systemNamed } from '../../../pbx/systems.ts';
import { DiagnosedError } from '../../../sync/diagnostic.ts';
import { z } from 'zod';
import { trouble } from './phone-system.mts';

const codeOf = async (work: Promise<unknown>) =>
	await work.then(
		() => 'nothing was refused',
		(thrown: unknown) =>
			thrown instanceof DiagnosedError ? thrown.diagnostic.code : String(thrown),
	);
const thrownBy = async (work: () => unknown) => await codeOf((async () => work())());

describe('reading a list in pages', () => {
	const rows = Array.from({ length: 10 }, (_, n) => ({ id: String(n) }));
	const page = (offset: number, size = 4) => ({
		rows: rows.slice(offset, offset + size),
		total: 10,
	});

	it('goes on to the end', async () => {
		const told: string[] = [];
		const tell = (done: number, total: number | null) => told.push(`${done}/${total}`);
		expect(await readPages('X', async ({ offset }) => page(offset), { onProgress: tell })).toEqual(
			rows,
		);
		expect(told.at(-1)).toBe(`${rows.length}/${rows.length}`);
		expect(told.length).toBeGreaterThan(1);
	});

	it('folds a row that slid onto the next page, and then reads again, because one was missed', async () => {
		let reading = 0;
		const read = await readPages('X', async ({ page: number, offset }) => {
			if (number === 1) reading += 1;
			return reading === 1 && number === 2 ? page(offset - 1) : page(offset);
		});
		expect(read).toEqual(rows);
		expect(reading).toBe(2);
	});

	it.each([
		['too few rows', async ({ offset }: { offset: number }) => ({ ...page(offset), total: 11 })],
		[
			'too many rows',
			async ({ offset }: { offset: number }) => ({ ...page(offset, 12), total: 9 }),
		],
		['the same page for ever', async () => ({ ...page(0), total: 1e9 })],
	])('refuses %s', async (_name, fetchPage) => {
		expect(await codeOf(readPages('X', fetchPage))).toBe('system.incompleteList');
	});

	it('asks for several pages at once, never for more, and keeps the order of the rows', async () => {
		let open = 0;
		let most = 0;
		const positions: number[] = [];
		const read = await readPages(
			'X',
			async ({ offset }) => {
				positions.push(offset);
				most = Math.max(most, ++open);
				// Later pages come first.
				for (let turn = offset; turn < 10; turn++) await Promise.resolve();
				open -= 1;
				return page(offset, 2);
			},
			{ atOnce: 3 },
		);
		expect(read).toEqual(rows);
		expect(positions).toEqual([0, 2, 4, 6, 8]);
		expect(most).toBe(3);
	});

	it('reads one page after the other again when several at once did not bring the whole list', async () => {
		const asked: number[] = [];
		const read = await readPages(
			'X',
			async ({ offset }) => {
				asked.push(offset);
				// A server that gives less the busier it is.
				return page(offset, offset > 0 && asked.length < 4 ? 1 : 4);
			},
			{ atOnce: 4 },
		);
		expect(read).toEqual(rows);
		expect(asked).toEqual([0, 4, 8, 0, 4, 8]);
	});

	it.each([
		[
			'too few rows',
			async ({ offset }: { offset: number }) => ({ ...page(offset), total: 900 }),
			8,
		],
		['the same page for ever', async () => ({ ...page(0), total: 200_000 }), 8],
		['nothing, and states many', async () => ({ rows: [], total: 200_000 }), 2],
	])('does not ask on and on for %s', async (_name, answer, most) => {
		let asked = 0;
		const fetchPage = async (position: { offset: number }) => {
			asked += 1;
			return await answer(position);
		};
		expect(await codeOf(readPages('X', fetchPage, { atOnce: 4 }))).toBe('system.incompleteList');
		expect(asked).toBeLessThanOrEqual(most + 3);
	});

	it('gives up on a list that brings somebody new for ever', async () => {
		let asked = 0;
		const fetchPage = async () => ({ rows: [{ id: String(asked++) }], total: 1e9 });
		expect(await codeOf(readPages('X', fetchPage))).toBe('system.endlessList');
		expect(asked).toBeLessThanOrEqual(10_000);
	});

	it('gives up on Telavox pages that bring somebody new for ever', async () => {
		let asked = 0;
		const http = async () => {
			const email = `${String(asked++)}@example.com`;
			const body = JSON.stringify([{ key: email, email, name: 'Ada' }]);
			return { status: 200, headers: {}, body };
		};
		const credential = { baseUrl: 'https://telavox.example', token: 'token' };
		const system = systemNamed('telavox').open({ http, credential });
		expect(await codeOf(system.list())).toBe('system.endlessList');
		expect(asked).toBeLessThanOrEqual(10_001);
	});
});

describe('working in lanes', () => {
	it('gives the results in the order of the items', async () => {
		const work = async (n: number) => {
			for (let turns = n % 3; turns > 0; turns--) await Promise.resolve();
			return n * 2;
		};
		expect(await inLanes([1, 2, 3, 4, 5], 2, work)).toEqual([2, 4, 6, 8, 10]);
		expect(await inLanes([], 2, work)).toEqual([]);
	});

	it('begins nothing new after the first rejection, and hands it on', async () => {
		const begun: number[] = [];
		const work = async (n: number) => {
			begun.push(n);
			await Promise.resolve();
			if (n === 2) throw trouble('account.refused');
		};
		expect(await codeOf(inLanes([1, 2, 3, 4, 5, 6, 7, 8], 2, work))).toBe('account.refused');
		expect(begun.length).toBeLessThan(6);
	});
});

describe('a session', () => {
	it('gets one token for everybody who asks, and one more when that ended', async () => {
		let given = 0;
		const session = openSession(async () => ++given);
		expect(await Promise.all([session.get(), session.get(), session.get()])).toEqual([1, 1, 1]);
		expect(await Promise.all([session.renew(1), session.renew(1), session.get()])).toEqual([
			2, 2, 2,
		]);
		expect(await session.renew(1)).toBe(2);
		expect(session.held).toBe(2);
	});

	it('tries again after a lost connection, never after a refusal', async () => {
		let asked = 0;
		const session = openSession<string>(async () => {
			asked += 1;
			throw trouble(asked === 1 ? 'network.timedOut' : 'signIn.refused');
		});
		expect(await codeOf(session.get())).toBe('network.timedOut');
		expect(await codeOf(session.get())).toBe('signIn.refused');
		expect(await codeOf(session.get())).toBe('signIn.refused');
		expect(asked).toBe(2);
		expect(session.held).toBeNull();
	});
});

describe('a generated password', () => {
	it('is long, mixed, and holds neither the number nor a name nor digits in a row', () => {
		const secrets = Array.from({ length: 300 }, () =>
			generateSecret(24, ['23', 'Bo', 'e', null, '']),
		);
		expect(new Set(secrets).size).toBe(300);
		for (const secret of secrets) {
			expect(secret).toMatch(/^[A-Za-z2-9]{24}$/);
			expect(secret).toMatch(/[a-z]/);
			expect(secret).toMatch(/[A-Z]/);
			expect(secret).toMatch(/\d/);
			expect(secret).not.toMatch(/\d{3}|23|bo|e/i);
		}
	});
});

describe('reading an answer', () => {
	const read = (body: string) =>
		thrownBy(() => readJson({ status: 200, headers: {}, body }, z.object({ a: z.number() }), 'X'));

	it.each([
		['<!DOCTYPE html><p>hello', 'system.webPage'],
		['\n <html></html>', 'system.webPage'],
		['{"a": 1', 'system.answerBroken'],
		['', 'system.answerBroken'],
		['{"a": "1"}', 'system.answerUnexpected'],
		['null', 'system.answerUnexpected'],
		['['.repeat(200_000), 'system.answerBroken'],
		[`{"a": 1, "b": "${'x'.repeat(33_000_000)}"}`, 'system.answerTooLong'],
		['{"a": 1, "__proto__": {"polluted": 1}}', 'nothing was refused'],
	])('takes %.20s for what it is', async (body, code) => {
		expect(await read(body)).toBe(code);
		expect({}).not.toHaveProperty('polluted');
	});

	it('knows what a status means by itself', () => {
		const codes = [200, 301, 401, 403, 404, 429, 500, 503].map(
			(status) => troubleIn(status, 'X')?.code ?? null,
		);
		expect(codes).toEqual([
			null,
			'system.redirected',
			'signIn.refused',
			'signIn.forbidden',
			null,
			'system.busy',
			'system.unwell',
			'system.busy',
		]);
	});

	it('keeps an id one segment of a path', async () => {
		expect(segment('a/../b?c#d')).toBe('a%2F..%2Fb%3Fc%23d');
		for (const id of ['', '.', '..'])
			expect(await thrownBy(() => segment(id))).toBe('account.badId');
	});
});

describe('a credential', () => {
	it.each([
		[' https://pbx.example.com// ', 'https://pbx.example.com'],
		['http://10.0.0.5:8088', 'http://10.0.0.5:8088'],
	])('takes %j for an address', (text, expected) => {
		expect(address.parse(text)).toBe(expected);
	});

	it.each(['', 'pbx.example.com', 'ftp://x', 'javascript:alert(1)', 'https://me:pw@x'])(
		'does not take %j for an address',
		(text) => {
			expect(address.safeParse(text).success).toBe(false);
		},
	);

	it('names the field that does not fit, and never its value', () => {
		const read = () => parseCredential(z.object({ baseUrl: address }), { baseUrl: 's3cret' }, 'X');
		expect(read).toThrow(DiagnosedError);
		try {
			read();
		} catch (thrown) {
			expect(thrown).toMatchObject({ diagnostic: { field: 'baseUrl' } });
			expect(JSON.stringify(thrown)).not.toContain('s3cret');
		}
	});
});

describe('the list of systems', () => {
	it('finds each by its name, and says which there are when one is not known', () => {
		for (const system of SYSTEMS) expect(systemNamed(system.name)).toBe(system);
		expect(() => systemNamed('nobody')).toThrow('There is no phone system called "nobody" here.');
	});

	it.each(SYSTEMS.map((system) => [system.name, system] as const))(
		'%s declares what fits together',
		(_name, { capabilities, fields, credentialType }) => {
			const names = fields.map(({ name }) => name);
			expect(new Set(names).size).toBe(names.length);
			expect(names).toContain('email');
			expect(names.includes('number')).toBe(capabilities.numbers !== 'none');
			expect(capabilities.numberMaxLength > 0).toBe(capabilities.numbers !== 'none');
			expect(capabilities.concurrency).toBeGreaterThan(0);
			expect(credentialType).toMatch(capabilities.reach === 'file' ? /^$/ : /Api$/);
		},
	);
});
