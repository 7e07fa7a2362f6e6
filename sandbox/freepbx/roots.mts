/** What can be asked for and what can be changed, by name. */
import { z } from 'zod';
import { GraphQlError } from './graphql.mts';
import { addExtension, deleteExtension, updateExtension } from './mutations.mts';
import type { FreePbx, FreePbxExtension, FreePbxSettings } from './pbx.mts';

type Roots = Readonly<Record<string, (args: Readonly<Record<string, unknown>>) => unknown>>;

/** The list is a connection in Relay's way, but gives no cursors; they count from 0. */
const CURSOR = /^arrayconnection:(\d+)$/;

export function queries(pbx: FreePbx, settings: FreePbxSettings): Roots {
	return {
		fetchAllExtensions: ({ first, after }) => {
			const all = [...pbx.extensions.values()];
			const cursor = CURSOR.exec(Buffer.from(String(after ?? ''), 'base64').toString())?.[1];
			const from = cursor === undefined ? 0 : Number(cursor) + 1;
			const most = z.number().int().positive().catch(all.length).parse(first);
			return {
				status: true,
				message: "Extension's found successfully",
				totalCount: all.length,
				extension: all.slice(from, from + most).map(view),
			};
		},
		fetchExtension: ({ extensionId }) => {
			const found = pbx.extensions.get(String(extensionId));
			return found
				? { status: true, message: 'Extension found successfully', ...view(found) }
				: { ...NO_EXTENSION, status: false, message: 'Extension does not exists' };
		},
		...(settings.hasVoicemail
			? {
					fetchVoiceMail: ({ extensionId }) => {
						const mailbox = pbx.extensions.get(String(extensionId))?.mailbox;
						return mailbox
							? { status: true, message: 'Voicemail data found successfully', ...mailbox }
							: { ...NO_MAILBOX, status: false, message: 'Sorry unable to fetch the status' };
					},
				}
			: {}),
		...(settings.mayReload
			? {
					fetchNeedReload: () => ({
						status: true,
						message: pbx.needsReload ? 'Doreload is required' : 'Doreload is not required',
					}),
					fetchApiStatus: () => reloadStatus(pbx, settings),
				}
			: {}),
	};
}

export function mutations(pbx: FreePbx, settings: FreePbxSettings): Roots {
	return {
		...(settings.mayWrite
			? {
					addExtension: ({ input }) => addExtension(pbx, settings, input),
					updateExtension: ({ input }) => updateExtension(pbx, settings, input),
					deleteExtension: ({ input }) => deleteExtension(pbx, input),
				}
			: {}),
		...(settings.mayReload
			? {
					doreload: ({ input }) => {
						if (input === undefined)
							throw new GraphQlError(
								'Field "doreload" argument "input" of type "doreloadInput!" is required but not provided.',
							);
						pbx.reloads += 1;
						return {
							status: true,
							message: 'Doreload/apply config has been initiated.',
							transaction_id: String(pbx.reloads),
						};
					},
				}
			: {}),
	};
}

function reloadStatus(pbx: FreePbx, settings: FreePbxSettings): object {
	const told = { status: true, details: null, event_output: '' };
	if (settings.reloadPolls > 0) {
		settings.reloadPolls -= 1;
		return { ...told, message: 'Processing' };
	}
	if (settings.reloadFails) return { ...told, message: 'Failed', details: 'retrieve_conf ended' };
	pbx.needsReload = false;
	return { ...told, message: 'Executed' };
}

function view({ id, tech, name, outboundCid, emergencyCid, secret, ringtimer }: FreePbxExtension) {
	return {
		id: Buffer.from(`extension:${id}`).toString('base64'),
		extensionId: id,
		tech,
		user: { extension: id, name, outboundCid, ringtimer, extPassword: secret },
		coreDevice: { device_id: id, tech, description: name, emergency_cid: emergencyCid },
	};
}

const NO_EXTENSION = { id: null, extensionId: null, tech: null, user: null, coreDevice: null };
const NO_MAILBOX = { password: null, name: null, email: null };
