import { lynes } from '../../pbx/custom/adapter.ts';
import { startSandbox } from '../../sandbox/sandbox.mts';
import { runPhoneSystemContract } from './contract.mts';
import { ada, insideOf, restRig } from './rest.mts';
import { open, refusalOf } from './rig.mts';

const noDeleting = 'deleting is left to a person, as in the own directory sync of Lynes';

runPhoneSystemContract({
	name: 'Lynes',
	start,
	exceptions: [
		{
			behaviour: 'signs in again when its session ends in the middle of a run',
			because: 'a key is made by hand and cannot be renewed from here',
			instead: async (rig) => {
				rig.control.fault({ path: '/users', does: { kind: 'status', status: 401 } });
				expect(await refusalOf(rig, open(rig).list())).toBe('signIn.refused');
			},
		},
		{
			behaviour: 'removes an account, and does not mind when it is gone already',
			because: noDeleting,
			instead: async (rig) => {
				const system = open(rig);
				const { id } = await system.create(rig.person(1));
				const count = rig.count();
				expect(await refusalOf(rig, system.delete(id))).toBe('account.cannot.delete');
				expect(rig.count()).toBe(count);
				expect(lynes.capabilities.canDelete).toBe(false);
			},
		},
		{
			behaviour: 'says that an account is gone when it is to be changed',
			because: noDeleting,
			instead: async (rig) => {
				const system = open(rig);
				const { id } = await system.create(rig.person(1));
				rig.removeAll();
				expect(await refusalOf(rig, system.update(id, { firstName: 'Eva' }))).toBe('account.gone');
				expect(await refusalOf(rig, system.setEnabled(id, false))).toBe('account.gone');
			},
		},
	],
});

describe('Lynes, in its own way', () => {
	let rig: Awaited<ReturnType<typeof start>>;
	beforeEach(async () => {
		rig = await start();
	});
	afterEach(async () => {
		await rig.stop();
	});

	it('is a guess, and every part of the guess can be changed in the credential', async () => {
		const changes = {
			list: { path: '/elsewhere', items: 'rows' },
			fields: { jobTitle: null, custom1: 'ringtone' },
			delete: { path: '/users/{id}' },
		};
		const credential = { ...rig.credential, profile: JSON.stringify(changes) };
		const abilities = lynes.forCredential?.(credential);
		expect(abilities?.capabilities.canDelete).toBe(true);
		const names = abilities?.fields.map(({ name }) => name);
		expect(names).toContain('custom1');
		expect(names).not.toContain('jobTitle');
		expect(await refusalOf(rig, open(rig, { credential }).list())).toMatch(/^system\./);
		expect(rig.control.requests().map(({ path }) => path)).toEqual(['/api/v1/elsewhere']);
	});

	it('says which part of a change to its profile is not usable', async () => {
		const profile = JSON.stringify({ list: { paging: { kind: 'pages' } } });
		const opening = async () => open(rig, { credential: { ...rig.credential, profile } });
		expect(await refusalOf(rig, opening())).toBe('signIn.profileUnusable');
		await expect(opening()).rejects.toMatchObject({
			diagnostic: { why: expect.stringContaining('list.paging.kind') },
		});
	});
});

async function start() {
	const sandbox = await startSandbox();
	const control = sandbox.control.lynes;
	return await restRig({
		definition: lynes,
		credential: sandbox.systems.lynes,
		secret: 'token',
		control,
		requests: {
			list: { path: '/users\\?page', method: 'GET' },
			create: { path: '/users$', method: 'POST' },
			update: { path: '/users/', method: 'PATCH' },
		},
		rows: 'users',
		person: ada,
		stop: sandbox.stop,
		inside: insideOf(control.state),
	});
}
