import { quote } from '../http/quote';
import type { Diagnostic } from '../sync/diagnostic';
import type { PartAnswer } from './batch';
import { ASKING, explainGraphError } from './diagnosis';
import { isExtensionAttribute, writableNamed } from './writable';

/** Application permissions that let an app write every attribute this package writes. */
const WRITE_ALL = ['User.ReadUpdate.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'];
const WRITE_PHONES = 'User-Phone.ReadWrite.All';

type Refused = PartAnswer & { readonly kind: 'answer' };

/**
 * Says why Graph did not write `attributes` of one user, and what to do. `roles`: the permissions in
 * the token, null when unknown. Codes `user.*` are about this person, all others about the run.
 */
export function explainWriteRefusal(
	answer: Refused,
	attributes: readonly string[],
	roles: readonly string[] | null,
): Diagnostic {
	const { status, code, message, target } = answer;
	if (status === 403) return missingPermission(attributes, roles) ?? privileged;
	if (status === 404) return gone;
	if (status === 400 && target !== null) return conflict(target);
	if (status === 400) {
		if (/on-premises mastered/i.test(message)) return synced;
		if (/external service|Exchange Online/i.test(message)) return mastered(attributes);
		return refusedValue(message, attributes);
	}
	return explainGraphError({ status, code, message }, ASKING.writing).diagnostic;
}

/** The least permission that is missing for these attributes; null when the token has enough. */
function missingPermission(
	attributes: readonly string[],
	roles: readonly string[] | null,
): Diagnostic | null {
	const held = new Set(roles ?? []);
	const isAll = WRITE_ALL.some((role) => held.has(role));
	const phones = attributes.filter((name) => writableNamed(name)?.isPhone);
	if (phones.length < attributes.length && !isAll) {
		return missing('User.ReadUpdate.All', 'User.ReadWrite.All does it too.');
	}
	// The phones were split off: tenants differ in whether the wider permission still covers them.
	if (phones.length > 0 && !held.has(WRITE_PHONES)) {
		return missing(WRITE_PHONES, 'Phone numbers have a permission of their own.');
	}
	return null;
}

function missing(permission: string, remark: string): Diagnostic {
	return {
		code: 'entra.permissionMissing',
		what: 'Microsoft Graph did not let the app write to users.',
		why: `The application permission ${permission} is missing, or nobody granted admin consent. ${remark}`,
		fix: `Add ${permission} as an application permission (not a delegated one) to the app registration, grant admin consent, and wait a few minutes.`,
	};
}

const privileged: Diagnostic = {
	code: 'user.privileged',
	what: 'Microsoft Graph does not let the app write to this user.',
	why: 'The user holds an administrator role; their phone numbers can be used to sign in, so a permission alone is not enough.',
	fix: "Change it by hand, or give the app the role 'User Administrator' (for higher roles 'Privileged Authentication Administrator').",
};

const gone: Diagnostic = {
	code: 'user.gone',
	what: 'There is no such user in the directory.',
	why: 'The user was deleted after the change was planned, or is so new that it is not known everywhere yet.',
	fix: 'Run the workflow again.',
};

export const synced: Diagnostic = {
	code: 'user.synced',
	what: 'Held: this user is managed in the on-premises Active Directory.',
	why: 'Entra ID takes such users over from there and lets nobody else write to them.',
	fix: 'Change the value in the Active Directory; it arrives with its next synchronization.',
};

function mastered(attributes: readonly string[]): Diagnostic {
	const names = attributes.filter(isExtensionAttribute);
	return {
		code: 'user.mastered',
		what: `Exchange keeps ${names.length > 0 ? names.join(', ') : 'these values'} of this user.`,
		why: 'The user was once synchronized from an on-premises directory, and Exchange still owns them.',
		fix: 'Change the value in the Exchange admin center, or map another attribute.',
	};
}

function conflict(target: string): Diagnostic {
	return {
		code: 'user.conflict',
		what: `Somebody else in the directory already has this ${target}.`,
		why: 'No two people can have the same.',
		fix: 'Find the other one in the Entra admin center, and change one of the two.',
		field: target,
	};
}

function refusedValue(message: string, attributes: readonly string[]): Diagnostic {
	const field = attributes.find((name) => message.includes(`'${name}'`));
	return {
		code: 'user.refused',
		what: 'Microsoft Graph did not take the values for this user.',
		why: `It answered: ${quote(message)}`,
		fix: 'Correct the value where it comes from, or map another attribute.',
		...(field === undefined ? {} : { field }),
	};
}
