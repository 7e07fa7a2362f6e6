import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { ATTRIBUTES, attributeNamed, EXTENSION_ATTRIBUTES } from '../../../entra/attributes.ts';
import { USER } from '../../../sandbox/entra/properties.mts';

/** Microsoft's table as data, beside the project; the sandbox has its own reading of it. */
const TABLE = '../shared/specs/graph/user-filter-caps.json';
const ROOT = path.join(__dirname, '..', '..', '..');
const ALL = [...ATTRIBUTES, ...EXTENSION_ATTRIBUTES];
const LEVELS: Readonly<Record<string, string>> = { default: 'plain', advanced: 'advanced' };

interface Caps {
	readonly eq: string | null;
	readonly startsWith: string | null;
	readonly eqNull: string | null;
}

const file = path.join(ROOT, TABLE);
const comparing = "agrees with Microsoft's table on every attribute";
const itCompares = existsSync(file) ? it : it.skip;

itCompares(existsSync(file) ? comparing : `${comparing} (skipped: there is no ${TABLE})`, () => {
	const { properties } = JSON.parse(readFileSync(file, 'utf8')) as {
		properties: Record<string, Caps>;
	};
	const level = (value: string | null | undefined) => LEVELS[value ?? ''] ?? 'no';
	for (const { name, kind, graph } of ALL) {
		const caps = name.startsWith('extensionAttribute')
			? properties['onPremisesExtensionAttributes/extensionAttribute1-15']
			: properties[kind === 'list' ? `${name}/any(p:p)` : name];
		expect({ name, ...graph }).toMatchObject({
			name,
			equals: level(caps?.eq),
			startsWith: level(caps?.startsWith),
			isEmpty: level(caps?.eqNull),
		});
	}
});

it.each(ALL.map((attribute) => [attribute.name, attribute]))(
	'agrees with the sandbox on %s',
	(_name, { name, kind, graph }) => {
		const path = name.startsWith('extensionAttribute')
			? `onPremisesExtensionAttributes/${name}`
			: kind === 'list'
				? `${name}/any`
				: name;
		const levels = USER.properties[path];
		const level = (value: string | false | undefined) => LEVELS[value || ''] ?? 'no';
		expect(graph).toEqual({
			equals: level(levels?.eq),
			startsWith: level(levels?.startsWith),
			endsWith: level(levels?.endsWith),
			isEmpty: level(levels?.isNull),
		});
	},
);

describe('what Graph can filter by', () => {
	it('is "ends with" for four attributes only, and always advanced', () => {
		const found = ATTRIBUTES.filter(({ graph }) => graph.endsWith !== 'no');
		expect(found.map(({ name, graph }) => [name, graph.endsWith])).toEqual(
			['mail', 'otherMails', 'proxyAddresses', 'userPrincipalName'].map((name) => [
				name,
				'advanced',
			]),
		);
	});

	it('is a directory extension when it is named like one', () => {
		expect(attributeNamed('extension_b7d8e648520f41d3b9c0fdeb91768a0a_costCenter')).not.toBeNull();
		expect(attributeNamed('extension_short_costCenter')).toBeNull();
	});
});
