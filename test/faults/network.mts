/**
 * A network in memory. Requests wait in one queue and are answered one at a time, in an order the
 * seed chooses; on the way they meet what networks do to requests.
 */
import type { HttpPort, HttpRequest, HttpResponse } from '../../http/port.ts';
import { noAnswer } from '../../nodes/host/no-answer.ts';
import type { Chance } from './chance.mts';

export interface Server {
	readonly name: string;
	answer(request: HttpRequest): HttpResponse;
	/** Ends every session, as a restart or an expired token does. */
	endSessions(): void;
}

/** One run of the workflow. A killed one never gets another answer, so nothing of it happens any more. */
export class Run {
	readonly cancelling = new AbortController();
	state: 'running' | 'killed' | 'ended' = 'running';

	constructor(readonly name: string) {}
}

const FAULTS = [
	'lost before it was carried out',
	'lost after it was carried out',
	'500 before it was carried out',
	'502 after it was carried out',
	'429 with a time to wait',
	'503',
	'half an answer',
	'a web page',
	'the session ends',
] as const;
const ENDINGS = [
	'cancelled',
	'killed before it was carried out',
	'killed after it was carried out',
] as const;
export const ALL_FAULTS = [...FAULTS, ...ENDINGS];
export type Fault = (typeof ALL_FAULTS)[number];

interface Exchange {
	readonly run: Run;
	readonly label: string;
	readonly server: Server | null;
	readonly url: string;
	/** Gives the answer; whatever it changes is changed then. */
	readonly carryOut: () => HttpResponse;
	readonly resolve: (response: HttpResponse) => void;
	readonly reject: (thrown: unknown) => void;
}

export class Network {
	/** What happened, line by line. Two runs of one seed agree on every byte of it. */
	readonly log: string[] = [];
	readonly injected = new Map<Fault, number>();
	/** Share of the requests that something happens to. */
	trouble = 0;
	private waiting: Exchange[] = [];

	constructor(
		private readonly chance: Chance,
		/** Called after everything that was carried out. */
		private readonly afterwards: (label: string) => void,
	) {}

	portOf(run: Run, server: Server): HttpPort {
		return async (request, signal) =>
			await new Promise((resolve, reject) => {
				const { method, url } = request;
				const label = `${server.name} ${method} ${url}`;
				const carryOut = () => server.answer(request);
				this.queue({ run, label, server, url, carryOut, resolve, reject }, signal);
			});
	}

	/** Something of the run that is not a request, and still a moment in which it may be stopped. */
	async step<T>(run: Run, label: string, act: () => T): Promise<T> {
		let result: { readonly value: T } | undefined;
		await new Promise<HttpResponse>((resolve, reject) => {
			const carryOut = () => {
				result = { value: act() };
				return { status: 200, headers: {}, body: '' };
			};
			this.queue({ run, label, server: null, url: 'memory:', carryOut, resolve, reject });
		});
		if (!result) throw new Error('A step always gives something.');
		return result.value;
	}

	/** Answers until every run has ended or was killed. */
	async drive(runs: ReadonlyMap<Run, Promise<void>>): Promise<void> {
		for (const [run, work] of runs) {
			const end = () => {
				if (run.state === 'running') run.state = 'ended';
			};
			void work.then(end, end);
		}
		for (;;) {
			await quiet();
			this.waiting = this.waiting.filter(({ run }) => run.state === 'running');
			if ([...runs.keys()].every(({ state }) => state !== 'running')) return;
			const [next] = this.waiting.splice(this.chance.below(this.waiting.length), 1);
			if (!next) throw new Error('A run waits for something that nobody will send.');
			this.answer(next);
		}
	}

	private queue(exchange: Exchange, signal?: AbortSignal): void {
		if (signal?.aborted) exchange.reject(cancelled(exchange.url));
		else this.waiting.push(exchange);
	}

	private answer(exchange: Exchange): void {
		const { run, label, server, url, resolve, reject } = exchange;
		const carryOut = (): HttpResponse => {
			const response = exchange.carryOut();
			this.afterwards(label);
			return response;
		};
		const fault = this.chance.is(this.trouble) ? this.choose(server) : null;
		this.log.push(`${run.name}: ${label}${fault ? ` - ${fault}` : ''}`);
		if (fault) this.injected.set(fault, (this.injected.get(fault) ?? 0) + 1);
		const lost = () => reject(noAnswer(Object.assign(new Error(), { code: 'ECONNRESET' }), url));
		switch (fault) {
			case null:
				return resolve(carryOut());
			case 'lost before it was carried out':
				return lost();
			case 'lost after it was carried out':
				carryOut();
				return lost();
			case '500 before it was carried out':
				return resolve(status(500));
			case '502 after it was carried out':
				carryOut();
				return resolve(status(502));
			case '429 with a time to wait':
				return resolve({ ...status(429), headers: { 'retry-after': '7' } });
			case '503':
				return resolve(status(503));
			case 'half an answer': {
				const whole = carryOut();
				return resolve({ ...whole, body: whole.body.slice(0, whole.body.length / 2) });
			}
			case 'a web page':
				return resolve({ ...status(200), body: '<!doctype html><h1>Please sign in</h1>' });
			case 'the session ends':
				server?.endSessions();
				return resolve(carryOut());
			case 'cancelled':
				run.cancelling.abort();
				if (this.chance.is(0.5)) carryOut();
				reject(cancelled(url));
				for (const other of this.waiting.filter((each) => each.run === run)) {
					other.reject(cancelled(url));
				}
				this.waiting = this.waiting.filter((each) => each.run !== run);
				return;
			case 'killed before it was carried out':
				run.state = 'killed';
				return;
			case 'killed after it was carried out':
				carryOut();
				run.state = 'killed';
		}
	}

	/** Memory is not behind a network: a run can only be stopped there. Runs that end early see little. */
	private choose(server: Server | null): Fault {
		if (!server || this.chance.is(0.1)) return this.chance.of(ENDINGS);
		return this.chance.of(FAULTS);
	}
}

const status = (code: number): HttpResponse => ({ status: code, headers: {}, body: '' });

const cancelled = (url: string) =>
	noAnswer(Object.assign(new Error('cancelled'), { code: 'ERR_CANCELED' }), url);

/** Until everybody who can go on has gone on: no timer and no socket is in use here. */
async function quiet(): Promise<void> {
	for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}
