import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { fitsAsItIs } from '../../http/quick';
import { DiagnosedError } from '../../sync/diagnostic';
import type { User } from '../../sync/item';
import { toJson } from '../host/json';
import * as sections from '../host/sections';
import { failedItem } from '../host/sift';
import { isMeant, previewOf } from './preview';
import type { Settings } from './settings';

export interface Counts {
	mapped: number;
	rejected: number;
	/** Disabled, deleted or out of scope: kept as evidence that they exist. */
	notActive: number;
	/** Users with values that were not simply copied; their `decisions` say which and why. */
	withDecisions: number;
}

export interface MappedItems {
	readonly mapped: INodeExecutionData[];
	readonly rejected: INodeExecutionData[];
	/** Each row at work on one user. */
	readonly preview: INodeExecutionData[];
	readonly counts: Counts;
}

/**
 * Every item leaves by `mapped`, so that the list stays whole: users who cannot be mapped or are not
 * active with `contact: null`, and untouched what is no user (the mark of an empty list, what the
 * step before says went wrong). Whoever is rejected also leaves by `rejected`, with all reasons.
 * What is neither is thrown, or with `goesOn` leaves as failed.
 */
export function mapItems(
	items: readonly INodeExecutionData[],
	{ mapping, expressions, showSteps, preview: wanted }: Settings,
	goesOn = false,
): MappedItems {
	const mapped: INodeExecutionData[] = [];
	const rejected: INodeExecutionData[] = [];
	let preview: INodeExecutionData[] = [];
	const counts: Counts = { mapped: 0, rejected: 0, notActive: 0, withDecisions: 0 };
	let toShow = showSteps;

	items.forEach(({ json }, item) => {
		const emit = (output: INodeExecutionData[], added: object) => {
			output.push({ json: toJson({ ...json, ...added }), pairedItem: { item } });
		};
		const user = userOf(json, item);
		if (user instanceof DiagnosedError) {
			if (!goesOn) throw user;
			return mapped.push(failedItem(user.diagnostic, item));
		}
		if (!user) return emit(mapped, {});
		if (user.status !== 'active') {
			counts.notActive++;
			return emit(mapped, { contact: null });
		}
		const computed = expressions?.(item);
		const steps = toShow-- > 0 ? { mapping: mapping.trace(user, computed) } : {};
		if (wanted !== null && preview.length === 0 && isMeant(user, wanted)) {
			preview = previewOf(user, mapping.trace(user, computed), item);
		}
		const before = Array.isArray(json['decisions']) ? json['decisions'] : [];
		const result = mapping.map(user, computed);
		if (!result.ok) {
			counts.rejected++;
			const { problems } = result;
			const decisions = [...before, ...problems.map(({ what, why }) => `Rejected: ${what} ${why}`)];
			emit(mapped, { contact: null, decisions, ...steps });
			return emit(rejected, { problems, decisions, ...steps });
		}
		counts.mapped++;
		if (result.decisions.length > 0) counts.withDecisions++;
		emit(mapped, {
			contact: result.contact,
			...(result.createOnly.length > 0 ? { createOnly: result.createOnly } : {}),
			...(result.reportOnly ? { reportOnly: result.reportOnly } : {}),
			...(result.twoWay ? { twoWay: result.twoWay } : {}),
			decisions: result.decisions.length > 0 ? [...before, ...result.decisions] : before,
			...steps,
		});
	});
	return { mapped, rejected, preview, counts };
}

const isUser = fitsAsItIs(sections.user);

/** The user of an item, or null where it is not about one, or why it comes from elsewhere. */
function userOf(json: IDataObject, index: number): User | null | DiagnosedError {
	const { user } = json;
	if (isUser(user)) return user;
	const isUsers = sections.readMark.safeParse(json['read']).data?.of === 'users';
	if (user === undefined && (isUsers || 'error' in json)) return null;
	return new DiagnosedError({
		code: 'users.notFromSource',
		what: `Item ${String(index + 1)} is not a user of Entra User Source.`,
		why:
			user === undefined
				? "It has no 'user' section."
				: "Its 'user' section has no id or no status.",
		fix: "Connect Entra User Source to Field Mapper. Nodes in between must keep the 'user' section as it is.",
		field: 'Users',
	});
}
