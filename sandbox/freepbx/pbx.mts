/** The FreePBX stand-in's memory: extensions with all that hangs on them, tokens, and the knobs. */
import { createHash } from 'node:crypto';
import { z } from 'zod';

export interface Mailbox {
	password: string;
	name: string;
	email: string;
	/** Recorded by its owner. It is not in the interface, and lost with the mailbox. */
	greeting: string | null;
}

/** The account of the User Manager: for its owner's control panel. */
export interface PanelUser {
	email: string;
	password: string;
	groups: string[];
}

export interface FreePbxExtension {
	readonly id: string;
	tech: string;
	name: string;
	outboundCid: string;
	emergencyCid: string;
	/** What the phone signs in with. */
	secret: string;
	maxContacts: string;
	/** One of many settings the interface cannot carry through an update. */
	ringtimer: number;
	mailbox: Mailbox | null;
	panelUser: PanelUser | null;
}

export const settingsSchema = z
	.object({
		/** Extensions a commercial edition allows. */
		licenseLimit: z.number().int().min(0),
		/** Whether the voicemail module is there and the application may read it. */
		hasVoicemail: z.boolean(),
		/** Whether the application may change extensions. */
		mayWrite: z.boolean(),
		/** Whether the application may apply the configuration. */
		mayReload: z.boolean(),
		/** Whether the next update removes the extension and then does not make it anew. */
		breaksHalfway: z.boolean(),
		/** How often an application of the configuration is told to be still running. */
		reloadPolls: z.number().int().min(0),
		reloadFails: z.boolean(),
		/** Seconds. */
		tokenLifetime: z.number().int().positive(),
	})
	.strict();

export type FreePbxSettings = z.infer<typeof settingsSchema>;

export const defaultSettings = (): FreePbxSettings => ({
	licenseLimit: 500,
	hasVoicemail: true,
	mayWrite: true,
	mayReload: true,
	breaksHalfway: false,
	reloadPolls: 0,
	reloadFails: false,
	tokenLifetime: 3600,
});

export class FreePbx {
	readonly clientId = 'sandboxFreePbxClientId';
	readonly clientSecret = 'sandbox-freepbx-secret';
	readonly extensions = new Map<string, FreePbxExtension>();
	/** Tokens and when they end, in milliseconds since 1970. */
	readonly tokens = new Map<string, number>();
	/** Addresses a welcome mail went to, in order. */
	readonly welcomeMails: string[] = [];
	/** What is written is in no phone's way until the configuration is applied. */
	needsReload = false;
	reloads = 0;
	private invented = 0;

	/** Puts an extension in without the checks of the interface: for seeds and tests. */
	put(values: Partial<FreePbxExtension> & { readonly id: string }): FreePbxExtension {
		const extension: FreePbxExtension = {
			tech: 'pjsip',
			name: values.id,
			outboundCid: '',
			emergencyCid: '',
			secret: this.invent(),
			maxContacts: '1',
			ringtimer: 0,
			mailbox: null,
			panelUser: null,
			...values,
		};
		this.extensions.set(extension.id, extension);
		return extension;
	}

	/** Looks like chance and is the same on every start. */
	invent(): string {
		this.invented += 1;
		return createHash('sha256').update(`freepbx:${this.invented}`).digest('hex').slice(0, 32);
	}
}
