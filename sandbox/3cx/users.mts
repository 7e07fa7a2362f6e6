/** What the phone system accepts when a user is made or changed. */
import { z } from 'zod';
import { XapiRefusal } from './odata.mts';
import type { ThreeCxPbx, UserGroup, XapiUser } from './pbx.mts';

const text = z.string().nullable();

/** Passwords and ids are left to it; anything it does not know is refused. */
const values = z
	.object({
		Number: z.string(),
		FirstName: text,
		LastName: text,
		DisplayName: text,
		EmailAddress: text,
		Mobile: text,
		OutboundCallerID: text,
		Enabled: z.boolean(),
		Language: z.string(),
		HideInPhonebook: z.boolean(),
		Require2FA: z.boolean(),
		SendEmailMissedCalls: z.boolean(),
		VMEnabled: z.boolean(),
		PrimaryGroupId: z.number().int(),
		Groups: z.array(z.object({ GroupId: z.number().int(), Rights: z.object({ RoleName: text }) })),
	})
	.partial()
	.strict();

export function createUser(pbx: ThreeCxPbx, capacity: number, body: unknown): XapiUser {
	const wanted = read(pbx, body);
	if (pbx.users.size >= capacity) throw new XapiRefusal(400, 'WARNINGS.XAPI.LICENSE_LIMIT');
	const number = wanted.Number ?? pbx.firstFreeNumber();
	if (!/^\d{2,8}$/.test(number)) throw new XapiRefusal(400, 'WARNINGS.XAPI.INVALID', 'Number');
	if (pbx.byNumber(number)) throw new XapiRefusal(400, 'WARNINGS.XAPI.ALREADY_IN_USE', 'Number');
	return pbx.put({ ...wanted, Number: number });
}

export function changeUser(pbx: ThreeCxPbx, user: XapiUser, body: unknown): void {
	const wanted = read(pbx, body);
	if (wanted.Number !== undefined && wanted.Number !== user.Number) {
		throw new XapiRefusal(400, 'WARNINGS.XAPI.READ_ONLY', 'Number');
	}
	Object.assign(user, wanted);
}

function read(pbx: ThreeCxPbx, body: unknown): Partial<XapiUser> {
	const parsed = values.safeParse(body);
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		const name = issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path[0];
		throw new XapiRefusal(400, 'WARNINGS.XAPI.INVALID', String(name ?? 'entity'));
	}
	const { Groups, ...plain } = parsed.data;
	if (plain.EmailAddress && !/^[^\s@]+@[^\s@]+$/.test(plain.EmailAddress)) {
		throw new XapiRefusal(400, 'WARNINGS.XAPI.INVALID', 'EmailAddress');
	}
	const filled = Object.entries(plain).map(([name, value]) => [name, value ?? '']);
	const groups = Groups?.map(({ GroupId }) => membership(pbx, GroupId));
	return { ...Object.fromEntries(filled), ...(groups ? { Groups: groups } : {}) };
}

function membership(pbx: ThreeCxPbx, id: number): UserGroup {
	const department = pbx.departments.find(({ Id }) => Id === id);
	if (department === undefined) throw new XapiRefusal(400, 'WARNINGS.XAPI.NOT_FOUND', 'Groups');
	return { GroupId: id, Name: department.Name, Rights: { RoleName: 'users' } };
}
