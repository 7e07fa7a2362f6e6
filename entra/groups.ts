import { z } from 'zod';

import { ASKING, BrokenAnswer } from './diagnosis';
import { literal } from './filter';
import type { Graph } from './graph';

export interface Group {
	readonly id: string;
	readonly name: string;
	readonly description: string | null;
}

export interface GroupPage {
	readonly groups: readonly Group[];
	/** Leads to more groups; absent on the last page. */
	readonly next?: string;
}

const page = z.object({
	value: z.array(
		z.object({
			id: z.string(),
			displayName: z.string().nullish(),
			description: z.string().nullish(),
		}),
	),
	'@odata.nextLink': z.string().nullish(),
});

/** One page of groups for a picker, those whose name begins with the text when there is one. */
export async function findGroups(graph: Graph, text = '', next?: string): Promise<GroupPage> {
	const answer = page.safeParse(
		await graph.get(
			{
				path: '/groups',
				asking: ASKING.groups,
				select: ['id', 'displayName', 'description'],
				top: 100,
				...(text.trim() ? { filter: `startsWith(displayName, ${literal(text)})` } : {}),
			},
			next,
		),
	);
	if (!answer.success) throw new BrokenAnswer(ASKING.groups);
	const groups = answer.data.value.map(({ id, displayName, description }) => ({
		id,
		name: displayName ?? id,
		description: description ?? null,
	}));
	const link = answer.data['@odata.nextLink'];
	return {
		groups: groups.sort((one, other) => one.name.localeCompare(other.name)),
		...(link ? { next: link } : {}),
	};
}
