import type {
	ExpressionString,
	IExecuteFunctions,
	ILoadOptionsFunctions,
	INodeExecutionData,
	INodeListSearchResult,
	INodeType,
	INodeTypeDescription,
	ResourceMapperFields,
} from 'n8n-workflow';

import { toNodeError } from '../host/errors';
import { chosenSystem, openPhoneSystem, systemCredentials } from '../host/phoneSystem';
import { failAll } from '../host/sift';
import { applyPlan } from './applyPlan';
import { findExtensions, getFields } from './editor';
import { getExtension } from './getExtension';
import { getAllOrNeeded } from './getNeeded';
import { FILE_SYSTEMS } from './fileParameters';
import { workWithFiles } from './files';
import type { Operation } from './parameters';
import { OPERATIONS, parameters } from './parameters';
import { undo } from './undo';
import { writeSingle } from './writeSingle';

/** Where changes become a file, that file has an output of its own. */
const OUTPUTS: ExpressionString = `={{ [
	{ type: "main", displayName: "Results" },
	...(${JSON.stringify(FILE_SYSTEMS)}.includes($parameter["system"]) && $parameter["operation"] === "applyChanges"
		? [{ type: "main", displayName: "Import File" }]
		: [])
] }}`;

/** Who changed and what is remembered of them, where only what they need is read. */
const INPUTS: ExpressionString = `={{ $parameter["operation"] === "getExtensions" && $parameter["read"] === "needed"
	? [{ type: "main", displayName: "Users" }, { type: "main", displayName: "Links" }]
	: ["main"] }}`;

export class PbxTarget implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'PBX Target',
		name: 'pbxTarget',
		icon: { light: 'file:pbxTarget.svg', dark: 'file:pbxTarget.dark.svg' },
		group: ['output'],
		version: [1],
		subtitle:
			'={{ {applyChanges: "Apply changes", getExtensions: $parameter["read"] === "needed" ? "Get extensions needed" : "Get all extensions"}[$parameter["operation"]] ?? $parameter["operation"] + " extension" }}{{ $parameter["dryRun"] === true ? " (dry run)" : "" }}',
		description: 'Reads the extensions of a phone system and writes planned changes to it',
		defaults: { name: 'PBX Target' },
		usableAsTool: true,
		inputs: INPUTS,
		requiredInputs: 1,
		outputs: OUTPUTS,
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
				try {
					return await getFields(this);
				} catch (thrown) {
					throw toNodeError(this.getNode(), thrown);
				}
			},
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		try {
			const definition = chosenSystem(this);
			if (definition.capabilities.reach === 'file') return await workWithFiles(this, definition);
			const opened = await openPhoneSystem(this);
			try {
				return [await OPERATE[operationOf(this)](this, opened)];
			} finally {
				await opened.system.close();
			}
		} catch (thrown) {
			return failAll(this, thrown);
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
	getExtensions: getAllOrNeeded,
	undo,
	update: writeSingle,
};

function operationOf(context: IExecuteFunctions): Operation {
	const chosen: unknown = context.getNodeParameter('operation', 0);
	return OPERATIONS.find((operation) => operation === chosen) ?? 'getExtensions';
}
