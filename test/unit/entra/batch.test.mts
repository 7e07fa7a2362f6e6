import { openBatch } from '../../../entra/batch.ts';
import type { Part } from '../../../entra/batch.ts';
import { ASKING } from '../../../entra/diagnosis.ts';
import type { HttpPort, HttpRequest, HttpResponse } from '../../../http/port.ts';
import { DiagnosedError } from '../../../sync/diagnostic.ts';
import { GRAPH, json } from './graph-script.mts';

interface PartRequest {
	readonly id: string;
	readonly url: string;
}

/** A Graph whose answer to each part is up to the test; `times` counts per address. */
function graph(answer: (url: string, times: number) => object) {
	const sent: HttpRequest[] = [];
	const times = new Map<string, number>();
	const port: HttpPort = async (request): Promise<HttpResponse> => {
		sent.push(request);
		const { requests } = request.body as { requests: PartRequest[] };
		return json({
			responses: requests.map(({ id, url }) => {
				const time = (times.get(url) ?? 0) + 1;
				times.set(url, time);
				return { id, ...answer(url, time) };
			}),
		});
	};
	return { port, sent };
}

function patient() {
	const waited: number[] = [];
	const patience = {
		random: () => 0.5,
		pause: async (ms: number) => {
			waited.push(ms);
		},
	};
	return { waited, patience };
}

const parts = (count: number): Part[] =>
	Array.from({ length: count }, (_, n) => ({ method: 'PATCH', path: `/users/${n}`, body: {} }));

const sizes = (sent: readonly HttpRequest[]) =>
	sent.map(({ body }) => (body as { requests: unknown[] }).requests.length);

const done = { status: 204 };

describe('a batch', () => {
	it('takes any number of parts, twenty at a time, and answers in their order', async () => {
		const { port, sent } = graph((url) => ({ status: 200, body: { url } }));
		const answers = await openBatch(port, GRAPH)(parts(45), ASKING.users);
		expect(sizes(sent)).toEqual([20, 20, 5]);
		expect(answers.map((each) => each.kind === 'answer' && each.body)).toEqual(
			parts(45).map(({ path }) => ({ url: path })),
		);
	});

	it('sends nothing when there is nothing to send', async () => {
		const { port, sent } = graph(() => done);
		expect(await openBatch(port, GRAPH)([], ASKING.users)).toEqual([]);
		expect(sent).toEqual([]);
	});

	it('sends only the throttled parts again, after the longest time that was asked for', async () => {
		const { waited, patience } = patient();
		const { port, sent } = graph((url, time) =>
			time === 1 && /[12]$/.test(url)
				? { status: 429, headers: { 'retry-after': url.endsWith('1') ? '3' : '7.5' } }
				: done,
		);
		const answers = await openBatch(port, GRAPH, patience)(parts(3), ASKING.writing);
		expect(answers).toEqual(Array(3).fill(expect.objectContaining({ status: 204 })));
		expect(sizes(sent)).toEqual([3, 2]);
		expect(waited).toEqual([7_500]);
	});

	it('gives up on a part that stays throttled, and keeps the others', async () => {
		const { patience } = patient();
		const { port, sent } = graph((url) => (url.endsWith('0') ? { status: 429 } : done));
		const answers = await openBatch(port, GRAPH, { ...patience, attempts: 4 })(
			parts(2),
			ASKING.writing,
		);
		expect(answers).toMatchObject([{ status: 429 }, { status: 204 }]);
		expect(sizes(sent)).toEqual([2, 1, 1, 1]);
	});

	it('does not wait longer than anybody would: the part keeps its answer', async () => {
		const { waited, patience } = patient();
		const { port } = graph(() => ({ status: 429, headers: { 'Retry-After': '86400' } }));
		const answers = await openBatch(port, GRAPH, patience)(parts(1), ASKING.writing);
		expect(answers).toMatchObject([{ status: 429 }]);
		expect(waited).toEqual([]);
	});

	it('looks for what is not found exactly once more', async () => {
		const { patience } = patient();
		const { port, sent } = graph(() => ({ status: 404 }));
		await openBatch(port, GRAPH, patience)(parts(1), ASKING.writing);
		expect(sent).toHaveLength(2);
	});

	it('does not forget what was done when a later batch is lost', async () => {
		const honest = graph(() => done);
		const because = { code: 'network.lost', what: 'Broke.', why: '', fix: '' };
		const port: HttpPort = async (request) =>
			honest.sent.length === 0 ? honest.port(request) : Promise.reject(new DiagnosedError(because));
		const answers = await openBatch(port, GRAPH)(parts(21), ASKING.writing);
		expect(answers[0]).toMatchObject({ kind: 'answer', status: 204 });
		expect(answers[20]).toEqual({ kind: 'lost', because });
	});

	it('calls a part lost that Graph did not answer', async () => {
		const port: HttpPort = async () => json({ responses: [] });
		const answers = await openBatch(port, GRAPH)(parts(1), ASKING.writing);
		expect(answers).toMatchObject([{ kind: 'lost', because: { code: 'entra.brokenAnswer' } }]);
	});

	it('reads the words of a refusal, and whom a conflict is about', async () => {
		const error = {
			code: 'Request_BadRequest',
			message: 'Another object has it.',
			details: [{ code: 'ObjectConflict', target: 'userPrincipalName' }],
		};
		const { port } = graph(() => ({ status: 400, body: { error } }));
		const answers = await openBatch(port, GRAPH)(parts(1), ASKING.writing);
		expect(answers).toMatchObject([
			{ code: 'Request_BadRequest', message: error.message, target: 'userPrincipalName' },
		]);
	});
});
