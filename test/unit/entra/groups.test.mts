import { openGraph } from '../../../entra/graph.ts';
import { findGroups } from '../../../entra/groups.ts';
import type { HttpRequest } from '../../../http/port.ts';
import { GRAPH, json } from './graph-script.mts';

function groupsAt(link?: string) {
	const sent: HttpRequest[] = [];
	const graph = openGraph(async (request) => {
		sent.push(request);
		return json({
			value: [
				{ id: '2', displayName: 'Sales', description: null },
				{ id: '1', displayName: 'Ärzte', description: 'Doctors' },
			],
			...(link ? { '@odata.nextLink': link } : {}),
		});
	}, GRAPH);
	return { graph, sent };
}

describe('finding groups for the picker', () => {
	it('gives them sorted as a person sorts', async () => {
		const { groups } = await findGroups(groupsAt().graph);
		expect(groups).toEqual([
			{ id: '1', name: 'Ärzte', description: 'Doctors' },
			{ id: '2', name: 'Sales', description: null },
		]);
	});

	it('asks Graph for those whose name begins with what was typed', async () => {
		const { graph, sent } = groupsAt();
		await findGroups(graph, "O'Neil & Co ");
		expect(new URL(sent[0]?.url ?? '').searchParams.get('$filter')).toBe(
			"startsWith(displayName, 'O''Neil & Co')",
		);
	});

	it('goes on where the last page ended', async () => {
		const link = `${GRAPH}/v1.0/groups?$skiptoken=abc`;
		const { graph, sent } = groupsAt(link);
		const { next } = await findGroups(graph);
		await findGroups(graph, '', next);
		expect(sent[1]?.url).toBe(link);
	});

	it('does not take the sign-in to another host because the editor says so', async () => {
		const { graph, sent } = groupsAt();
		await expect(findGroups(graph, '', 'https://evil.example/v1.0/groups')).rejects.toThrow(
			'The next page of the list is said to be at another host.',
		);
		expect(sent).toEqual([]);
	});
});
