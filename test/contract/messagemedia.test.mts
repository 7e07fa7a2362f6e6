import { MessageMediaApi } from '../../credentials/MessageMediaApi.credentials.ts';
import type { HttpPort } from '../../http/port.ts';
import { messageMedia } from '../../pbx/messagemedia/adapter.ts';
import { startSandbox } from '../../sandbox/sandbox.mts';
import { fetchPort } from '../http.mts';
import { runPhoneSystemContract } from './contract.mts';
import { readOpenApi, watched } from './official-description.mts';
import type { Rig } from './rig.mts';
import { addressOfNobody, open, refusalOf } from './rig.mts';

const description = readOpenApi('sinch-engage/openapi.yaml');
const complaints: string[] = [];

runPhoneSystemContract({
	name: 'MessageMedia',
	start,
	exceptions: [
		{
			behaviour: 'clears a field',
			because: 'a contact cannot be without a mobile number',
			instead: async (rig) => {
				const system = open(rig);
				const { id } = await system.create(rig.person(1));
				const cleared = { jobTitle: null, email: null, office: null, lists: null };
				const after = await system.update(id, cleared);
				expect(after.fields).toMatchObject({ ...cleared, firstName: 'Ada', department: 'Engines' });
				expect(await refusalOf(rig, system.update(id, { mobile: null }))).toBe('account.noMobile');
				expect((await system.get(id))?.fields['mobile']).toBe(rig.person(1).fields['mobile']);
			},
		},
		{
			behaviour: 'signs in again when its session ends in the middle of a run',
			because: 'there is no session; every request is signed by itself',
			instead: async (rig) => {
				rig.control.fault({ path: '/contacts', does: { kind: 'status', status: 401 } });
				expect(await refusalOf(rig, open(rig).list())).toBe('signIn.refused');
			},
		},
	],
});

describe('MessageMedia, in its own way', () => {
	let rig: Awaited<ReturnType<typeof start>>;
	beforeEach(async () => {
		rig = await start();
	});
	afterEach(async () => {
		await rig.stop();
	});
	const contact = (id: string) => {
		const found = rig.account.contacts.get(id);
		if (!found) throw new Error(`No contact ${id}`);
		return found;
	};
	const listsOf = (id: string) =>
		contact(id)
			.lists.map((list) => rig.account.lists.get(list)?.name)
			.sort();

	it('never says that somebody subscribed, and leaves whoever opted out opted out', async () => {
		const system = open(rig);
		const { id } = await system.create(rig.person(1));
		contact(id).channels[0] = {
			type: 'SMS',
			channelId: rig.person(1).fields['mobile'] ?? '',
			subscriptionState: 'UNSUBSCRIBED',
		};
		await system.update(id, { firstName: 'Eva', department: 'Sales' });
		await system.update(id, { mobile: '+46701740699' });
		await system.setEnabled(id, false);
		await system.setEnabled(id, true);
		expect(contact(id).channels).toEqual([
			{ type: 'SMS', channelId: '+46701740699', subscriptionState: 'UNSUBSCRIBED' },
		]);
		expect(rig.sent().some((body) => body.includes('"SUBSCRIBED"'))).toBe(false);
	});

	it('keeps other channels when the mobile number changes', async () => {
		const system = open(rig);
		const { id } = await system.create(rig.person(1));
		const whatsApp = {
			type: 'WHATSAPP',
			channelId: '+46701740688',
			subscriptionState: 'UNSUBSCRIBED',
		} as const;
		contact(id).channels.push(whatsApp);
		const after = await system.update(id, { mobile: '+46701740699' });
		expect(after.fields['mobile']).toBe('+46701740699');
		expect(contact(id).channels).toContainEqual(whatsApp);
	});

	it('does not risk a channel that cannot be written', async () => {
		const system = open(rig);
		const { id } = await system.create(rig.person(1));
		const mail = {
			type: 'EMAIL',
			channelId: 'ada@example.com',
			subscriptionState: 'SUBSCRIBED',
		} as const;
		contact(id).channels.push(mail);
		const work = system.update(id, { mobile: '+46701740699' });
		expect(await refusalOf(rig, work)).toBe('account.otherChannels');
		await system.update(id, { lastName: 'King' });
		expect(contact(id).channels).toContainEqual(mail);
		expect(contact(id).channels).toHaveLength(2);
	});

	it('makes the custom fields that are missing, each once, however many ask together', async () => {
		const before = rig.account.customFields.size;
		const people = Array.from({ length: 8 }, (_, n) => rig.person(n));
		await Promise.all(people.map(async (person) => await open(rig).create(person)));
		const tags = [...rig.account.customFields.values()].map(({ mergeTag }) => mergeTag);
		expect(new Set(tags).size).toBe(tags.length);
		expect(tags.slice(before).sort()).toEqual(['entra_job_title', 'entra_object_id']);
	});

	it('goes by the tags the credential names', async () => {
		const credential = { ...rig.credential, tagPrefix: 'hr_' };
		const made = await open(rig, { credential }).create(rig.person(1));
		expect(made).toMatchObject({
			externalId: rig.person(1).externalId,
			fields: { jobTitle: 'Analyst' },
		});
		expect((await open(rig).get(made.id))?.externalId).toBeNull();
	});

	it('clears a custom field also where PATCH only adds', async () => {
		const system = open(rig);
		const { id } = await system.create(rig.person(1));
		rig.messagemedia.settings.customFields = 'merge';
		const after = await system.update(id, { jobTitle: null, department: 'Sales' });
		expect(after.fields).toMatchObject({ jobTitle: null, department: 'Sales' });
		expect(await system.get(id)).toEqual(after);
	});

	it('offers its own lists to pick from, under the names the mapping uses', async () => {
		const system = open(rig);
		await system.create(rig.person(1, { lists: 'Sales; Göteborg' }));
		const offered = (await system.choices?.('lists')) ?? [];
		expect(offered).toEqual(expect.arrayContaining(['Göteborg', 'Sales']));
		expect(offered.some((name) => name.startsWith('Entra'))).toBe(false);
		expect(await system.choices?.('email')).toBeNull();
	});

	it('puts people into lists, makes those that are missing, and leaves the lists of others alone', async () => {
		const system = open(rig);
		const { id } = await system.create(rig.person(1, { lists: 'Sales; Göteborg' }));
		expect(listsOf(id)).toEqual(['Entra Göteborg', 'Entra Sales']);
		rig.join(id, 'Sailing club');
		const after = await system.update(id, { lists: 'Malmö; Sales' });
		expect(after.fields['lists']).toBe('Malmö; Sales');
		expect(listsOf(id)).toEqual(['Entra Malmö', 'Entra Sales', 'Sailing club']);
		const names = [...rig.account.lists.values()].map(({ name }) => name);
		expect(new Set(names).size).toBe(names.length);
	});

	it('takes a leaver off every list, and gives the lists back on return', async () => {
		const system = open(rig);
		const made = await system.create(rig.person(1, { lists: 'Sales' }));
		rig.join(made.id, 'Sailing club');
		const left = await system.setEnabled(made.id, false);
		expect(left).toEqual({ ...made, enabled: false });
		expect(listsOf(made.id)).toEqual([]);
		expect(await system.setEnabled(made.id, true)).toEqual(made);
		expect(listsOf(made.id)).toEqual(['Entra Sales', 'Sailing club']);
	});

	it('gives whoever returns to another department the lists of that one', async () => {
		const system = open(rig);
		const { id } = await system.create(rig.person(1, { lists: 'Sales' }));
		rig.join(id, 'Sailing club');
		await system.setEnabled(id, false);
		const moved = await system.update(id, { lists: 'Support', department: 'Support' });
		expect(moved).toMatchObject({ enabled: false, fields: { lists: 'Support' } });
		expect(listsOf(id)).toEqual([]);
		await system.setEnabled(id, true);
		expect(listsOf(id)).toEqual(['Entra Support', 'Sailing club']);
	});

	it('finishes a lock-out that was cut short', async () => {
		const system = open(rig);
		const made = await system.create(rig.person(1, { lists: 'Sales; Support' }));
		rig.control.fault({
			path: '/lists/',
			method: 'DELETE',
			after: 1,
			times: 9,
			does: { kind: 'status', status: 500 },
		});
		expect(await refusalOf(rig, system.setEnabled(made.id, false))).toBe('system.unwell');
		rig.messagemedia.clearFaults();
		await system.setEnabled(made.id, false);
		expect(listsOf(made.id)).toEqual([]);
		expect(await system.setEnabled(made.id, true)).toEqual(made);
	});

	it('adopts nobody of the same number, and says how to', async () => {
		const system = open(rig);
		await system.create({ ...rig.person(1), externalId: null });
		expect(await refusalOf(rig, system.create(rig.person(1)))).toBe('account.duplicate');
		const nobody = { ...rig.person(2), fields: { firstName: 'Ada' } };
		expect(await refusalOf(rig, system.create(nobody))).toBe('account.noMobile');
	});

	it('refuses a number that is not international', async () => {
		const wanted = rig.person(1, { mobile: '070-174 06 05' });
		expect(await refusalOf(rig, open(rig).create(wanted))).toBe('account.refused');
	});

	it('signs each request when asked to, and the signature holds for that request only', async () => {
		const credential = { ...rig.credential, authentication: 'hmac' };
		const http = signing(credential);
		const system = open(rig, { http, credential });
		const { id } = await system.create(rig.person(1));
		await system.update(id, { firstName: 'Åsa', lists: 'Sales' });
		expect((await system.get(id))?.fields['firstName']).toBe('Åsa');
		const forged: HttpPort = async (request, signal) =>
			await http(request, signal).then(
				async () => await replayed(credential, `${request.url}&x=1`),
			);
		expect(await refusalOf(rig, open(rig, { http: forged, credential }).list())).toBe(
			'signIn.refused',
		);
		const wrong = { ...credential, apiSecret: 'not-the-secret' };
		const refused = open(rig, { http: signing(wrong), credential: wrong }).list();
		expect(await refusalOf(rig, refused)).toBe('signIn.refused');
	});

	it('knows the addresses of both regions', async () => {
		for (const [region, host] of [
			['eu', 'eu.app.api.sinch.com'],
			['apac', 'au.app.api.sinch.com'],
		] as const) {
			const asked: string[] = [];
			const http: HttpPort = async ({ url }) => {
				asked.push(new URL(url).host);
				return { status: 404, headers: {}, body: '' };
			};
			const system = open(rig, { http, credential: { ...rig.credential, baseUrl: '', region } });
			expect(await refusalOf(rig, system.list())).toBe('system.notThere');
			expect(asked).toEqual([host]);
		}
	});
});

const it_ = description === null ? it.skip : it;
it_(
	description === null
		? 'MessageMedia gets nothing its description does not know (skipped: the description is not here)'
		: 'MessageMedia gets nothing its description does not know',
	() => {
		// The suite makes up ids that are none, and lets the stand-in be busy, which the vendor never is.
		const ours = complaints.filter((said) => !/path \/contactId must match|answers 429/.test(said));
		expect([...new Set(ours)]).toEqual([]);
	},
);

/** Signs as n8n does, through the credential's own code. */
function signing(credential: Readonly<Record<string, string>>, tap?: (body: string) => void) {
	const port: HttpPort = async (request, signal) => {
		const { method, url, headers = {}, body } = request;
		tap?.(typeof body === 'object' ? JSON.stringify(body) : (body ?? ''));
		const signed = await new MessageMediaApi().authenticate(credential, {
			method,
			url,
			headers,
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		const own = Object.entries(signed.headers ?? {}).map(([name, value]) => [name, String(value)]);
		return await fetchPort()({ ...request, headers: Object.fromEntries(own) }, signal);
	};
	return port;
}

/** The signature of one address, sent to another. */
async function replayed(credential: Readonly<Record<string, string>>, url: string) {
	const { headers = {} } = await new MessageMediaApi().authenticate(credential, {
		method: 'GET',
		url: url.replace('&x=1', ''),
	});
	const own = Object.entries(headers).map(([name, value]) => [name, String(value)]);
	return await fetchPort(Object.fromEntries(own))({ method: 'GET', url });
}

async function start() {
	const sandbox = await startSandbox();
	const control = sandbox.control.messagemedia;
	const account = control.state;
	const credential = sandbox.systems.messagemedia;
	const bodies: string[] = [];
	const port = (own: Readonly<Record<string, string>>) =>
		watched(
			signing(own, (body) => bodies.push(body)),
			description,
			complaints,
			{ responses: true },
		);
	const wrong = { ...credential, apiSecret: 'not-the-secret' };
	const join = (id: string, list: string) => {
		const found = [...account.lists.values()].find(({ name }) => name === list);
		account.contacts.get(id)?.lists.push(found?.id ?? account.putList(list).id);
	};
	return {
		definition: messageMedia,
		http: port(credential),
		credential,
		wrong: { credential: wrong, http: port(wrong) },
		nowhere: { ...credential, baseUrl: await addressOfNobody() },
		secrets: [credential.apiSecret, btoa(`${credential.apiKey}:${credential.apiSecret}`)],
		control,
		requests: {
			list: { path: '/contacts/contacts\\?', method: 'GET' },
			create: { path: '/contacts/contacts$', method: 'POST' },
			update: { path: '/contacts/contacts/', method: 'PATCH' },
		},
		rows: 'content',
		person: (n, fields = {}) => ({
			number: null,
			fields: {
				firstName: 'Ada',
				lastName: 'Lovelace',
				email: `ada.${String(n)}@example.com`,
				mobile: `+467017407${String(n).padStart(2, '0')}`,
				jobTitle: 'Analyst',
				department: 'Engines',
				office: 'London',
				...fields,
			},
			externalId: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
		}),
		count: () => account.contacts.size,
		removeAll: () => {
			account.contacts.clear();
		},
		endSession: () => {},
		foreign: {
			set: (id) => {
				const found = account.contacts.get(id);
				if (!found) return;
				found.note = 'Knows the way';
				found.alias = 'countess';
				const shoes = [...account.customFields.values()].find(
					({ mergeTag }) => mergeTag === 'shoe_size',
				);
				found.customFields.set(shoes?.id ?? '', '38');
				join(id, 'Sailing club');
			},
			get: (id) => {
				const { note, alias, customFields, lists } = account.contacts.get(id) ?? {};
				const club = [...account.lists.values()].find(({ name }) => name === 'Sailing club');
				const shoes = [...(customFields ?? [])].filter(([, value]) => value === '38');
				return { note, alias, shoes, isSailing: lists?.includes(club?.id ?? '') };
			},
		},
		stop: () => sandbox.stop(),
		account,
		messagemedia: control,
		sent: () => bodies,
		join,
	} satisfies Rig & Record<string, unknown>;
}
