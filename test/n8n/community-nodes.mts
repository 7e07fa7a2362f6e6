/**
 * The life of the package on one n8n, by n8n's own hands: the Community Nodes page installs what is
 * packed, the main template runs, the page removes it again.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { countsOf } from '../../demo/score.mts';
import { isOurs, openStage, PACKAGE, type Stage } from '../../demo/stage.mts';
import {
	forSystem,
	nodeNamed,
	readMainTemplate,
	readTemplates,
	withSetting,
} from '../../demo/template.mts';
import { findHost, ROOT } from './host.mts';

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
	n8n: { nodes: string[] };
};

/** Pages that ask for a sign-in to n8n, which Form Trigger can do since 2.6; docs/templates.md says so. */
const NEEDS_NEWER = [
	'decide-conflicts.json',
	'pick-people.json',
	'sync-one-person.json',
	'undo-a-run.json',
].map((file) => `${file}: n8n-nodes-base.formTrigger 2.6`);

export function describeCommunityNodes(which: 'newest' | 'oldest'): void {
	describe(`the Community Nodes page of the ${which} n8n`, () => {
		let stage: Stage;
		beforeAll(async () => {
			stage = await openStage({ root: ROOT, host: findHost(which), communityNodes: true });
		}, 900_000);
		afterAll(() => stage?.stop(), 60_000);
		const home = () => join(stage.n8n.folder, '.n8n', 'nodes');

		it('installs the package, all its nodes and credentials included', () => {
			const asTools = stage.nodeTypes.filter(isOurs).filter(({ name }) => name.endsWith('Tool'));
			const asNodes = stage.nodeTypes.filter(isOurs).filter(({ name }) => !name.endsWith('Tool'));
			expect(asNodes).toHaveLength(manifest.n8n.nodes.length);
			// An AI agent can use every node but one that starts a workflow.
			const starters = asNodes.filter(({ name }) => name.endsWith('Trigger'));
			expect(asTools).toHaveLength(asNodes.length - starters.length);
			expect([...stage.credentials.keys()]).toEqual(
				expect.arrayContaining(['entraOAuth2Api', 'scimApi', 'yeastarApi']),
			);
			expect(existsSync(join(home(), 'node_modules', PACKAGE, 'node_modules'))).toBe(false);
		});

		it('has every node of every template, in the version the template was made with', async () => {
			const has = new Set(
				stage.nodeTypes.flatMap(({ name, version }) => version.map((each) => `${name} ${each}`)),
			);
			const missing = [...(await readTemplates(ROOT))].flatMap(([file, { nodes }]) =>
				nodes
					.map(({ type, typeVersion }) => `${type} ${typeVersion}`)
					.filter((each) => !has.has(each))
					.map((each) => `${file}: ${each}`),
			);
			expect(missing.sort()).toEqual(which === 'oldest' ? NEEDS_NEWER : []);
		});

		it('gives a package whose main template does its work, and nothing the second time', async () => {
			const template = await readMainTemplate(ROOT);
			const ready = forSystem(template, 'scim', stage.credentials, stage.nodeTypes);
			const workflow = await stage.api.createWorkflow(withSetting(ready, 'previewOnly', false));
			const { scim } = stage.sandbox.control;
			const run = async () => {
				scim.clearRequests();
				const trigger = nodeNamed(ready, 'manualTrigger');
				const execution = await stage.api.run(workflow, trigger);
				expect(execution.error).toBeUndefined();
				return countsOf(execution, nodeNamed(ready, 'syncReport'));
			};
			expect(await run()).toMatchObject({ failed: 0 });
			expect(scim.writes().length).toBeGreaterThan(0);
			expect(await run()).toMatchObject({ created: 0, updated: 0, failed: 0 });
			expect(scim.writes()).toEqual([]);
		}, 300_000);

		it('runs a workflow that was saved with the first release', async () => {
			const saved = await readMainTemplate(join(ROOT, 'test', 'package', 'saved', '0.1.0'));
			const ready = forSystem(saved, 'yeastar', stage.credentials, stage.nodeTypes);
			const workflow = await stage.api.createWorkflow(ready);
			const execution = await stage.api.run(workflow, nodeNamed(ready, 'manualTrigger'));
			expect(countsOf(execution, nodeNamed(ready, 'syncReport'))).toMatchObject({ failed: 0 });
		}, 120_000);

		it('removes it without leaving anything behind', async () => {
			await stage.api.removePackage(PACKAGE);
			const left = await stage.api.nodeTypes((types) => !types.some(isOurs));
			expect(left.length).toBeGreaterThan(100);
			expect(existsSync(join(home(), 'node_modules', PACKAGE))).toBe(false);
			// An older n8n keeps the line in its own list of what to install.
			if (which === 'oldest') return;
			expect(readFileSync(join(home(), 'package.json'), 'utf8')).not.toContain(PACKAGE);
		}, 60_000);
	});
}
