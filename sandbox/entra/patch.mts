/** `PATCH /users/{id}`: who may write what, and what Graph refuses. */
import { z } from 'zod';
import type { DirectoryUser } from '../directory/user.mts';
import { badRequest, GraphRefusal, insufficientPrivileges } from './refusal.mts';
import type { Tenant } from './tenant.mts';

const WRITE_USERS = ['User.ReadWrite.All', 'User.ReadUpdate.All', 'Directory.ReadWrite.All'];
const WRITE_PHONES = 'User-Phone.ReadWrite.All';
const PHONES = ['businessPhones', 'mobilePhone'];
/** What only a higher role may write on somebody who holds a role. */
const SENSITIVE = [...PHONES, 'accountEnabled', 'userPrincipalName'];

const text = (length: number) => z.string().max(length).nullable();

/** Longest values from the reference of the user resource. */
const writable = {
	accountEnabled: z.boolean(),
	businessPhones: z.array(z.string().max(64)).max(1),
	city: text(128),
	companyName: text(64),
	country: text(128),
	department: text(64),
	displayName: z.string().min(1).max(256),
	employeeId: text(16),
	faxNumber: text(64),
	givenName: text(64),
	jobTitle: text(128),
	mobilePhone: text(64),
	officeLocation: text(128),
	onPremisesExtensionAttributes: z.record(
		z.string().regex(/^extensionAttribute([1-9]|1[0-5])$/),
		text(1024),
	),
	postalCode: text(40),
	state: text(128),
	streetAddress: text(1024),
	surname: text(64),
	usageLocation: text(2),
	userPrincipalName: z.string().regex(/^[^@\s]+@[^@\s]+$/),
} satisfies Partial<Record<keyof DirectoryUser, z.ZodType>>;

const body = z.record(z.string(), z.unknown());

/** Changes the user, or throws Graph's refusal and changes nothing. */
export function patchUser(
	tenant: Tenant,
	user: DirectoryUser,
	payload: unknown,
	roles: readonly string[],
): void {
	const parsed = body.safeParse(payload);
	if (!parsed.success) {
		throw badRequest('Unable to read JSON request payload. Please ensure the payload is valid.');
	}
	const names = Object.keys(parsed.data);
	const onlyPhones = names.every((name) => PHONES.includes(name));
	const allowed =
		roles.some((role) => WRITE_USERS.includes(role)) ||
		(onlyPhones && roles.includes(WRITE_PHONES));
	if (!allowed) throw insufficientPrivileges();
	if (tenant.privileged.has(user.id) && names.some((name) => SENSITIVE.includes(name))) {
		throw insufficientPrivileges();
	}

	const shape = z.object(writable).partial().strict().safeParse(parsed.data);
	if (!shape.success) {
		const issue = shape.error.issues[0];
		const property =
			issue?.code === 'unrecognized_keys' ? issue.keys[0] : String(issue?.path[0] ?? '');
		throw requestRefusal(
			`Invalid value specified for property '${property ?? ''}' of resource 'User'.`,
		);
	}
	if (user.onPremisesSyncEnabled === true) {
		throw requestRefusal(
			'Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.',
		);
	}
	// Once synced, the extension attributes stay with Exchange.
	if (user.onPremisesSyncEnabled === false && names.includes('onPremisesExtensionAttributes')) {
		throw requestRefusal(
			'Unable to update the specified properties for objects that have originated within an external service.',
		);
	}
	const { onPremisesExtensionAttributes, ...values } = shape.data;
	const principalName = values.userPrincipalName?.toLowerCase();
	const taken = [...tenant.users.values()].some(
		(other) => other.id !== user.id && other.userPrincipalName.toLowerCase() === principalName,
	);
	if (taken) {
		throw requestRefusal(
			'Another object with the same value for property userPrincipalName already exists.',
			'userPrincipalName',
		);
	}
	Object.assign(user, values);
	Object.assign(user.onPremisesExtensionAttributes, onPremisesExtensionAttributes);
}

/** `conflictWith` names the property whose value another object has. */
function requestRefusal(message: string, conflictWith?: string): GraphRefusal {
	const details =
		conflictWith === undefined ? [] : [{ code: 'ObjectConflict', message, target: conflictWith }];
	return new GraphRefusal(400, 'Request_BadRequest', message, details);
}
