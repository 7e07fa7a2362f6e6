import { randomUUID } from 'crypto';
import type {
	IExecuteFunctions,
	ILoadOptionsFunctions,
	INodeExecutionData,
	INodeListSearchResult,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { findGroups } from '../../entra/choice';
import type { Graph } from '../../entra/graph';
import { readPerson } from '../../entra/person';
import { readUsers } from '../../entra/users';
import type { ReadAccount, ReadMark } from '../../sync/item';
import { toJson } from '../host/json';
import { failAll } from '../host/sift';
import { offerChoices } from './choices';
import {
	authenticationParameter,
	directoryCredentials,
	directoryNotes,
	openDirectory,
	rejectExplained,
} from './connection';
import { parameters } from './parameters';
import type { Wish } from './query';
import { readWish } from './query';
import { readSince } from './since';
import type { Reading, Telling } from './telling';
import { tellAbout } from './telling';

export class EntraUserSource implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Entra User Source',
		name: 'entraUserSource',
		icon: { light: 'file:entraUserSource.svg', dark: 'file:entraUserSource.dark.svg' },
		group: ['input'],
		version: [1],
		subtitle:
			'={{ $parameter["mode"] === "user" ? "One user: " + $parameter["user"] : ($parameter["scope"] === "groups" ? "Members of groups: " : "All users: ") + {members: "members", guests: "guests", all: "members and guests"}[$parameter["userType"]] + ($parameter["mode"] === "changes" ? ", changes only" : "") }}',
		description:
			'Reads users of Microsoft Entra ID (Azure AD): all in scope, only those who changed, or one',
		defaults: { name: 'Entra User Source' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		outputNames: ['Users'],
		credentials: directoryCredentials,
		properties: [authenticationParameter, ...parameters],
	};

	methods = {
		listSearch: {
			async findGroups(
				this: ILoadOptionsFunctions,
				filter?: string,
				paginationToken?: string,
			): Promise<INodeListSearchResult> {
				return await offerChoices(this, findGroups, filter, paginationToken);
			},
		},
	};

	/** Runs once, however many items come in: a schedule's tick and a list of ten mean the same read. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const telling = tellAbout(this);
		try {
			const wish = readWish(this);
			const graph = await openDirectory(this, {
				signal: this.getExecutionCancelSignal(),
				onWait: telling.wait,
			});
			const directory = await readAsWished(this, graph, wish, telling).catch(
				async (thrown: unknown) => await rejectExplained(thrown, graph.explain),
			);
			telling.result(directory, graph.cost);
			for (const { what, fix } of await directoryNotes(this, graph)) {
				telling.note(`${what} ${fix}`, 'warning');
			}
			return [toItems(directory, await graph.account())];
		} catch (thrown) {
			return failAll(this, thrown);
		}
	}
}

async function readAsWished(
	context: IExecuteFunctions,
	graph: Graph,
	wish: Wish,
	telling: Telling,
): Promise<Reading> {
	switch (wish.mode) {
		case 'whole':
			return { scope: 'whole', ...(await readUsers(graph, wish.query, telling.progress)) };
		case 'changes':
			return await readSince(context, graph, wish, telling);
		case 'user':
			return { scope: 'changes', ...(await readPerson(graph, wish.query, wish.user)) };
	}
}

/** Every item carries the same mark; a read that gave nobody is one item that says just that. */
function toItems({ users, scope }: Reading, account: ReadAccount | null): INodeExecutionData[] {
	const mark: ReadMark = {
		id: randomUUID(),
		of: 'users',
		count: users.length,
		scope,
		...(account ? { account } : {}),
	};
	const pairedItem = { item: 0 };
	if (users.length === 0) return [{ json: toJson({ read: mark }), pairedItem }];
	return users.map(({ user, decisions }) => ({
		json: toJson({ user, read: mark, decisions }),
		pairedItem,
	}));
}
