import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { z } from 'zod';

export const parameters: INodeProperties[] = [
	{
		displayName: 'Give a Report',
		name: 'when',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Always',
				value: 'always',
				description: 'After every run, also when there is nothing to tell',
			},
			{
				name: 'When Something Changed or Waits',
				value: 'changes',
				description:
					'After runs that changed something, would have changed something, or left something to decide',
			},
			{
				name: 'When Somebody Has to Look',
				value: 'attention',
				description: 'After runs that left something undone or to decide',
			},
		],
		default: 'always',
		description: 'New Links, Changed Links and Journal are given either way',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		default: {},
		placeholder: 'Add Option',
		options: [
			{
				displayName: 'List Length',
				name: 'listLength',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 1000 },
				default: 10,
				description:
					'How many people each list of the report names before it says how many more there are',
			},
		],
	},
];

const schema = z.object({
	when: z.enum(['always', 'changes', 'attention']),
	options: z.object({ listLength: z.number().int().min(1).max(1000).default(10) }),
});

export type ReportParameters = z.output<typeof schema>;

export function readParameters(context: IExecuteFunctions): ReportParameters {
	return schema.parse({
		when: context.getNodeParameter('when', 0),
		options: context.getNodeParameter('options', 0, {}),
	});
}
