/** The approval template in a real n8n; a Set node gives the answer that Slack would. */
import { openStage, type Stage } from '../../demo/stage.mts';
import { forSystem, nodeNamed, readTemplates } from '../../demo/template.mts';
import { countsOf } from '../../demo/score.mts';
import { findHost, ROOT } from './host.mts';

let stage: Stage;
beforeAll(async () => {
	stage = await openStage({ root: ROOT, host: findHost() });
}, 600_000);
afterAll(() => stage?.stop(), 30_000);

async function run(answer: object) {
	const template = (await readTemplates(ROOT)).get('approve-phone-changes-in-slack.json');
	if (template === undefined) throw new Error('The template is missing.');
	const answered = {
		...template,
		nodes: template.nodes.map((node) =>
			node.type === 'n8n-nodes-base.slack'
				? {
						...node,
						type: 'n8n-nodes-base.set',
						typeVersion: 3.4,
						parameters: { mode: 'raw', jsonOutput: JSON.stringify(answer), options: {} },
					}
				: node,
		),
	};
	const ready = forSystem(answered, 'scim', stage.credentials, stage.nodeTypes);
	const workflow = await stage.api.createWorkflow(ready);
	stage.sandbox.control.scim.clearRequests();
	const execution = await stage.api.run(workflow, nodeNamed(ready, 'manualTrigger'));
	expect(execution.error).toBeUndefined();
	expect(execution.status).toBe('success');
	return { execution, writes: stage.sandbox.control.scim.writes() };
}

it.each([
	['declined', { data: { approved: false } }],
	['unanswered when its time ran out', {}],
])(
	'a plan that was %s writes nothing',
	async (_, answer) => {
		expect((await run(answer)).writes).toEqual([]);
	},
	60_000,
);

it('a plan that was approved is carried out, every change of it', async () => {
	const { execution, writes } = await run({ data: { approved: true } });
	const [preview] = execution.items('Preview report') as Array<{
		report: { preview: Record<string, number> };
	}>;
	const { created, updated, disabled } = countsOf(execution, 'Report');
	expect({ created, updated, disabled }).toMatchObject({
		created: preview?.report.preview['created'],
		updated: preview?.report.preview['updated'],
		disabled: preview?.report.preview['disabled'],
	});
	expect(created).toBeGreaterThan(0);
	expect(writes.length).toBeGreaterThanOrEqual(created + updated + disabled);
}, 60_000);
