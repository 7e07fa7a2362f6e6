/** What the node knows of earlier runs, and what follows for the plan of this one. */
import { DateTime } from 'luxon';
import type { IExecuteFunctions } from 'n8n-workflow';

import { doubtsFromExperience, inService, withDoubts } from '../../sync/doubt';
import { extremeOf, withSighting } from '../../sync/extreme';
import type { Wholeness } from '../../sync/guard';
import type { ChangeItem, ContactItem, Link, PlanMark } from '../../sync/item';
import type { Plan } from '../../sync/plan';
import { changedSettings, originInWords, originOf } from '../../sync/settings-change';
import { BASE_DAYS, keepPlan, recallPlan } from '../host/safety';
import { readSafetySettings } from './safety-settings';
import { settingsInUse } from './settings-in-use';

/** Counts of users are compared with the most of so many days, so that many small drops are one. */
const USERS_DAYS = 7;

export interface Read {
	readonly users: readonly ContactItem[];
	readonly usersRead: Wholeness;
	readonly extensionsRead: Wholeness;
	/** Extensions that arrived. */
	readonly extensions: number;
	readonly links: readonly Link[] | null;
	readonly system: string;
}

/**
 * Holds back what experience speaks against, and marks every item with its plan: how many
 * extensions limits may take a share of, and whether it may only be previewed.
 */
export function safeguard(context: IExecuteFunctions, planned: Plan, read: Read): Plan {
	const by = context.getNode().id;
	const memory = recallPlan(context, by);
	const chosen = readSafetySettings(context);
	const now = DateTime.utc().toISO();
	const count = inService(read.users);

	const doubts = read.usersRead.whole
		? doubtsFromExperience(read.users, {
				...chosen,
				mostInService: extremeOf(memory.users, now, USERS_DAYS),
				now,
				zone: context.getTimezone(),
			})
		: [];
	const plan = withDoubts(planned, doubts);

	const extensions = read.extensionsRead.whole
		? withSighting(memory.extensions, { at: now, count: read.extensions }, 'lowest', BASE_DAYS)
		: memory.extensions;
	const settings = settingsInUse(context);
	const held = changedSettings(
		memory.settings,
		settings,
		chosen.acceptedSettings,
		plan.changes.map(({ change }) => change),
	);
	const previewOnly = chosen.afterSettingsChange === 'apply' ? null : held;
	const isIdle = plan.changes.length === 0 && plan.unmatched.length === 0 && doubts.length === 0;
	keepPlan(context, by, {
		extensions,
		...(read.usersRead.whole && doubts.length === 0
			? { users: usersSeen(memory.users, count, now, chosen.maxDropPercent) }
			: {}),
		// With nothing to do, new settings have done no harm and need nobody's yes.
		...(memory.settings !== null && isIdle ? { settings } : {}),
	});

	const base = extremeOf(extensions, now, BASE_DAYS) ?? read.extensions;
	// How many were asked for says nothing about how many there are.
	const isNeeded = read.extensionsRead.mark?.scope === 'needed';
	const mark: PlanMark = {
		by,
		system: read.system,
		base: isNeeded ? base : Math.min(base, read.extensions),
		settings,
		previewOnly,
	};
	const rows = new Map((read.links ?? []).map((link) => [link.userId, link]));
	const toMarked = (item: ChangeItem): ChangeItem => {
		const row = rows.get(item.user.id);
		const says = row !== undefined && (row.state === 'pinned' || Boolean(row.disabledAt));
		const origin =
			held && memory.settings
				? [originInWords(originOf(item.change, memory.settings, settings))]
				: [];
		return {
			...item,
			...(says ? { match: { ...item.match, remembered: row } } : {}),
			plan: mark,
			decisions: [...item.decisions, ...origin],
		};
	};
	return {
		...plan,
		changes: plan.changes.map(toMarked),
		unchanged: plan.unchanged.map(toMarked),
		unmatched: plan.unmatched.map((item) => ({ ...item, plan: mark })),
		summary: {
			...plan.summary,
			notes: [...plan.summary.notes, ...(previewOnly === null ? [] : [previewOnly])],
		},
	};
}

/** A drop somebody accepted is the new measure, or it would need accepting for a week. */
function usersSeen(
	seen: ReadonlyArray<{ at: string; count: number }>,
	count: number,
	at: string,
	maxDropPercent: number,
) {
	const most = extremeOf(seen, at, USERS_DAYS) ?? count;
	const dropped = (most - count) * 100 > most * maxDropPercent;
	return withSighting(dropped ? [] : seen, { at, count }, 'highest', USERS_DAYS);
}
