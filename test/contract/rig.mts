import { createServer } from 'node:net';
import { inspect } from 'node:util';
import type { HttpPort } from '../../http/port.ts';
import { withRetry } from '../../http/retry.ts';
import type { Connection, NewExtension, PhoneSystem, SystemDefinition } from '../../pbx/adapter.ts';
import type { Fault } from '../../sandbox/faults.mts';
import type { LoggedRequest } from '../../sandbox/journal.mts';
import { DiagnosedError } from '../../sync/diagnostic.ts';

/** One running phone system, and the ways to look behind its interface. */
export interface Rig {
	readonly definition: SystemDefinition;
	readonly http: HttpPort;
	readonly credential: Readonly<Record<string, unknown>>;
	/** The same credential with a secret that is wrong. */
	readonly wrong: {
		readonly credential: Readonly<Record<string, unknown>>;
		readonly http: HttpPort;
	};
	/** Nothing listens there. */
	readonly nowhere: Readonly<Record<string, unknown>>;
	/** Texts that must never show up in an error. */
	readonly secrets: readonly string[];
	readonly control: {
		requests(): LoggedRequest[];
		writes(): LoggedRequest[];
		clearRequests(): void;
		fault(fault: Fault): void;
		clearFaults(): void;
	};
	/** Which requests are which, for faults. */
	readonly requests: Readonly<Record<'list' | 'create' | 'update', Pick<Fault, 'path' | 'method'>>>;
	/** Where a page of the list holds its rows: names with dots between. Empty: it is nothing but rows. */
	readonly rows: string;
	/** The account of a person, as the mapping would have it. */
	person(n: number, fields?: NewExtension['fields']): NewExtension;
	/** The field of ours that holds a person's first name, or the whole. Default: 'firstName'. */
	readonly nameField?: string;
	/** Fields of `person` that may be emptied. Default: job title and mobile. */
	readonly clearable?: readonly string[];
	/** How many accounts there are, seen from inside. */
	count(): number;
	removeAll(): void;
	/** Ends what the sign-in gave, as time or a restart does. */
	endSession(): void;
	/** Sets what no field of ours covers, and reads it again. */
	readonly foreign: { set(id: string): void; get(id: string): unknown };
	stop(): Promise<void>;
}

export interface Opening {
	readonly http?: HttpPort;
	readonly credential?: Readonly<Record<string, unknown>>;
	readonly pageSize?: number;
	readonly signal?: AbortSignal;
	readonly onProgress?: Connection['onProgress'];
}

/** Opens the system as a node does, but without waiting between tries. */
export function open(rig: Rig, opening: Opening = {}): PhoneSystem {
	const { http = rig.http, credential = rig.credential, ...rest } = opening;
	const patient = withRetry(http, { pause: async () => {} });
	return rig.definition.open({ http: patient, credential, ...rest });
}

/** Why something was refused; fails when it was not, or when the refusal tells a secret. */
export async function refusalOf(rig: Rig, work: Promise<unknown>): Promise<string> {
	try {
		await work;
	} catch (thrown) {
		const everything = inspect(thrown, { depth: 10, showHidden: true });
		for (const secret of rig.secrets) expect(everything).not.toContain(secret);
		expect(everything).not.toMatch(/access_token=|Bearer /);
		if (!(thrown instanceof DiagnosedError)) throw thrown;
		const { code, what, why, fix } = thrown.diagnostic;
		for (const sentence of [what, why, fix]) expect(sentence).toMatch(/^.{10,}$/);
		return code;
	}
	throw new Error('This was not refused');
}

/** The code of a refusal, which is all a behaviour compares; anything else is thrown on. */
export function codeOf(thrown: unknown): string {
	if (thrown instanceof DiagnosedError) return thrown.diagnostic.code;
	throw thrown;
}

/** An address where nothing listens: a port that was free a moment ago. */
export async function addressOfNobody(): Promise<string> {
	const server = createServer().listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	const address = server.address();
	await new Promise((resolve) => server.close(resolve));
	return `http://127.0.0.1:${String(typeof address === 'object' ? address?.port : 9)}`;
}
