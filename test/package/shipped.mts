/** What is shipped, as n8n loads it: the node behind a type's full name. */
import path from 'node:path';
import type { INodeType } from 'n8n-workflow';

export const ROOT = process.cwd();
export const OURS = 'n8n-nodes-entra-pbx-sync.';

export function nodeType(type: string): INodeType {
	const name = type.slice(OURS.length);
	const className = name.charAt(0).toUpperCase() + name.slice(1);
	const file = path.join(ROOT, 'dist', 'nodes', className, `${className}.node.js`);
	const Loaded = jest.requireActual<Record<string, new () => INodeType>>(file)[className];
	if (!Loaded) throw new Error(`No node ${type}`);
	return new Loaded();
}
