/** Extensions as a phone system of the sandbox really has them, called unmatched. */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { HttpPort } from '../../http/port.ts';
import { systemNamed } from '../../pbx/systems.ts';
import type { Sandbox } from '../../sandbox/sandbox.mts';
import type { AbsenceReason, Extension, ReadMark, UnmatchedItem } from '../../sync/item.ts';

export type SystemName = keyof Sandbox['systems'];

/** Node's own client as the door to the network, as plain as can be. */
const port: HttpPort = async ({ url, method, headers, body }, signal) => {
	const isForm = body instanceof URLSearchParams;
	const answer = await fetch(url, {
		method,
		headers: {
			...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
			...headers,
		},
		...(body === undefined
			? {}
			: { body: typeof body === 'string' || isForm ? body : JSON.stringify(body) }),
		...(signal ? { signal } : {}),
	});
	return {
		status: answer.status,
		headers: Object.fromEntries(answer.headers),
		body: await answer.text(),
	};
};

export function credentialsFor(sandbox: Sandbox, name: SystemName): Record<string, IDataObject> {
	const credential = { ...sandbox.systems[name] };
	return { [systemNamed(name).credentialType]: credential };
}

/** All extensions that are in use, by number where there are numbers. */
export async function readEnabled(sandbox: Sandbox, name: SystemName): Promise<Extension[]> {
	const definition = systemNamed(name);
	const credential = credentialsFor(sandbox, name)[definition.credentialType] ?? {};
	// A header credential is put on by n8n, so here it is put on by hand.
	const http: HttpPort =
		name === 'scim'
			? (request, signal) =>
					port(
						{
							...request,
							headers: {
								...request.headers,
								authorization: `Bearer ${sandbox.systems.scim.token}`,
							},
						},
						signal,
					)
			: port;
	const system = definition.open({ http, credential });
	try {
		return (await system.list()).filter(({ enabled }) => enabled === true);
	} finally {
		await system.close();
	}
}

export function unmatched(
	extension: Extension,
	name: SystemName,
	reason: AbsenceReason = 'disabled',
	count = 250,
): UnmatchedItem {
	const mark = (of: ReadMark['of']): ReadMark => ({
		id: of,
		of,
		count,
		scope: 'whole',
		...(of === 'extensions' ? { system: name } : {}),
	});
	return {
		extension,
		evidence: {
			reason,
			userId: reason === 'notFound' ? null : `user of ${extension.id}`,
			users: mark('users'),
			extensions: mark('extensions'),
			knownBy: 'link',
		},
		decisions: ['Its user is gone.'],
	};
}

/** Our items are plain JSON, which n8n's types cannot know. */
export function onWire(items: readonly object[]): INodeExecutionData[] {
	return items.map((json) => ({ json: json as IDataObject }));
}
