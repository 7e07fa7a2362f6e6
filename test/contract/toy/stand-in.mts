/** The toy phone system itself, in memory. */
import express from 'express';
import type { Express, Request, Response } from 'express';
import { z } from 'zod';
import type { StandIn } from '../../../sandbox/server.mts';

export interface ToyLine {
	readonly id: number;
	digits: string;
	first: string | null;
	last: string | null;
	mail: string | null;
	cell: string | null;
	role: string | null;
	open: boolean;
	/** What no sync knows about. */
	melody: string | null;
}

export const TOY_KEY = 'the-toy-key';

export function toyStandIn(): StandIn<Record<string, never>, Map<number, ToyLine>> {
	const state = new Map<number, ToyLine>();
	const put = (values: Partial<ToyLine> & { digits: string }) => {
		const id = Math.max(0, ...state.keys()) + 1;
		const nobody = { first: null, last: null, mail: null, cell: null, role: null, melody: null };
		const line: ToyLine = { ...nobody, open: true, ...values, id };
		state.set(id, line);
		return line;
	};
	for (let digits = 100; digits < 112; digits++)
		put({ digits: String(digits), first: `N${digits}` });
	return {
		name: 'Toy',
		settings: {},
		settingsSchema: z.object({}).strict(),
		state,
		describeState: () => [...state.values()],
		isWrite: (method) => method !== 'GET',
		vendorBody: (status) => ({
			type: 'application/json',
			body: JSON.stringify({ because: String(status) }),
		}),
		mount: (app) => mount(app, state, put),
	};
}

function mount(
	app: Express,
	state: Map<number, ToyLine>,
	put: (values: Partial<ToyLine> & { digits: string }) => ToyLine,
): void {
	const withLine = (answer: (line: ToyLine, request: Request, response: Response) => void) => {
		return (request: Request, response: Response) => {
			const line = state.get(Number(request.params['id']));
			if (line) answer(line, request, response);
			else response.status(404).json({ because: 'no such line' });
		};
	};
	app.use('/lines', (request, response, next) => {
		if (request.get('x-key') === TOY_KEY) next();
		else response.status(401).json({ because: 'unknown key' });
	});
	app.use(express.json());
	app.get('/lines', (request, response) => {
		const { searchParams } = new URL(request.originalUrl, 'http://toy');
		const digits = searchParams.get('digits');
		const all = [...state.values()].filter((line) => digits === null || line.digits === digits);
		const from = Number(searchParams.get('from') ?? 0);
		const take = Number(searchParams.get('take') ?? 20);
		response.json({ count: all.length, lines: all.slice(from, from + take) });
	});
	app.post('/lines', (request, response) => {
		const isTaken = [...state.values()].some(({ digits }) => digits === request.body.digits);
		if (isTaken) response.status(409).json({ because: 'digits taken' });
		else response.status(201).json(put(request.body));
	});
	app.get(
		'/lines/:id',
		withLine((line, _request, response) => response.json(line)),
	);
	app.patch(
		'/lines/:id',
		withLine((line, request, response) => response.json(Object.assign(line, request.body))),
	);
	app.delete(
		'/lines/:id',
		withLine((line, _request, response) => {
			state.delete(line.id);
			response.sendStatus(204);
		}),
	);
}
