/** `addExtension`, `updateExtension`, `deleteExtension`: as the core module's source does them. */
import { z } from 'zod';
import { GraphQlError } from './graphql.mts';
import type { FreePbx, FreePbxExtension, FreePbxSettings } from './pbx.mts';

const text = z.string().nullish();
const id = z.union([z.string(), z.number().transform(String)]);

const input = z
	.object({
		extensionId: id,
		name: text,
		email: text,
		tech: text,
		outboundCid: text,
		emergencyCid: text,
		callerID: text,
		umEnable: z.boolean().nullish(),
		umGroups: text,
		umPassword: text,
		vmEnable: z.boolean().nullish(),
		vmPassword: text,
		extPassword: text,
		maxContacts: text,
		channelName: text,
		clientMutationId: text,
	})
	.strict();
type Input = z.infer<typeof input>;

interface Told {
	readonly status: boolean;
	readonly message: string;
}
const done = (message: string): Told => ({ status: true, message });
const refused = (message: string): Told => ({ status: false, message });

export function addExtension(pbx: FreePbx, settings: FreePbxSettings, given: unknown): Told {
	const wanted = read('addExtensionInput', given, ['name', 'email']);
	if (wanted.extPassword !== undefined) {
		throw new GraphQlError('Field "extPassword" is not defined by type addExtensionInput.');
	}
	if (pbx.extensions.size >= settings.licenseLimit) {
		return refused('Can not add extension beyond the extensions license limit');
	}
	const wrong = wrongInput(wanted);
	if (wrong) return refused(wrong);
	if (pbx.extensions.has(wanted.extensionId)) return refused('This device id is already in use');
	make(pbx, wanted, {});
	return done('Extension has been created Successfully');
}

/** Removes the extension and everything of it, and makes it anew from what was given. */
export function updateExtension(pbx: FreePbx, settings: FreePbxSettings, given: unknown): Told {
	const wanted = read('updateExtensionInput', given, []);
	const wrong = wrongInput(wanted);
	if (wrong) return refused(wrong);
	const before = pbx.extensions.get(wanted.extensionId);
	if (before === undefined) return refused('Extension does not exists.');
	pbx.extensions.delete(before.id);
	pbx.needsReload = true;
	if (settings.breaksHalfway) {
		settings.breaksHalfway = false;
		return refused('Sorry could not update the extension');
	}
	make(pbx, wanted, {
		tech: before.tech,
		name: before.name,
		outboundCid: before.outboundCid,
		emergencyCid: before.emergencyCid,
		maxContacts: before.maxContacts,
		email: before.panelUser?.email ?? '',
		vmPassword: before.mailbox?.password ?? '',
	});
	return done('Extension has been updated');
}

export function deleteExtension(pbx: FreePbx, given: unknown): Told {
	const { extensionId } = read('deleteExtensionInput', given, []);
	if (!/^\d+$/.test(extensionId)) return refused('Please enter only numeric values');
	if (!pbx.extensions.delete(extensionId)) return refused('Extension does not exists.');
	pbx.needsReload = true;
	return done('Extension has been deleted');
}

/** Empty text counts as not given, so nothing can be emptied. */
function make(
	pbx: FreePbx,
	wanted: Input,
	before: Partial<Record<keyof FreePbxExtension | 'email' | 'vmPassword', string>>,
): void {
	const email = wanted.email || before.email || '';
	const name = wanted.name || before.name || '';
	const vmPassword = wanted.vmPassword || before.vmPassword || '';
	if (wanted.umEnable !== false) pbx.welcomeMails.push(email);
	pbx.put({
		id: wanted.extensionId,
		tech: wanted.tech || before.tech || 'pjsip',
		name,
		outboundCid: wanted.outboundCid || before.outboundCid || '',
		emergencyCid: wanted.emergencyCid || before.emergencyCid || '',
		secret: wanted.extPassword || pbx.invent(),
		maxContacts: wanted.maxContacts || before.maxContacts || '1',
		mailbox:
			wanted.vmEnable !== false && vmPassword !== ''
				? { password: vmPassword, name, email, greeting: null }
				: null,
		panelUser:
			wanted.umEnable === false
				? null
				: {
						email,
						password: wanted.umPassword || pbx.invent(),
						groups: (wanted.umGroups ?? '1').split(','),
					},
	});
	pbx.needsReload = true;
}

function wrongInput({ extensionId, umEnable, umPassword }: Input): string | null {
	if (umEnable === true && (umPassword ?? null) === null) {
		return 'User management is enabled please provide password';
	}
	return /^\d+$/.test(extensionId) ? null : 'Please enter only numeric values';
}

function read(type: string, given: unknown, required: readonly (keyof Input)[]): Input {
	const parsed = input.safeParse(given);
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		throw new GraphQlError(
			issue?.code === 'unrecognized_keys'
				? `Field "${issue.keys.join()}" is not defined by type ${type}.`
				: `Variable "$input" got an invalid value at "${String(issue?.path[0])}".`,
		);
	}
	const missing = required.find((name) => (parsed.data[name] ?? null) === null);
	if (missing === undefined) return parsed.data;
	throw new GraphQlError(`Field ${type}.${missing} of required type String! was not provided.`);
}
