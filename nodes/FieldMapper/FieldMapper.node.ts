import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { failAll } from '../host/sift';
import { mapItems } from './items';
import { parameters } from './parameters';
import { readSettings } from './settings';
import { hintsFor } from './telling';

export class FieldMapper implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Field Mapper',
		name: 'fieldMapper',
		icon: { light: 'file:fieldMapper.svg', dark: 'file:fieldMapper.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle:
			'={{ $parameter["mapping"] === "custom" ? "Custom mapping" : "Recommended mapping" }}: {{ $parameter["system"] }}',
		description: 'Works out what the phone system should say about each user',
		defaults: { name: 'Field Mapper' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		inputNames: ['Users'],
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: ['Mapped', 'Rejected', 'Preview'],
		parameterPane: 'wide',
		properties: parameters,
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		try {
			const settings = readSettings(this);
			const { mapped, rejected, preview, counts } = mapItems(
				this.getInputData(),
				settings,
				this.continueOnFail(),
			);
			this.addExecutionHints(...hintsFor(counts, settings.notes));
			return [mapped, rejected, preview];
		} catch (thrown) {
			return failAll(this, thrown);
		}
	}
}
