/** The template for phone systems that are reached through files, set up for the sandbox. */
import type { CredentialRef, NodeType, WorkflowFile, WorkflowNode } from './n8n/api.mts';
import { forSystem, isOurs, readTemplates } from './template.mts';

const FILE_TEMPLATE = 'sync-users-to-a-csv-import-file.json';
const MAKES_FILE = 'Make import file';

/** Which column of the sandbox's export holds what. */
const COLUMNS = {
	number: 'Ext.',
	firstName: 'Vorname',
	lastName: 'Nachname',
	email: 'E-Mail',
	mobile: 'Handy',
	jobTitle: 'Titel',
};

export async function readFileTemplate(root: string): Promise<WorkflowFile> {
	const template = (await readTemplates(root)).get(FILE_TEMPLATE);
	if (template === undefined) throw new Error(`workflows/${FILE_TEMPLATE} is missing.`);
	return template;
}

/**
 * The template after its set-up steps, with one more node that does what a person does: it takes the
 * import file and imports it.
 */
export function forFiles(
	template: WorkflowFile,
	{ exportUrl, importUrl }: { readonly exportUrl: string; readonly importUrl: string },
	credentials: ReadonlyMap<string, CredentialRef>,
	nodeTypes: readonly NodeType[],
): WorkflowFile {
	const ready = forSystem(template, 'csv', credentials, nodeTypes);
	const column = Object.entries(COLUMNS).map(([field, heading]) => ({ field, heading }));
	const setUp = (node: WorkflowNode): WorkflowNode => {
		const { parameters } = node;
		if (node.type === 'n8n-nodes-base.httpRequest') {
			return { ...node, parameters: { ...parameters, url: exportUrl } };
		}
		if (!isOurs(node) || !node.type.endsWith('.pbxTarget')) return node;
		return { ...node, parameters: { ...parameters, columns: { column } } };
	};
	const person: WorkflowNode = {
		id: 'e2b6b0f4-0f0c-4a86-9a0e-5d7b4c1f7a10',
		name: 'Import the file',
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		position: [1720, -300],
		parameters: {
			method: 'POST',
			url: importUrl,
			sendBody: true,
			contentType: 'binaryData',
			inputDataFieldName: 'data',
			options: {},
		},
	};
	const to = { node: person.name, type: 'main', index: 0 };
	const [results] = mainOutputs(ready, MAKES_FILE);
	return {
		...ready,
		nodes: [...ready.nodes.map(setUp), person],
		connections: { ...ready.connections, [MAKES_FILE]: { main: [results, [to]] } },
	};
}

function mainOutputs({ connections }: WorkflowFile, name: string): unknown[] {
	const from = connections[name];
	const main = typeof from === 'object' && from !== null && 'main' in from ? from.main : [];
	return Array.isArray(main) ? main : [];
}
