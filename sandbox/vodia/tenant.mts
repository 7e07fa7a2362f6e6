/** The Vodia stand-in's memory: one tenant, its accounts of every kind, and its knobs. */
import { z } from 'zod';

/** Account kinds, as `type` of `addacc` and `usertype` of `users` call them. */
export const KINDS = [
	'extensions',
	'attendants',
	'conferences',
	'hunts',
	'acds',
	'orbits',
	'hoots',
	'srvflags',
	'ivrnodes',
	'callingcards',
	'colines',
] as const;
export type Kind = (typeof KINDS)[number];

export interface VodiaAccount {
	readonly id: string;
	readonly number: string;
	readonly kind: Kind;
	/** Text whatever it means: "true", "false", "", "3600". */
	readonly settings: Record<string, string>;
}

export const settingsSchema = z
	.object({
		/** Whether the administrator's "API access" is on; without it every request is refused. */
		apiAccess: z.boolean(),
		/** Extensions the licence allows; beyond it creating is answered with 200 and makes nothing. */
		licences: z.number().int().min(0),
		/** Settings this version does not have: neither told nor stored. */
		absent: z.array(z.string()),
		/** Seconds a token of the session endpoint lasts until it is exchanged. */
		exchangeWithin: z.number().int().positive(),
	})
	.strict();
export type VodiaSettings = z.infer<typeof settingsSchema>;

export const defaultSettings = (): VodiaSettings => ({
	apiAccess: true,
	licences: 500,
	absent: [],
	exchangeWithin: 10,
});

/** What every kind of account has. */
const SHARED = {
	alias: '',
	ani: '',
	building: '',
	comment: '',
	department: '',
	disabled: 'false',
	display_name: '',
	location: '',
	need_license: 'true',
	param1: '',
	param2: '',
	param3: '',
	room: '',
	teams_number: '',
	visible: 'true',
};

/** What only an extension has, as far as a phone sync could meet or trample it. */
const OF_EXTENSION = {
	avail: '',
	cell_confirm: 'true',
	cell_dis: '',
	cell_time: '20',
	cfa: '',
	cfb: '',
	dnd: 'false',
	email_address: '',
	email_missed: 'false',
	email_vmail: 'attach',
	euse: '',
	first_name: '',
	mac: '',
	mb_enable: 'true',
	position: '',
	skills: '',
	tz: '',
};

export class VodiaTenant {
	readonly domain = 'pbx.nordvik.example';
	readonly accounts = new Map<string, VodiaAccount>();
	private lastId = 7;

	/** Puts an account in without the checks of the interface: for seeds and tests. */
	put(number: string, values: Record<string, string> = {}, kind: Kind = 'extensions') {
		this.lastId += 1;
		const own = kind === 'extensions' ? OF_EXTENSION : {};
		const account: VodiaAccount = {
			id: String(this.lastId),
			number,
			kind,
			settings: { ...SHARED, ...own, alias: number, ...values },
		};
		this.accounts.set(number, account);
		return account;
	}

	get extensions(): VodiaAccount[] {
		return [...this.accounts.values()].filter(({ kind }) => kind === 'extensions');
	}
}
