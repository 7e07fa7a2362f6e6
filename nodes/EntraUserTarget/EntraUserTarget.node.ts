import type {
	IExecuteFunctions,
	ILoadOptionsFunctions,
	INodeExecutionData,
	INodeListSearchResult,
	INodeType,
	INodeTypeDescription,
	ResourceMapperFields,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { openBatch } from '../../entra/batch';
import { findPeople } from '../../entra/choice';
import { writeUsers } from '../../entra/write';
import { offerChoices } from '../EntraUserSource/choices';
import {
	connectDirectory,
	directoryCredentials,
	rejectExplained,
} from '../EntraUserSource/connection';
import { failAll } from '../host/sift';
import { parameters, writableFields } from './parameters';
import { tellAbout, toItems } from './results';
import { plannedTasks, singleTasks } from './tasks';

export class EntraUserTarget implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Entra User Target',
		name: 'entraUserTarget',
		icon: { light: 'file:entraUserTarget.svg', dark: 'file:entraUserTarget.dark.svg' },
		group: ['output'],
		version: [1],
		subtitle:
			'={{ $parameter["operation"] === "updateUser" ? "Update user" : "Apply changes" }}{{ $parameter["dryRun"] === true ? " (dry run)" : "" }}',
		description: 'Writes planned values back to users of Microsoft Entra ID (Azure AD)',
		defaults: { name: 'Entra User Target' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		outputNames: ['Results'],
		credentials: directoryCredentials,
		properties: parameters,
	};

	methods = {
		listSearch: {
			async findPeople(
				this: ILoadOptionsFunctions,
				filter?: string,
				paginationToken?: string,
			): Promise<INodeListSearchResult> {
				return await offerChoices(this, findPeople, filter, paginationToken);
			},
		},
		resourceMapping: {
			async getAttributes(): Promise<ResourceMapperFields> {
				return writableFields();
			},
		},
	};

	/** Items come out in the order they came in, each with what became of its directory side. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		try {
			const dryRun = this.getNodeParameter('dryRun', 0, true) !== false;
			const single = this.getNodeParameter('operation', 0) === 'updateUser';
			const tasks = single ? singleTasks(this) : plannedTasks(this, dryRun);
			const wanted = [...tasks.read.values()].filter((task) => task !== null);
			const signal = this.getExecutionCancelSignal();
			const { http, graphUrl, roles, explain } = await connectDirectory(this, { signal });
			const batch = openBatch(http, graphUrl, { ...(signal ? { signal } : {}) });
			const outcomes = await writeUsers(batch, wanted, { dryRun, roles }).catch(
				async (thrown: unknown) => await rejectExplained(thrown, explain),
			);
			tellAbout(this, outcomes, dryRun);
			return [toItems(this, tasks, outcomes)];
		} catch (thrown) {
			return failAll(this, thrown);
		}
	}
}
