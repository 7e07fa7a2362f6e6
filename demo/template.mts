/** The shipped templates, and what an administrator does to one before running it. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { CredentialRef, NodeType, WorkflowFile, WorkflowNode } from './n8n/api.mts';

/** The template that the demo runs. */
const MAIN_TEMPLATE = 'sync-users-to-phone-system.json';

const workflowFile = z.object({
	name: z.string(),
	nodes: z.array(
		z
			.object({
				name: z.string(),
				type: z.string(),
				typeVersion: z.number(),
				parameters: z.record(z.unknown()).default({}),
				credentials: z.record(z.object({ id: z.string(), name: z.string() })).optional(),
			})
			.passthrough(),
	),
	connections: z.record(z.unknown()),
	settings: z.record(z.unknown()).optional(),
});

/** Every template in `workflows/`, by file name. */
export async function readTemplates(root: string): Promise<Map<string, WorkflowFile>> {
	const folder = join(root, 'workflows');
	const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
	const read = async (name: string) => {
		const text = await readFile(join(folder, name), 'utf8');
		return [name, workflowFile.parse(JSON.parse(text))] as const;
	};
	return new Map(await Promise.all(files.map(read)));
}

/** The main template; the demo and the tests are about it. */
export async function readMainTemplate(root: string): Promise<WorkflowFile> {
	const template = (await readTemplates(root)).get(MAIN_TEMPLATE);
	if (template === undefined) throw new Error(`workflows/${MAIN_TEMPLATE} is missing.`);
	return template;
}

/** Which credential type a phone system signs in with, as the node panels say. */
export function credentialTypeOf(system: string, nodeTypes: readonly NodeType[]): string {
	const uses = nodeTypes.flatMap((type) => type.credentials);
	const use = uses.find(({ displayOptions }) => displayOptions?.show?.['system']?.includes(system));
	if (use === undefined) throw new Error(`No node signs in to a phone system called ${system}.`);
	return use.name;
}

const operationChoice = z.object({
	value: z.literal('disable'),
	displayOptions: z.object({ show: z.object({ system: z.array(z.string()) }) }).optional(),
});

/** Whether a phone system can disable an extension, as the panel of PBX Target says. */
export function disables(system: string, nodeTypes: readonly NodeType[]): boolean {
	return nodeTypes
		.filter(({ name }) => name.endsWith('.pbxTarget'))
		.flatMap(({ properties }) => properties)
		.filter(({ name }) => name === 'operation')
		.flatMap(({ options }) => z.array(z.unknown()).catch([]).parse(options))
		.flatMap((choice) => operationChoice.safeParse(choice).data ?? [])
		.some(({ displayOptions }) => displayOptions?.show.system.includes(system) ?? true);
}

/**
 * The template as it looks after its set-up steps for one phone system: the system chosen in every
 * node that asks for it and a credential chosen wherever one is needed. `credentials` are by type.
 */
export function forSystem(
	template: WorkflowFile,
	system: string,
	credentials: ReadonlyMap<string, CredentialRef>,
	nodeTypes: readonly NodeType[],
): WorkflowFile {
	const types = new Map(nodeTypes.map((type) => [type.name, type]));
	const setUp = (node: WorkflowNode): WorkflowNode => {
		const type = types.get(node.type);
		if (type === undefined || !isOurs(node)) return node;
		const choosesSystem = type.properties.some(({ name }) => name === 'system');
		const wanted = type.credentials
			.filter(({ displayOptions }) => displayOptions?.show?.['system']?.includes(system) ?? true)
			.flatMap(({ name }) => {
				const credential = credentials.get(name);
				return credential === undefined ? [] : [[name, credential] as const];
			});
		return {
			...node,
			parameters: choosesSystem ? { ...node.parameters, system } : node.parameters,
			...(wanted.length > 0 ? { credentials: Object.fromEntries(wanted) } : {}),
		};
	};
	return { ...template, nodes: template.nodes.map(setUp) };
}

const assignments = z.object({
	assignments: z.object({ assignments: z.array(z.object({ name: z.string() }).passthrough()) }),
});

/** The template with one value of its Settings node changed, as the note beside that node says. */
export function withSetting(template: WorkflowFile, name: string, value: unknown): WorkflowFile {
	let found = false;
	const nodes = template.nodes.map((node) => {
		const read = assignments.safeParse(node.parameters);
		if (node.type !== 'n8n-nodes-base.set' || !read.success) return node;
		const changed = read.data.assignments.assignments.map((assignment) => {
			if (assignment.name !== name) return assignment;
			found = true;
			return { ...assignment, value };
		});
		return { ...node, parameters: { ...node.parameters, assignments: { assignments: changed } } };
	});
	if (!found) throw new Error(`"${template.name}" has no setting called ${name}.`);
	return { ...template, nodes };
}

/**
 * The template with the clean-up allowed to disable `count` extensions at once until `until`, which
 * is what an administrator sets when a phone system that was left alone for years is taken over.
 */
export function allowLeavers(template: WorkflowFile, count: number, until: Date): WorkflowFile {
	const override = { allow: { count, until: until.toISOString() } };
	const nodes = template.nodes.map((node) => {
		if (!node.type.endsWith('.unmatchedCleaner')) return node;
		const options = z.record(z.unknown()).catch({}).parse(node.parameters['options']);
		return { ...node, parameters: { ...node.parameters, options: { ...options, override } } };
	});
	return { ...template, nodes };
}

/** The template with its schedule set to every `seconds`. */
export function everySeconds(template: WorkflowFile, seconds: number): WorkflowFile {
	const rule = { interval: [{ field: 'seconds', secondsInterval: seconds }] };
	const nodes = template.nodes.map((node) =>
		node.type === 'n8n-nodes-base.scheduleTrigger'
			? { ...node, parameters: { ...node.parameters, rule } }
			: node,
	);
	return { ...template, nodes };
}

/** The name of the one node of a type; `type` may leave the package's name out. */
export function nodeNamed(template: WorkflowFile, type: string): string {
	const node = template.nodes.find((each) => each.type === type || each.type.endsWith(`.${type}`));
	if (node === undefined) throw new Error(`"${template.name}" has no ${type} node.`);
	return node.name;
}

export function isOurs(node: WorkflowNode): boolean {
	return node.type.startsWith('n8n-nodes-entra-pbx-sync.');
}
