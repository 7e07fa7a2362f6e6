import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { z } from 'zod';

import type { Task } from '../../pbx/judgement';
import { DiagnosedError } from '../../sync/diagnostic';
import type { OpenedPhoneSystem } from '../host/phoneSystem';
import { change, user } from '../host/sections';
import { carryOut } from './carryOut';

/** Writes the changes Extension Allocator planned. Items keep all they carry and gain `outcome`. */
export async function applyPlan(
	context: IExecuteFunctions,
	opened: OpenedPhoneSystem,
): Promise<INodeExecutionData[]> {
	const tasks = context.getInputData().map(({ json }, index) => taskOf(json, index));
	return await carryOut(context, opened, tasks);
}

const plannedItem = z.object({ change, user: user.optional() });

export function taskOf(json: unknown, index: number): Task {
	const planned = plannedItem.safeParse(json);
	if (planned.success)
		return { change: planned.data.change, userId: planned.data.user?.id ?? null };
	const where = planned.error.issues[0]?.path.join('.') ?? '';
	throw new DiagnosedError({
		code: 'items.noChange',
		what: `Item ${String(index)} holds no planned change.`,
		why: `'Apply Changes' reads 'change' as Extension Allocator makes it; '${where}' is not so.`,
		fix: "Connect the output 'Changes' of Extension Allocator to this node, with nothing in between that rewrites items. Nothing was written.",
	});
}
