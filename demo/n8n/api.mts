/**
 * A small client of the interface the n8n editor itself uses (`/rest`). It is what lets a program
 * do everything an administrator does by hand: sign in, make credentials, test them, import a
 * workflow, run it, publish it and read what came out. Shapes as of n8n 2.8 to 2.41.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { parseFlatted } from './flatted.mts';

export interface Owner {
	readonly email: string;
	readonly password: string;
}

/** What n8n stores of a workflow, as it stands in a template file. */
export interface WorkflowFile {
	readonly name: string;
	readonly nodes: readonly WorkflowNode[];
	readonly connections: Readonly<Record<string, unknown>>;
	readonly settings?: Readonly<Record<string, unknown>> | undefined;
}

export interface WorkflowNode {
	readonly name: string;
	readonly type: string;
	readonly typeVersion: number;
	readonly parameters: Readonly<Record<string, unknown>>;
	readonly credentials?: Readonly<Record<string, CredentialRef>> | undefined;
	readonly [other: string]: unknown;
}

export interface CredentialRef {
	readonly id: string;
	readonly name: string;
}

const credentialUse = z.object({
	name: z.string(),
	displayOptions: z
		.object({ show: z.record(z.array(z.unknown())).optional() })
		.passthrough()
		.optional(),
});
const nodeType = z.object({
	name: z.string(),
	/** One description may stand for several versions of a node. */
	version: z.union([z.number(), z.array(z.number())]).transform((each) => [each].flat()),
	credentials: z.array(credentialUse).default([]),
	properties: z.array(z.object({ name: z.string() }).passthrough()),
});
export type NodeType = z.infer<typeof nodeType>;

const storedWorkflow = z.object({ id: z.string(), versionId: z.string(), active: z.boolean() });
export type StoredWorkflow = z.infer<typeof storedWorkflow>;

const executionState = z.object({
	id: z.coerce.string(),
	workflowId: z.string(),
	mode: z.string(),
	status: z.string(),
});
export type ExecutionState = z.infer<typeof executionState>;

/** An n8n error as it is stored with an execution. */
const nodeIssue = z
	.object({
		message: z.string(),
		description: z.string().nullish(),
		node: z.object({ name: z.string() }).passthrough().optional(),
	})
	.passthrough();
const output = z.array(z.object({ json: z.record(z.unknown()) }).passthrough()).nullable();
const nodeRun = z
	.object({
		data: z.object({ main: z.array(output).default([]) }).optional(),
		error: nodeIssue.optional(),
	})
	.passthrough();
const executionData = z.object({
	resultData: z.object({
		error: nodeIssue.optional(),
		runData: z.record(z.array(nodeRun)).default({}),
	}),
});

/** A finished execution: how it ended, and every node's outputs in order. */
export interface Execution extends ExecutionState {
	/** What stopped it, when something did. */
	readonly error: z.infer<typeof nodeIssue> | undefined;
	/** The items (their `json`) of one output of one node; empty when it did not run. */
	items(node: string, output?: number): Record<string, unknown>[];
}

const testResult = z.object({ status: z.enum(['OK', 'Error']), message: z.string() });

export class N8nApi {
	private cookie = '';

	constructor(private readonly url: string) {}

	/** Makes the first user of a fresh n8n and signs in as that user. */
	async setUpOwner(owner: Owner): Promise<void> {
		const person = { firstName: 'Demo', lastName: 'Owner' };
		await this.send('POST', '/owner/setup', { ...owner, ...person });
	}

	/**
	 * The node types the editor is offered, once they are as `expected` says. n8n writes that list to a
	 * file again after a package came or went, and serves the file while it is written: a list that
	 * breaks off, or is still the one before, is asked for again.
	 */
	async nodeTypes(expected: (types: readonly NodeType[]) => boolean = () => true) {
		const deadline = Date.now() + 60_000;
		for (;;) {
			const types = await this.nodeTypesNow();
			if (types !== undefined && expected(types)) return types;
			if (Date.now() > deadline)
				throw new Error(
					types === undefined
						? 'For a minute n8n gave a list of node types that breaks off.'
						: 'For a minute n8n listed other node types than it should have by now.',
				);
			await wait(250);
		}
	}

	/** Undefined while the list is being written. */
	private async nodeTypesNow(): Promise<NodeType[] | undefined> {
		const answer = await fetch(`${this.url}/types/nodes.json`, { headers: this.headers() });
		const text = await answer.text();
		if (!answer.ok) throw new Error(`n8n answered ${answer.status} for its node types: ${text}`);
		let list: unknown;
		try {
			list = JSON.parse(text);
		} catch {
			return undefined;
		}
		return z.array(nodeType).parse(list);
	}

	/** What "Install" on the Community Nodes page does. */
	async installPackage(name: string): Promise<void> {
		await this.send('POST', '/community-packages', { name });
	}

	/** What "Uninstall" on the Community Nodes page does. */
	async removePackage(name: string): Promise<void> {
		await this.send('DELETE', `/community-packages?name=${encodeURIComponent(name)}`);
	}

	async createCredential(
		name: string,
		type: string,
		data: Readonly<Record<string, unknown>>,
	): Promise<CredentialRef> {
		const answer = await this.send('POST', '/credentials', { name, type, data });
		return z.object({ id: z.string(), name: z.string() }).parse(answer);
	}

	/**
	 * What the Connect button does, with a person who says yes: n8n gives the address of the sign-in
	 * service's page, and that page leads back to n8n. Gives the page n8n shows in the end.
	 */
	async connectCredential({ id }: CredentialRef): Promise<string> {
		const address = z
			.string()
			.url()
			.parse(await this.send('GET', `/oauth2-credential/auth?id=${encodeURIComponent(id)}`));
		const asked = await fetch(address, { redirect: 'manual' });
		const back = asked.headers.get('location');
		if (back === null) throw new Error(`The sign-in page answered ${asked.status}.`);
		const { pathname, search } = new URL(back);
		const answer = await fetch(`${this.url}${pathname}${search}`, { headers: this.headers() });
		return await answer.text();
	}

	/** What the credential's Test button does. */
	async testCredential(
		credential: CredentialRef & {
			readonly type: string;
			readonly data: Readonly<Record<string, unknown>>;
		},
	): Promise<z.infer<typeof testResult>> {
		return testResult.parse(
			await this.send('POST', '/credentials/test', { credentials: credential }),
		);
	}

	async createWorkflow(workflow: WorkflowFile): Promise<StoredWorkflow> {
		return storedWorkflow.parse(await this.send('POST', '/workflows', workflow));
	}

	/** Makes its triggers live. */
	async publish(workflow: StoredWorkflow): Promise<void> {
		const { versionId } = workflow;
		await this.send('POST', `/workflows/${workflow.id}/activate`, { versionId });
	}

	async unpublish(workflow: StoredWorkflow): Promise<void> {
		await this.send('POST', `/workflows/${workflow.id}/deactivate`, {});
	}

	/** Does what "Execute workflow" does, from the given trigger, and waits for the end. */
	async run(workflow: StoredWorkflow, trigger: string, withinMs = 300_000): Promise<Execution> {
		return await this.finished(await this.start(workflow, trigger), withinMs);
	}

	/** The same without waiting; gives the execution's ID. */
	async start(workflow: StoredWorkflow, trigger: string): Promise<string> {
		// Older ones run what they are sent, newer ones what is stored.
		const workflowData = await this.send('GET', `/workflows/${workflow.id}`);
		const answer = await this.send('POST', `/workflows/${workflow.id}/run`, {
			workflowData,
			triggerToStartFrom: { name: trigger },
		});
		return z.object({ executionId: z.string() }).parse(answer).executionId;
	}

	/** What the editor's stop button does. */
	async cancel(executionId: string): Promise<void> {
		await this.send('POST', `/executions/${executionId}/stop`);
	}

	/** Executions of a workflow, newest first. */
	async executions(workflow: StoredWorkflow): Promise<ExecutionState[]> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId: workflow.id }));
		const answer = await this.send('GET', `/executions?filter=${filter}&limit=20`);
		return z.object({ results: z.array(executionState) }).parse(answer).results;
	}

	/** Waits until an execution has ended and reads it. */
	async finished(id: string, withinMs = 300_000): Promise<Execution> {
		const answer = await this.atItsEnd(id, withinMs);
		const { data } = z.object({ data: z.string() }).parse(answer);
		return readExecution(executionState.parse(answer), data);
	}

	/** Waits until an execution has ended, in whatever way, and gives its status. */
	async ended(id: string, withinMs = 300_000): Promise<string> {
		return executionState.parse(await this.atItsEnd(id, withinMs)).status;
	}

	private async atItsEnd(id: string, withinMs: number): Promise<unknown> {
		const deadline = Date.now() + withinMs;
		while (Date.now() < deadline) {
			const answer = await this.send('GET', `/executions/${id}`);
			const { status } = executionState.parse(answer);
			if (!['new', 'running', 'waiting'].includes(status)) return answer;
			await wait(250);
		}
		throw new Error(`Execution ${id} was still running after ${withinMs / 1000} s.`);
	}

	/** One call; gives what is in the answer's `data`. Rejects with n8n's own message. */
	private async send(
		method: 'DELETE' | 'GET' | 'POST',
		path: string,
		body?: object,
	): Promise<unknown> {
		const answer = await this.ask(`${this.url}/rest${path}`, {
			method,
			headers: this.headers(),
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
		if (cookies.length > 0) this.cookie = cookies.join('; ');
		const text = await answer.text();
		if (!answer.ok) throw new Error(`n8n answered ${answer.status} to ${method} ${path}: ${text}`);
		return z.object({ data: z.unknown() }).parse(JSON.parse(text)).data;
	}

	/**
	 * n8n ends a connection that was idle for five seconds. On a busy machine that goes unseen, of several
	 * connections one after the other, so such a request is sent again.
	 */
	private async ask(url: string, init: RequestInit): Promise<Response> {
		for (let tries = 1; ; tries++) {
			try {
				return await fetch(url, init);
			} catch (thrown) {
				if (tries === 5 || !wasClosedWhileIdle(thrown)) throw thrown;
				await wait(200);
			}
		}
	}

	private headers(): Record<string, string> {
		const headers = {
			// n8n ties a session to the browser it was opened in.
			'browser-id': 'entra-pbx-sync',
			'content-type': 'application/json',
			// A busy n8n ends idle connections at the moment they are used again, so none is.
			connection: 'close',
		};
		return this.cookie === '' ? headers : { ...headers, cookie: this.cookie };
	}
}

/** Whether a request went into a connection that was just being ended; nobody has read it then. */
function wasClosedWhileIdle(thrown: unknown): boolean {
	const cause = thrown instanceof Error ? thrown.cause : undefined;
	return cause instanceof Error && cause.message === 'other side closed';
}

function readExecution(state: ExecutionState, data: string): Execution {
	const { resultData } = executionData.parse(parseFlatted(data));
	const { runData } = resultData;
	const nodeErrors = Object.values(runData).flatMap((runs) => runs.map((run) => run.error));
	return {
		...state,
		error: resultData.error ?? nodeErrors.find((error) => error !== undefined),
		items: (node, outputIndex = 0) =>
			(runData[node] ?? []).flatMap((run) =>
				(run.data?.main[outputIndex] ?? []).map((item) => item.json),
			),
	};
}
