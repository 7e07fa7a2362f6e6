import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { ATTRIBUTES, attributeNamed, EXTENSION_ATTRIBUTES } from '../../../entra/attributes.ts';

/** Microsoft's table as data, where the checkout has it beside it. */
const TABLE = path.resolve(process.env['GRAPH_FILTER_TABLE'] ?? 'user-filter-caps.json');
const LEVELS: Readonly<Record<string, string>> = { default: 'plain', advanced: 'advanced' };

interface Caps {
	readonly eq: string | null;
	readonly startsWith: string | null;
	readonly eqNull: string | null;
}

const known = existsSync(TABLE);
if (!known) console.warn(`Not compared with Microsoft's table: there is no ${TABLE}.`);

(known ? describe : describe.skip)("what Graph can filter by, against Microsoft's table", () => {
	const table = known
		? (JSON.parse(readFileSync(TABLE, 'utf8')) as { properties: Record<string, Caps> }).properties
		: {};

	it.each([...ATTRIBUTES, ...EXTENSION_ATTRIBUTES].map((attribute) => [attribute.name, attribute]))(
		'%s',
		(_name, { name, kind, graph }) => {
			const path = name.startsWith('extensionAttribute')
				? 'onPremisesExtensionAttributes/extensionAttribute1-15'
				: kind === 'list'
					? `${name}/any(p:p)`
					: name;
			const caps = table[path];
			const level = (value: string | null | undefined) => LEVELS[value ?? ''] ?? 'no';
			expect({ path, ...graph }).toMatchObject({
				path,
				equals: level(caps?.eq),
				startsWith: level(caps?.startsWith),
				isEmpty: level(caps?.eqNull),
			});
		},
	);
});

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
