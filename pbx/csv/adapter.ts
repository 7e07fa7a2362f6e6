import { DiagnosedError } from '../../sync/diagnostic';
import type { Abilities, Capabilities, PhoneSystem, SystemDefinition } from '../adapter';
import { FIELDS } from './fields';
import { notAsked } from './refusals';
import type { Export } from './wire';

const CAPABILITIES: Capabilities = {
	reach: 'file',
	numbers: 'optional',
	numberMaxLength: 15,
	canChangeNumber: false,
	disable: 'none',
	canDelete: false,
	canCreate: true,
	hasExternalId: false,
	// Imports replace what they find under a key.
	partialUpdate: false,
	sharedEmail: false,
	canReadOne: false,
	concurrency: 1,
	exercisedAgainst: ['sandbox'],
};

/**
 * A phone system without an interface: an export is read, a plan becomes a file to import. It is
 * never talked to, so nodes that know `reach` read and write the files themselves.
 */
export const csv: SystemDefinition = {
	name: 'csv',
	displayName: 'CSV File',
	credentialType: '',
	capabilities: CAPABILITIES,
	fields: FIELDS,
	open,
};

/** What can be planned for an export with these fields. */
export function abilitiesOf(fields: Export['fields']): Abilities {
	const hasNumbers = fields.some(({ name }) => name === 'number');
	const numbers = hasNumbers ? CAPABILITIES.numbers : 'none';
	return { capabilities: { ...CAPABILITIES, numbers }, fields };
}

function open(): PhoneSystem {
	const refuse = async () => await Promise.reject(new DiagnosedError(notAsked));
	return {
		list: refuse,
		get: refuse,
		create: refuse,
		update: refuse,
		setEnabled: refuse,
		delete: refuse,
		close: async () => {},
	};
}
