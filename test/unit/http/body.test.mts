/** Bodies are taken in within bounds, whoever sends them. */
import { nestsTooDeep, readBody } from '../../../nodes/host/body.ts';
import { DiagnosedError } from '../../../sync/diagnostic.ts';

const REQUEST = { method: 'GET', url: 'https://pbx.example/users?token=secret' } as const;

async function* chunks(count: number, size: number) {
	for (let n = 0; n < count; n++) yield Buffer.alloc(size, 'x');
}

const refusal = async (work: Promise<unknown>) =>
	await work.then(
		() => 'nothing was refused',
		(thrown: unknown) =>
			thrown instanceof DiagnosedError
				? `${thrown.diagnostic.code} ${JSON.stringify(thrown.diagnostic)}`
				: String(Object(thrown).code),
	);

it('puts text together that was cut in the middle of a letter', async () => {
	const whole = Buffer.from('{"name":"Åsa-Zoë 李小龍"}');
	const bytes = async function* () {
		for (const byte of whole) yield Buffer.of(byte);
	};
	expect(await readBody(bytes(), REQUEST)).toBe(whole.toString());
});

it('takes off the mark some servers put before JSON', async () => {
	const body = async function* () {
		yield Buffer.from('\uFEFF{}');
	};
	expect(await readBody(body(), REQUEST)).toBe('{}');
});

it('stops taking in what does not end, and tells the host and no more of the address', async () => {
	let taken = 0;
	const endless = async function* () {
		for (;;) {
			taken += 1_000_000;
			yield Buffer.alloc(1_000_000, 'x');
		}
	};
	const told = await refusal(readBody(endless(), REQUEST));
	expect(told).toMatch(/^system.answerTooLong .*pbx\.example/);
	expect(told).not.toContain('secret');
	expect(taken).toBeLessThan(66_000_000);
});

it('takes what only trickles for a time-out', async () => {
	const slow = { ...REQUEST, timeoutMs: -1 };
	expect(await refusal(readBody(chunks(2, 1), slow))).toBe('ETIMEDOUT');
});

it.each([
	['lists', '['.repeat(101), true],
	['objects', '{"a":'.repeat(101), true],
	['no more than anybody needs', `${'['.repeat(100)}${']'.repeat(100)}`, false],
	['many beside each other', `[${'[],'.repeat(1000)}[]]`, false],
	['text that only looks so', JSON.stringify({ name: '[{"'.repeat(500) }), false],
	['text that ends in a backslash', `["\\\\",${'['.repeat(101)}`, true],
])('sees how deep JSON goes: %s', async (_, text, isTooDeep) => {
	expect(nestsTooDeep(text)).toBe(isTooDeep);
	const told = await refusal(readBody(text, REQUEST));
	expect(told.startsWith('system.answerTooDeep')).toBe(isTooDeep);
});
