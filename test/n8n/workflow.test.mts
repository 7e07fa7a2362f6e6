/** The package and its template in a real n8n: loading, signing in, schedule, missing credentials. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ExecutionState, StoredWorkflow } from '../../demo/n8n/api.mts';
import { openStage, SYSTEMS, type Stage } from '../../demo/stage.mts';
import {
	everySeconds,
	forSystem,
	nodeNamed,
	readMainTemplate,
	withSetting,
} from '../../demo/template.mts';
import { countsOf } from '../../demo/score.mts';
import { findHost, ROOT } from './host.mts';

let stage: Stage;
beforeAll(async () => {
	stage = await openStage({ root: ROOT, host: findHost() });
}, 600_000);
afterAll(() => stage?.stop(), 30_000);

const template = () => readMainTemplate(ROOT);

it('our nodes load under the name of the package', () => {
	const names = stage.nodeTypes.map(({ name }) => name);
	expect(names).toEqual(
		expect.arrayContaining(
			[
				'entraUserSource',
				'extensionAllocator',
				'fieldMapper',
				'pbxTarget',
				'syncReport',
				'unmatchedCleaner',
			].map((name) => `n8n-nodes-entra-pbx-sync.${name}`),
		),
	);
});

it('the editor gets a preview of what each node gives, before it ever ran', async () => {
	const previews = readdirSync(join(ROOT, 'nodes'), { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.json') && file.includes('__schema__'))
		.map((file) => /^(\w)(\w+).__schema__.v(.+)$/.exec(file)?.slice(1) ?? []);
	expect(new Set(previews.map(([first, rest]) => `${first}${rest}`)).size).toBeGreaterThan(5);
	for (const [first = '', rest = '', path = ''] of previews) {
		const name = `n8n-nodes-entra-pbx-sync.${first.toLowerCase()}${rest}`;
		const answer = await fetch(`${stage.n8n.url}/schemas/${name}/${path}`);
		expect({ name, path, status: answer.status }).toEqual({ name, path, status: 200 });
		expect(await answer.json()).toMatchObject({ type: 'object' });
	}
});

describe("a credential's Test button", () => {
	const press = (type: string, change: Record<string, unknown> = {}) => {
		const credential = stage.credentials.get(type);
		if (credential === undefined) throw new Error(`There is no ${type} credential.`);
		const data = { ...stage.secrets.get(type), ...change };
		return stage.api.testCredential({ ...credential, type, data });
	};

	it.each([
		['customRestApi'],
		['entraOAuth2Api'],
		['freePbxApi'],
		['lynesApi'],
		['scimApi'],
		['telavoxApi'],
		['threeCxApi'],
		['vodiaApi'],
		['yeastarApi'],
	])('of %s works', async (type) => {
		expect(await press(type)).toMatchObject({ status: 'OK' });
	});

	it.each([
		['customRestApi', 'a wrong secret', { secret: 'Planted-secret-6' }],
		['customRestApi', 'a profile that is not usable', { profile: '{ "list": 1 }' }],
		['customRestApi', 'a phone system that is not there', { baseUrl: 'http://127.0.0.1:9' }],
		['lynesApi', 'a wrong token', { token: 'Planted-secret-7' }],
		['lynesApi', 'a list that is not there', { profile: '{ "list": { "path": "/no" } }' }],
		['entraOAuth2Api', 'a wrong secret', { clientSecret: 'Planted-secret-1' }],
		['entraOAuth2Api', 'another tenant', { tenantId: '11111111-2222-4333-8444-555555555555' }],
		['entraOAuth2Api', 'a directory that is not there', { authorityUrl: 'http://127.0.0.1:9' }],
		['freePbxApi', 'a wrong secret', { clientSecret: 'Planted-secret-8' }],
		['freePbxApi', 'a phone system that is not there', { baseUrl: 'http://127.0.0.1:9' }],
		['telavoxApi', 'a wrong token', { token: 'Planted-secret-9' }],
		['telavoxApi', 'a place that is not there', { baseUrl: 'http://127.0.0.1:9' }],
		['scimApi', 'a wrong token', { token: 'Planted-secret-2' }],
		['scimApi', 'a phone system that is not there', { baseUrl: 'http://127.0.0.1:9' }],
		['threeCxApi', 'a wrong key', { clientSecret: 'Planted-secret-5' }],
		['threeCxApi', 'a phone system that is not there', { baseUrl: 'http://127.0.0.1:9' }],
		['vodiaApi', 'a wrong password', { password: 'Planted-secret-4' }],
		['vodiaApi', 'a tenant that is not there', { domain: 'elsewhere.example' }],
		['vodiaApi', 'a phone system that is not there', { baseUrl: 'http://127.0.0.1:9' }],
		['yeastarApi', 'a wrong secret', { clientSecret: 'Planted-secret-3' }],
		['yeastarApi', 'a phone system that is not there', { baseUrl: 'http://127.0.0.1:9' }],
	])('of %s refuses %s and does not repeat it', async (type, _, change) => {
		const { status, message } = await press(type, change);
		expect(status).toBe('Error');
		expect(message).not.toBe('');
		expect(message).not.toContain('Planted-secret');
	});
});

describe('the template', () => {
	it('published, is run by its own schedule', async () => {
		const ready = forSystem(await template(), 'scim', stage.credentials, stage.nodeTypes);
		const often = withSetting(everySeconds(ready, 3), 'previewOnly', false);
		const workflow = await stage.api.createWorkflow(often);
		await stage.api.publish(workflow);
		const scheduled = await firstExecution(workflow);
		// One is enough: runs that overlap rightly refuse lists that change while they are read.
		await stage.api.unpublish(workflow);

		expect(scheduled.mode).toBe('trigger');
		const execution = await stage.api.finished(scheduled.id);
		const { created, failed } = countsOf(execution, nodeNamed(often, 'syncReport'));
		expect(created).toBeGreaterThan(0);
		expect(failed).toBe(0);
	}, 120_000);

	it('as it is shipped only previews', async () => {
		const ready = forSystem(await template(), 'yeastar', stage.credentials, stage.nodeTypes);
		const workflow = await stage.api.createWorkflow(ready);
		const { control } = stage.sandbox;
		control.yeastar.clearRequests();
		const execution = await stage.api.run(workflow, nodeNamed(ready, 'manualTrigger'));
		expect(countsOf(execution, nodeNamed(ready, 'syncReport')).created).toBe(0);
		expect(control.yeastar.requests().length).toBeGreaterThan(0);
		expect(control.yeastar.writes()).toEqual([]);
	}, 60_000);

	it('without credentials says once what is missing and where to choose it', async () => {
		for (const system of SYSTEMS) stage.sandbox.control[system].clearRequests();
		const workflow = await stage.api.createWorkflow(await template());
		const start = nodeNamed(await template(), 'manualTrigger');
		const { status, error } = await stage.api.run(workflow, start);
		expect(status).toBe('error');
		expect(error?.node?.name).toBe('Read Entra users');
		expect(`${error?.message} ${error?.description}`).toMatch(
			/no credential.*choose or create one/i,
		);
		for (const system of SYSTEMS) expect(stage.sandbox.control[system].requests()).toEqual([]);
	}, 60_000);

	it('with a wrong secret names the cause and the way out, and writes nothing', async () => {
		const wrong = await stage.api.createCredential('Wrong', 'entraOAuth2Api', {
			...stage.secrets.get('entraOAuth2Api'),
			clientSecret: 'Planted-secret-4',
		});
		const credentials = new Map(stage.credentials).set('entraOAuth2Api', wrong);
		const ready = forSystem(await template(), 'scim', credentials, stage.nodeTypes);
		const workflow = await stage.api.createWorkflow(withSetting(ready, 'previewOnly', false));
		stage.sandbox.control.scim.clearRequests();
		const { status, error } = await stage.api.run(workflow, nodeNamed(ready, 'manualTrigger'));
		const told = JSON.stringify(error);
		expect(status).toBe('error');
		expect(told).toMatch(/secret/i);
		expect(told).not.toContain('Planted-secret');
		expect(stage.sandbox.control.scim.writes()).toEqual([]);
	}, 60_000);
});

it('no secret is in what n8n logged', async () => {
	const log = await stage.n8n.log();
	const { entra, systems } = stage.sandbox;
	const secrets = [entra.clientSecret, systems.scim.token, systems.yeastar.clientSecret];
	for (const secret of [...secrets, 'Planted-secret']) expect(log).not.toContain(secret);
});

/** The first execution of a published workflow, as soon as it has started. */
async function firstExecution(workflow: StoredWorkflow): Promise<ExecutionState> {
	const deadline = Date.now() + 60_000;
	while (Date.now() < deadline) {
		const first = (await stage.api.executions(workflow)).at(-1);
		if (first !== undefined) return first;
		await wait(100);
	}
	throw new Error('The schedule did not start a run within 60 seconds.');
}
