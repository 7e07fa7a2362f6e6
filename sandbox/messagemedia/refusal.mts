import { stableId } from '../directory/identity.mts';

export interface InvalidField {
	readonly name: string;
	readonly code: string;
	readonly reason: string;
}

/** A refusal as Sinch Engage words it; refused sign-ins and what stands before it have no body. */
export class MessageMediaRefusal extends Error {
	constructor(
		readonly status: number,
		readonly type: string,
		readonly detail: string,
		readonly invalidFields: readonly InvalidField[] = [],
	) {
		super(detail);
	}

	toJSON() {
		return {
			uuid: stableId('messagemedia-refusal', this.detail),
			type: this.type,
			title: this.type === 'validation' ? 'Validation failed' : this.type,
			detail: this.detail,
			...(this.status === 400 ? { invalidFields: this.invalidFields } : {}),
		};
	}
}

export const notFound = (what: string) =>
	new MessageMediaRefusal(404, 'not_found', `${what} not found`);
export const conflict = (what: string) =>
	new MessageMediaRefusal(409, 'conflict', `${what} already exists`);
export const invalid = (name: string, code: string, reason: string) =>
	new MessageMediaRefusal(400, 'validation', 'Request has incorrect values', [
		{ name, code, reason },
	]);
