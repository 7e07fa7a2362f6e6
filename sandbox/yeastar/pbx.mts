/** The Yeastar P-Series stand-in's memory: its accounts, organizations, sessions and knobs. */
import { z } from 'zod';

/** Most of one account, under Yeastar's names. Passwords are kept apart and never listed. */
export interface YeastarExtension {
	readonly id: number;
	readonly number: string;
	readonly type: 'SIP';
	reg_name: string;
	first_name: string;
	last_name: string;
	title: string;
	email_addr: string;
	mobile_number: string;
	caller_id: string;
	role_id: number;
	presence_status: string;
	concurrent_registrations: number;
	email_language: string;
	user_lang: string;
	organization_list: { value: string }[];
	/** The levers that together lock an account: 0 or 1. */
	disable_outb_call: number;
	allow_reg_remotely: number;
	enb_mobile_client: number;
	enb_desktop_client: number;
	enb_web_client: number;
}

export const settingsSchema = z
	.object({
		/** Whether two accounts with the same mail address are refused. */
		uniqueEmails: z.boolean(),
		/** Whether Organization Management is on, which makes `organization_list` required. */
		organizationRequired: z.boolean(),
		/** Accounts the licence allows. */
		capacity: z.number().int().min(0),
		/** Sign-ins with wrong credentials until the caller is blocked; 0: never. */
		blockAfter: z.number().int().min(0),
		/** Sessions one application may hold at once. */
		maxTokens: z.number().int().min(1),
		/** Seconds. */
		accessTokenLifetime: z.number().int().positive(),
		refreshTokenLifetime: z.number().int().positive(),
		/** Set by too many wrong sign-ins; set to false to let the caller in again. */
		blocked: z.boolean(),
	})
	.strict();

export type YeastarSettings = z.infer<typeof settingsSchema>;

export const defaultSettings = (): YeastarSettings => ({
	uniqueEmails: true,
	organizationRequired: false,
	capacity: 500,
	blockAfter: 5,
	maxTokens: 8,
	accessTokenLifetime: 1800,
	refreshTokenLifetime: 86_400,
	blocked: false,
});

export class Pbx {
	readonly clientId = 'sandboxYeastarClientId';
	readonly clientSecret = 'sandbox-yeastar-secret';
	readonly extensions = new Map<number, YeastarExtension>();
	readonly passwords = new Map<number, { reg_password: string; user_password: string }>();
	readonly organizations = [
		{ id: 1, name: 'Nordvik AB', parent_id: 0 },
		{ id: 2, name: 'Nordvik Services', parent_id: 1 },
	];
	readonly roles = [
		{ text: 'Administrator', value: '1' },
		{ text: 'Supervisor', value: '2' },
		{ text: 'Employee', value: '5' },
	];
	/** Ids of extensions whose people got the welcome mail, once each time. */
	readonly welcomed: number[] = [];
	private lastId = 40;

	/** Ids are never used twice, as on the real thing. */
	nextId(): number {
		this.lastId += 1;
		return this.lastId;
	}

	/** Puts an account in without the checks of the interface: for seeds and tests. */
	put(values: Partial<YeastarExtension> & { readonly number: string }): YeastarExtension {
		const id = values.id ?? this.nextId();
		const extension: YeastarExtension = {
			id,
			type: 'SIP',
			reg_name: values.number,
			first_name: '',
			last_name: '',
			title: '',
			email_addr: '',
			mobile_number: '',
			caller_id: values.number,
			role_id: 0,
			presence_status: 'available',
			concurrent_registrations: 1,
			email_language: 'en',
			user_lang: 'en',
			organization_list: [],
			disable_outb_call: 0,
			allow_reg_remotely: 1,
			enb_mobile_client: 1,
			enb_desktop_client: 1,
			enb_web_client: 1,
			...values,
		};
		this.extensions.set(id, extension);
		return extension;
	}

	byNumber(number: string): YeastarExtension | undefined {
		return [...this.extensions.values()].find((extension) => extension.number === number);
	}
}

/** As lists show a name: the two parts, or the number when there is none. */
export const callerIdName = ({ first_name, last_name, number }: YeastarExtension): string =>
	[first_name, last_name].filter((name) => name !== '').join(' ') || number;
