/** The shipped templates: valid for the nodes that are shipped beside them, and clean. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { IConnections, INode, INodeTypes } from 'n8n-workflow';
import { NodeHelpers, Workflow } from 'n8n-workflow';
import { nodeType, OURS, ROOT } from './shipped.mts';

const folder = path.join(ROOT, 'workflows');

interface Template {
	name: string;
	nodes: INode[];
	connections: IConnections;
	active: boolean;
}

describe.each(readdirSync(folder).filter((name) => name.endsWith('.json')))(
	'template %s',
	(file) => {
		const text = readFileSync(path.join(folder, file), 'utf8');
		const template = JSON.parse(text) as Template;
		const named = new Map(template.nodes.map((node) => [node.name, node]));
		const ours = template.nodes.filter((node) => node.type.startsWith(OURS));

		it('is named after what it does, in one short sentence', () => {
			expect(template.name).toMatch(/^[A-Z][a-z]+ .+ (to|from|in|with) .+/);
			expect(template.name.length).toBeLessThanOrEqual(80);
			expect(template.active).toBe(false);
		});

		it('has names and ids that are unique, and connects only what exists', () => {
			expect(named.size).toBe(template.nodes.length);
			expect(new Set(template.nodes.map(({ id }) => id)).size).toBe(template.nodes.length);
			for (const [from, { main = [] }] of Object.entries(template.connections)) {
				expect(named.has(from)).toBe(true);
				for (const to of main.flatMap((output) => output ?? []))
					expect(named.has(to.node)).toBe(true);
			}
		});

		it('feeds each input of a node from one place only, so that n8n runs the node once', () => {
			const fed = Object.entries(template.connections).flatMap(([, { main = [] }]) =>
				main.flatMap((output) => (output ?? []).map((to) => `${to.node}#${String(to.index)}`)),
			);
			const several = ours
				.filter((node) => inputsOf(node).length > 1)
				.flatMap((node) => fed.filter((input) => input.startsWith(`${node.name}#`)));
			expect(new Set(several).size).toBe(several.length);
		});

		it('can be started by hand and by a schedule, or waits for a person or an event', () => {
			const starts = template.nodes.map(({ type }) => type.replace('n8n-nodes-base.', ''));
			const waits = starts.some((type) => ['formTrigger', 'errorTrigger'].includes(type));
			const once = file === 'set-up.json';
			if (!waits) expect(starts).toContain('manualTrigger');
			if (!waits && !once) expect(starts).toContain('scheduleTrigger');
		});

		it('opens its pages only to people who sign in', () => {
			for (const { type, typeVersion, parameters } of template.nodes) {
				const asked = parameters['authentication'];
				// Before 2.6 the form trigger does not know the sign-in of n8n, and lets everybody in.
				if (type.endsWith('.formTrigger')) {
					expect({ asked, known: typeVersion >= 2.6 }).toEqual({
						asked: 'n8nUserAuth',
						known: true,
					});
				}
				if (type.endsWith('.webhook')) expect(asked).toBe('basicAuth');
			}
		});

		it('explains itself: one long note, then short ones', () => {
			const notes = template.nodes
				.filter(({ type }) => type === 'n8n-nodes-base.stickyNote')
				.map(({ parameters }) => String(parameters['content']).split(/\s+/).length);
			expect(Math.max(...notes)).toBeGreaterThanOrEqual(100);
			expect(Math.max(...notes)).toBeLessThanOrEqual(300);
			expect(notes.filter((words) => words <= 50).length).toBe(notes.length - 1);
		});

		it('carries nothing of the instance it was made on', () => {
			expect(template.nodes.filter(({ credentials }) => credentials)).toEqual([]);
			expect(text).not.toMatch(/pinData|instanceId|webhookUrl|\$env/);
		});

		const known = ours.length > 0 ? it.each(ours.map((node) => [node.name, node] as const)) : null;
		known?.('has only parameters that %s knows', (_name, node) => {
			const { description } = nodeType(node.type);
			const resolved = NodeHelpers.getNodeParameters(
				description.properties,
				node.parameters,
				false,
				false,
				node,
				description,
			);
			expect(Object.keys(resolved ?? {}).sort()).toEqual(
				expect.arrayContaining(Object.keys(node.parameters).filter((name) => !isDefault(name))),
			);
			expect(
				NodeHelpers.getNodeParametersIssues(description.properties, node, description),
			).toBeNull();

			function isDefault(name: string): boolean {
				return description.properties.some(
					(property) => property.name === name && property.default === node.parameters[name],
				);
			}
		});
	},
);

/** As n8n counts them: some depend on the parameters. */
function inputsOf(node: INode) {
	const nodeTypes: INodeTypes = {
		getByName: nodeType,
		getByNameAndVersion: nodeType,
		getKnownTypes: () => ({}),
	};
	// It fills in what is left at its default, so it gets a copy.
	const nodes = [structuredClone(node)];
	const alone = new Workflow({ nodes, connections: {}, active: false, nodeTypes });
	return NodeHelpers.getNodeInputs(alone, node, nodeType(node.type).description);
}
