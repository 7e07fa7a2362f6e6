/**
 * Workflows that administrators saved with an earlier release: `saved/<version>/workflows/`, as that
 * release's templates were. They are never edited; what is shipped today has to take them.
 */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { INode } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';
import { nodeType, OURS } from './shipped.mts';

const SAVED = path.join(__dirname, 'saved');
const nodes = readdirSync(SAVED).flatMap((release) => {
	const folder = path.join(SAVED, release, 'workflows');
	return readdirSync(folder).flatMap((file) => {
		const workflow = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as {
			nodes: INode[];
		};
		return workflow.nodes
			.filter(({ type }) => type.startsWith(OURS))
			.map((node) => [`${release} ${file}: ${node.name}`, node] as const);
	});
});

describe.each(nodes)('%s', (_, node) => {
	const { description } = nodeType(node.type);

	it('still has its version of the node', () => {
		expect([description.version].flat()).toContain(node.typeVersion);
	});

	it('is complete: nothing asks to be filled in', () => {
		expect(
			NodeHelpers.getNodeParametersIssues(description.properties, node, description),
		).toBeNull();
	});

	it('keeps every setting it was saved with', () => {
		const today = NodeHelpers.getNodeParameters(
			description.properties,
			node.parameters,
			true,
			false,
			node,
			description,
		);
		expect(today).toMatchObject(node.parameters);
	});
});
