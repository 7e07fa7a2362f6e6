import { DiagnosedError } from '../sync/diagnostic';
import type { SystemDefinition } from './adapter';
import { csv } from './csv/adapter';
import { freepbx } from './freepbx/adapter';
import { messageMedia } from './messagemedia/adapter';
import { customRest, lynes } from './custom/adapter';
import { scim } from './scim/adapter';
import { telavox } from './telavox/adapter';
import { threeCx } from './3cx/adapter';
import { vodia } from './vodia/adapter';
import { yeastar } from './yeastar/adapter';

/** Every phone system there is, in the order panels and tables show them. */
export const SYSTEMS: readonly SystemDefinition[] = [
	threeCx,
	freepbx,
	messageMedia,
	scim,
	telavox,
	vodia,
	yeastar,
	lynes,
	customRest,
	csv,
];

/** The system with this key; rejects a key nobody has, as in a workflow made by a newer version. */
export function systemNamed(name: string): SystemDefinition {
	const system = SYSTEMS.find((candidate) => candidate.name === name);
	if (system) return system;
	throw new DiagnosedError({
		code: 'system.unknown',
		what: `There is no phone system called "${name}" here.`,
		why: 'The workflow was made with another version of this package, or the value comes from an expression.',
		fix: `Choose one of: ${SYSTEMS.map(({ displayName }) => displayName).join(', ')}.`,
		field: 'Phone System',
	});
}
