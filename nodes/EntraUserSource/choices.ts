import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import type { ChoicePage } from '../../entra/choice';
import type { Graph } from '../../entra/graph';
import { toNodeError } from '../host/errors';
import { openDirectory } from './connection';

type Find = (graph: Graph, text?: string, next?: string) => Promise<ChoicePage>;

/** Fills a searchable list of a panel; when that cannot be done, the list says why. */
export async function offerChoices(
	context: ILoadOptionsFunctions,
	find: Find,
	text: string | undefined,
	next: string | undefined,
): Promise<INodeListSearchResult> {
	try {
		// Somebody is waiting in front of the list: be quick rather than patient.
		const graph = await openDirectory(context, { attempts: 2, totalMs: 10_000 });
		const page = await find(graph, text, next);
		return {
			results: page.choices.map(({ id, name, detail }) => ({
				name,
				value: id,
				...(detail ? { description: detail } : {}),
			})),
			...(page.next ? { paginationToken: page.next } : {}),
		};
	} catch (thrown) {
		throw toNodeError(context.getNode(), thrown);
	}
}
