/** Vodia and 3CX through PBX Target: their credentials sign in differently from all others. */
import type { INodeParameters } from 'n8n-workflow';
import { PbxTarget } from '../../nodes/PbxTarget/PbxTarget.node.ts';
import type { Sandbox } from '../../sandbox/sandbox.mts';
import { startSandbox } from '../../sandbox/sandbox.mts';
import { runNode } from './engine.mts';

let sandbox: Sandbox;
beforeEach(async () => {
	sandbox = await startSandbox();
});
afterEach(async () => {
	await sandbox.stop();
});

const SYSTEMS = [
	['vodia', 'vodiaApi', 'password', () => sandbox.control.vodia.state.tenant.extensions.length],
	['3cx', 'threeCxApi', 'clientSecret', () => sandbox.control['3cx'].state.pbx.users.size],
] as const;

describe.each(SYSTEMS)('PBX Target with %s', (system, credentialType, secret, count) => {
	const run = async (parameters: INodeParameters, change: Record<string, string> = {}) =>
		await runNode({
			node: new PbxTarget(),
			parameters: { system, ...parameters },
			credentials: { [credentialType]: { ...sandbox.systems[system], ...change } },
		});

	it('reads every extension', async () => {
		const { outputs, error } = await run({ operation: 'getExtensions' });
		expect(error).toBeUndefined();
		expect(outputs[0]).toHaveLength(count());
		expect(outputs[0]?.[0]?.json['read']).toMatchObject({ system, count: count() });
	});

	it('says that the sign-in is refused, and does not tell the secret', async () => {
		const { error } = await run({ operation: 'getExtensions' }, { [secret]: 'Planted-secret' });
		expect(error?.message).toMatch(/did not accept the sign-in/);
		expect(JSON.stringify(error)).not.toContain('Planted-secret');
	});
});
