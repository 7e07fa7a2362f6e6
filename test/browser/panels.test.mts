/** The panel of every node of ours: as it is dropped on the canvas, and with all it can be asked opened. */
import type { Page } from 'playwright-core';
import { z } from 'zod';
import { isOurs } from '../../demo/stage.mts';
import type { NodeType } from '../../demo/n8n/api.mts';
import { openSession, withChromium, type Session } from './session.mts';

/** Tall enough for a panel to be seen whole. */
const TALL = { width: 1400, height: 2600 };

/** What is chosen first in a node that does several things; the others are shown besides. */
const CHOICES = ['operation', 'mode', 'scope', 'mapping'];

interface Property {
	readonly name: string;
	readonly displayName: string;
	readonly type: string;
	readonly default: unknown;
	readonly options?: readonly Property[] | undefined;
	readonly values?: readonly Property[] | undefined;
	readonly value?: unknown;
	readonly typeOptions?: { readonly multipleValues?: boolean | undefined } | undefined;
}

const property: z.ZodType<Property, z.ZodTypeDef, unknown> = z.lazy(() =>
	z.object({
		name: z.string(),
		displayName: z.string().default(''),
		type: z.string().default(''),
		default: z.unknown(),
		options: z.array(property).optional(),
		values: z.array(property).optional(),
		value: z.unknown(),
		typeOptions: z.object({ multipleValues: z.boolean().optional() }).optional(),
	}),
) as z.ZodType<Property, z.ZodTypeDef, unknown>;

/** A value for every collection, with all its entries at their defaults. */
function opened(properties: readonly Property[]): Record<string, unknown> {
	return Object.fromEntries(properties.map((each) => [each.name, openedValue(each)]));
}

function openedValue({ type, options = [], typeOptions, ...each }: Property): unknown {
	if (type === 'collection') return opened(options);
	if (type !== 'fixedCollection') return each.default;
	const entries = options.map(({ name, values = [] }) => {
		const entry = opened(values);
		return [name, typeOptions?.multipleValues ? [entry] : entry];
	});
	return Object.fromEntries(entries);
}

withChromium('the panels of the nodes', () => {
	let session: Session;
	let page: Page;
	beforeAll(async () => {
		session = await openSession();
		page = await session.signIn();
		await page.setViewportSize(TALL);
	}, 600_000);
	afterAll(() => session?.close(), 30_000);

	/** Ways to set up a node: dropped, and opened once for each of its choices. */
	function waysOf(type: NodeType) {
		const properties = z.array(property).parse(type.properties);
		const all = opened(properties);
		const collections = properties
			.filter(({ type: kind }) => ['collection', 'fixedCollection'].includes(kind))
			.map(({ name }) => [name, all[name]]);
		const choices = properties
			.filter(({ name }) => CHOICES.includes(name))
			.flatMap(({ name, options = [] }) => options.map(({ value }) => ({ [name]: value })))
			// n8n's own, for every node with a credential.
			.filter((choice) => !Object.values(choice).includes('__CUSTOM_API_CALL__'));
		return [
			{ name: 'dropped', parameters: {} },
			...(choices.length > 0 ? choices : [{}]).map((choice) => ({
				name: Object.values(choice).map(String).join('-') || 'opened',
				parameters: { ...Object.fromEntries(collections), ...choice },
			})),
		];
	}

	it('show whole, with a name on everything, and without an error of ours', async () => {
		const { api, nodeTypes, n8n } = session.stage;
		const latest = new Map(nodeTypes.filter(isOurs).map((type) => [type.name, type]));
		expect(latest.size).toBeGreaterThanOrEqual(8);
		// In one workflow, a column for each node, since loading the editor takes longer than ten panels.
		const nodes = [...latest.values()]
			.filter(({ name }) => !name.endsWith('Tool'))
			.flatMap((type, column) => {
				const short = type.name.replace(/^.*\./, '');
				return waysOf(type).map(({ name, parameters }, row) => ({
					id: `${short}-${String(row)}`,
					name: `${short}-${name}`,
					type: type.name,
					typeVersion: 1,
					position: [column * 240, row * 200],
					parameters,
				}));
			});
		const workflow = await api.createWorkflow({ name: 'Panels', nodes, connections: {} });
		await page.goto(`${n8n.url}/workflow/${workflow.id}`);
		for (const { name } of nodes) {
			await page
				.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`)
				.dblclick({ timeout: 20_000 });
			const panel = page.locator('[data-test-id="node-parameters"]');
			await panel.waitFor();
			await page.waitForLoadState('networkidle');
			await session.picture(panel, `panels/${name}`);
			const text = await panel.innerText();
			expect(text).not.toMatch(/undefined|\[object|NaN/);
			await page.locator('[data-test-id="ndv-close-button"]').click();
			await panel.waitFor({ state: 'hidden' });
		}
		expect(session.complaints).toEqual([]);
	}, 600_000);
});
