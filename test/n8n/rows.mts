/** Rows for a Data Table, put there as an administrator's own workflow would. */
import type { N8nApi } from '../../demo/n8n/api.mts';

type Row = Readonly<Record<string, string | number | boolean>>;

export async function insertRows(api: N8nApi, table: string, rows: readonly Row[]): Promise<void> {
	const to = (node: string) => ({ main: [[{ node, type: 'main', index: 0 }]] });
	const node = (name: string, type: string, typeVersion: number, parameters: object) => ({
		name,
		type: `n8n-nodes-base.${type}`,
		typeVersion,
		position: [0, 0],
		parameters: { ...parameters },
	});
	const workflow = await api.createWorkflow({
		name: `Rows for ${table}`,
		nodes: [
			node('Start', 'manualTrigger', 1, {}),
			node('Rows', 'set', 3.5, { mode: 'raw', jsonOutput: JSON.stringify({ rows }) }),
			node('One by one', 'splitOut', 1, { fieldToSplitOut: 'rows' }),
			node('Insert', 'dataTable', 1.1, {
				resource: 'row',
				operation: 'insert',
				dataTableId: { __rl: true, mode: 'name', value: table },
				columns: { mappingMode: 'autoMapInputData', value: null },
			}),
		],
		connections: { Start: to('Rows'), Rows: to('One by one'), 'One by one': to('Insert') },
	});
	const { status, error } = await api.run(workflow, 'Start');
	if (status !== 'success') throw new Error(`No rows were inserted: ${error?.message}`);
}
