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

import { toNodeError } from '../host/errors';
import { openPhoneSystem, systemCredentials } from '../host/phoneSystem';
import { applyPlan } from './applyPlan';
import { findExtensions, getFields } from './editor';
import { getExtension } from './getExtension';
import { getExtensions } from './getExtensions';
import type { Operation } from './parameters';
import { OPERATIONS, parameters } from './parameters';
import { writeSingle } from './writeSingle';

export class PbxTarget implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'PBX Target',
		name: 'pbxTarget',
		icon: { light: 'file:pbxTarget.svg', dark: 'file:pbxTarget.dark.svg' },
		group: ['output'],
		version: [1],
		subtitle:
			'={{ {applyChanges: "Apply changes", getExtensions: "Get all extensions"}[$parameter["operation"]] ?? $parameter["operation"] + " extension" }}{{ $parameter["dryRun"] === true ? " (dry run)" : "" }}',
		description: 'Reads the extensions of a phone system and writes planned changes to it',
		defaults: { name: 'PBX Target' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		outputNames: ['Results'],
		credentials: systemCredentials,
		properties: parameters,
	};

	methods = {
		listSearch: {
			async findExtensions(
				this: ILoadOptionsFunctions,
				filter?: string,
			): Promise<INodeListSearchResult> {
				try {
					return await findExtensions(this, filter);
				} catch (thrown) {
					throw toNodeError(this.getNode(), thrown);
				}
			},
		},
		resourceMapping: {
			async getFields(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
				return getFields(this);
			},
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		try {
			const opened = await openPhoneSystem(this);
			try {
				return [await OPERATE[operationOf(this)](this, opened)];
			} finally {
				await opened.system.close();
			}
		} catch (thrown) {
			throw toNodeError(this.getNode(), thrown);
		}
	}
}

const OPERATE = {
	applyChanges: applyPlan,
	create: writeSingle,
	delete: writeSingle,
	disable: writeSingle,
	enable: writeSingle,
	get: getExtension,
	getExtensions,
	update: writeSingle,
};

function operationOf(context: IExecuteFunctions): Operation {
	const chosen: unknown = context.getNodeParameter('operation', 0);
	return OPERATIONS.find((operation) => operation === chosen) ?? 'getExtensions';
}
