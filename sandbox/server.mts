/**
 * One stand-in as an HTTP server on 127.0.0.1: its own routes behind a request log and a fault
 * switch, and the controls for tests under `/__sandbox/`.
 */
import express from 'express';
import type { Express, Request, RequestHandler, Router } from 'express';
import type { AddressInfo } from 'node:net';
import type { z } from 'zod';
import { Faults, faultSchema } from './faults.mts';
import type { Fault, VendorBody } from './faults.mts';
import { Journal } from './journal.mts';
import type { LoggedRequest } from './journal.mts';

/** What a test can do to a stand-in. `Settings` and `State` are the stand-in's own. */
export interface Control<Settings, State> {
	/** All requests since the start or the last clearing, in order of arrival. */
	requests(): LoggedRequest[];
	/** Only those meant to change something. */
	writes(): LoggedRequest[];
	clearRequests(): void;
	fault(fault: Fault): void;
	clearFaults(): void;
	/** Live: assign to change how the stand-in behaves from now on. */
	readonly settings: Settings;
	/** Live: what the stand-in holds. */
	readonly state: State;
}

export interface StandIn<Settings, State> {
	/** For people: 'Entra', 'Yeastar', 'SCIM'. */
	readonly name: string;
	readonly settings: Settings;
	readonly settingsSchema: z.ZodType<Partial<Settings>>;
	readonly state: State;
	/** The state as plain JSON, without secrets. */
	describeState(): unknown;
	isWrite(method: string, path: string): boolean;
	/**
	 * Runs before the request log. Where one address serves everything, it may put what is asked for
	 * into `originalUrl`, so that log and faults can tell requests apart. Routing does not look at it.
	 */
	readonly before?: RequestHandler;
	readonly vendorBody: VendorBody;
	mount(app: Express): void;
}

export interface RunningServer<Settings, State> {
	readonly url: string;
	readonly control: Control<Settings, State>;
	stop(): Promise<void>;
}

export async function openServer<Settings extends object, State>(
	standIn: StandIn<Settings, State>,
	port: number,
): Promise<RunningServer<Settings, State>> {
	const journal = new Journal((method, path) => standIn.isWrite(method, path));
	const faults = new Faults(standIn.vendorBody);
	const control: Control<Settings, State> = {
		requests: () => journal.requests(),
		writes: () => journal.requests().filter((request) => request.write),
		clearRequests: () => journal.clear(),
		fault: (fault) => faults.add(faultSchema.parse(fault)),
		clearFaults: () => faults.clear(),
		settings: standIn.settings,
		state: standIn.state,
	};

	const app = express();
	app.disable('x-powered-by');
	app.disable('etag');
	app.use('/__sandbox', controlRoutes(standIn, control));
	if (standIn.before) app.use(standIn.before);
	app.use(journal.record, faults.apply);
	standIn.mount(app);

	const server = app.listen(port, '127.0.0.1');
	await new Promise<void>((resolve, reject) => {
		server.once('listening', resolve);
		server.once('error', (cause: NodeJS.ErrnoException) => reject(explainListen(cause, port)));
	});
	// 'address' is an AddressInfo for every server that listens on TCP.
	const address = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${address.port}`,
		control,
		stop: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};

	function explainListen(cause: NodeJS.ErrnoException, wanted: number): Error {
		return cause.code === 'EADDRINUSE'
			? new Error(
					`Port ${wanted} for ${standIn.name} is taken by another program. ` +
						'Choose another port, or none: then a free one is found.',
					{ cause },
				)
			: cause;
	}
}

function controlRoutes<Settings extends object, State>(
	standIn: StandIn<Settings, State>,
	control: Control<Settings, State>,
): Router {
	const router = express.Router();
	router.use(express.json());
	router.get('/requests', (_request, response) => {
		response.json({ requests: control.requests() });
	});
	router.delete('/requests', (_request, response) => {
		control.clearRequests();
		response.sendStatus(204);
	});
	router.post('/faults', (request: Request, response) => {
		const fault = faultSchema.safeParse(request.body);
		if (!fault.success) {
			response.status(400).json({ message: fault.error.message });
			return;
		}
		control.fault(fault.data);
		response.sendStatus(204);
	});
	router.delete('/faults', (_request, response) => {
		control.clearFaults();
		response.sendStatus(204);
	});
	router.get('/state', (_request, response) => {
		response.json(standIn.describeState());
	});
	router
		.route('/settings')
		.get((_request, response) => {
			response.json(control.settings);
		})
		.patch((request: Request, response) => {
			const settings = standIn.settingsSchema.safeParse(request.body);
			if (!settings.success) {
				response.status(400).json({ message: settings.error.message });
				return;
			}
			Object.assign(control.settings, settings.data);
			response.json(control.settings);
		});
	return router;
}
