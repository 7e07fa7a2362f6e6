import { DateTime } from 'luxon';
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { z } from 'zod';

import type { Task } from '../../pbx/judgement';
import type { SystemDefinition } from '../../pbx/adapter';
import { DiagnosedError } from '../../sync/diagnostic';
import { planDigest } from '../../sync/fingerprint';
import type { Outcome } from '../../sync/item';
import { isPreviewed } from '../../sync/report/material';
import type { OpenedPhoneSystem } from '../host/phoneSystem';
import { keepPlan, recallDone } from '../host/safety';
import { sift } from '../host/sift';
import { change, evidence, outcomeItem, planMark, user } from '../host/sections';
import { notOurTurn, takeTurn } from '../host/turn';
import { brakeOf, holdingAll, readBrakeSettings } from './brake';
import { carryOut } from './carryOut';

/**
 * Writes the changes Extension Allocator planned. Items keep all they carry and gain `outcome`.
 *
 * Results of a preview, of this node or of Unmatched Cleaner, may come in as well: what was to be
 * written is written, what was held stays so. That is how an approval is carried out.
 */
export async function applyPlan(
	context: IExecuteFunctions,
	opened: OpenedPhoneSystem,
): Promise<INodeExecutionData[]> {
	const { definition } = opened;
	const { read: items, failed } = sift(context, read);
	const planned = [...items.values()];
	refuseOtherSystem(planned, definition);
	const tasks = planned.filter((item) => !isSettled(item)).map(toTask);
	const plan = planned.find((item) => item.plan)?.plan;
	const now = DateTime.utc().toISO();
	const settings = readBrakeSettings(context);
	const brake = brakeOf(settings, {
		existing: plan?.base ?? 0,
		done: recallDone(context, definition.name),
		now,
		zone: context.getTimezone(),
		digest: planDigest(tasks),
	});
	const previewOnly = plan?.previewOnly ?? null;
	const isReal = previewOnly === null && context.getNodeParameter('dryRun', 0, true) === false;
	// Elsewhere the phone system itself refuses a second account.
	const mayDouble = definition.capabilities.sharedEmail && tasks.some(isCreation);
	const turn = isReal && mayDouble ? await takeTurn(context) : undefined;
	try {
		const results = await carryOut(context, opened, tasks, {
			brake: turn === null ? holdingAll(notOurTurn) : brake,
			groups: settings.groups,
			at: now,
			previewOnly,
			settled: settledOutcomes(items),
			failed,
			...(turn ? { onWrite: turn.seen } : {}),
		});
		if (plan && isReal) keepPlan(context, plan.by, { settings: plan.settings });
		return results;
	} finally {
		await turn?.end();
	}
}

const plannedItem = z.object({
	change,
	user: user.optional(),
	number: outcomeItem.shape.number,
	evidence: evidence.optional(),
	plan: planMark.optional(),
	outcome: outcomeItem.shape.outcome.optional(),
});
type PlannedItem = z.output<typeof plannedItem>;

export function taskOf(json: unknown, index: number): Task {
	return toTask(read(json, index));
}

const isCreation = ({ change: { kind } }: Task) => kind === 'create';

function toTask({ change: planned, user: of, number, evidence: known }: PlannedItem): Task {
	const userId = of?.id ?? known?.userId ?? null;
	return { change: planned, userId, pool: number?.pool ?? null };
}

function read(json: unknown, index: number): PlannedItem {
	const planned = plannedItem.safeParse(json);
	if (planned.success) return planned.data;
	const where = planned.error.issues[0]?.path.join('.') ?? '';
	throw new DiagnosedError({
		code: 'items.noChange',
		what: `Item ${String(index)} holds no planned change.`,
		why: `'Apply Changes' reads 'change' as Extension Allocator makes it; '${where}' is not so.`,
		fix: "Connect the output 'Changes' of Extension Allocator to this node, with nothing in between that rewrites items. Nothing was written.",
	});
}

/** Decided by an earlier node, and not to be written. */
function isSettled({ outcome }: PlannedItem): boolean {
	return outcome !== undefined && !isPreviewed(outcome);
}

function settledOutcomes(items: ReadonlyMap<number, PlannedItem>): ReadonlyMap<number, Outcome> {
	return new Map(
		[...items].flatMap(([index, item]) =>
			item.outcome && isSettled(item) ? [[index, item.outcome] as const] : [],
		),
	);
}

/** The same id may be somebody else's on another phone system. */
function refuseOtherSystem(
	items: readonly PlannedItem[],
	{ name, displayName }: SystemDefinition,
): void {
	const other = items.find(({ plan }) => plan && plan.system !== name)?.plan?.system;
	if (other === undefined) return;
	throw new DiagnosedError({
		code: 'plan.otherSystem',
		what: `The changes were planned for ${other}, and 'Phone System' is set to ${displayName}.`,
		why: 'An ID on one phone system may belong to somebody else on another.',
		fix: "Set 'Phone System' to the system whose extensions were read. Nothing was written.",
		field: 'Phone System',
	});
}
