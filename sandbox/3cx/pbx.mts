/** The 3CX stand-in's memory: users, departments, and its knobs. */
import { z } from 'zod';

/** A user, under 3CX's names: what a phone sync meets, and what it must not trample or read. */
export interface XapiUser {
	readonly Id: number;
	readonly Number: string;
	FirstName: string;
	LastName: string;
	DisplayName: string;
	EmailAddress: string;
	Mobile: string;
	OutboundCallerID: string;
	Enabled: boolean;
	Language: string;
	HideInPhonebook: boolean;
	Require2FA: boolean;
	SendEmailMissedCalls: boolean;
	VMEnabled: boolean;
	PrimaryGroupId: number;
	/** Comes along whenever a client does not say which properties it wants. */
	AuthPassword: string;
	Groups: UserGroup[];
}

export interface UserGroup {
	readonly GroupId: number;
	readonly Name: string;
	readonly Rights: { readonly RoleName: string };
}

export interface Department {
	readonly Id: number;
	readonly Name: string;
	readonly Number: string;
}

export const settingsSchema = z
	.object({
		/** Seconds; a minute, as on the real thing. */
		tokenLifetime: z.number().int().positive(),
		/** Users the licence allows. */
		capacity: z.number().int().min(0),
		/** Whether the service principal may use the interface (XAPI access, Enterprise licence). */
		mayUseInterface: z.boolean(),
	})
	.strict();
export type ThreeCxSettings = z.infer<typeof settingsSchema>;

export const defaultSettings = (): ThreeCxSettings => ({
	tokenLifetime: 60,
	capacity: 500,
	mayUseInterface: true,
});

export class ThreeCxPbx {
	readonly clientId = '9000';
	readonly clientSecret = 'sandbox-3cx-api-key';
	readonly users = new Map<number, XapiUser>();
	/** Ids of users who got the welcome mail, once each time. */
	readonly welcomed: number[] = [];
	readonly departments: Department[] = [
		{ Id: 28, Name: 'DEFAULT', Number: 'GRP0000' },
		{ Id: 31, Name: 'Sales', Number: 'GRP0001' },
		{ Id: 32, Name: "Chef's Office", Number: 'GRP0002' },
	];
	private lastId = 40;

	/** Puts a user in without the checks of the interface: for seeds and tests. */
	put(values: Partial<XapiUser> & { readonly Number: string }): XapiUser {
		this.lastId += 1;
		const user: XapiUser = {
			Id: this.lastId,
			FirstName: '',
			LastName: '',
			DisplayName: '',
			EmailAddress: '',
			Mobile: '',
			OutboundCallerID: '',
			Enabled: true,
			Language: 'EN',
			HideInPhonebook: false,
			Require2FA: true,
			SendEmailMissedCalls: true,
			VMEnabled: true,
			PrimaryGroupId: 28,
			AuthPassword: `sandbox-sip-password-${String(this.lastId)}`,
			Groups: [{ GroupId: 28, Name: 'DEFAULT', Rights: { RoleName: 'users' } }],
			...values,
		};
		this.users.set(user.Id, user);
		return user;
	}

	byNumber(number: string): XapiUser | undefined {
		return [...this.users.values()].find((user) => user.Number === number);
	}

	firstFreeNumber(): string {
		let number = 100;
		while (this.byNumber(String(number)) !== undefined) number += 1;
		return String(number);
	}
}
