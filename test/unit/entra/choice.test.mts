import { openGraph } from '../../../entra/graph.ts';
import { findGroups, findPeople } from '../../../entra/choice.ts';
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

describe('finding groups and people for a picker', () => {
	it('gives them sorted as a person sorts', async () => {
		const { choices } = await findGroups(groupsAt().graph);
		expect(choices).toEqual([
			{ id: '1', name: 'Ärzte', detail: 'Doctors' },
			{ id: '2', name: 'Sales', detail: null },
		]);
	});

	it('asks Graph for those with a word in their name that begins with what was typed', async () => {
		const { graph, sent } = groupsAt();
		await findGroups(graph, ' R&D "north" ');
		const [asked] = sent;
		expect(new URL(asked?.url ?? '').searchParams.get('$search')).toBe(
			String.raw`"displayName:R&D \"north\""`,
		);
		expect(asked?.headers).toMatchObject({ ConsistencyLevel: 'eventual' });
	});

	it('is content with the beginning of the name where Graph knows no search', async () => {
		const asked: URLSearchParams[] = [];
		const graph = openGraph(async ({ url }) => {
			const { searchParams } = new URL(url);
			asked.push(searchParams);
			return searchParams.has('$search')
				? json({ error: { code: 'Request_UnsupportedQuery', message: 'No.' } }, 400)
				: json({ value: [] });
		}, GRAPH);
		await findGroups(graph, "O'Neil & Co ");
		expect(asked.at(-1)?.get('$filter')).toBe("startsWith(displayName, 'O''Neil & Co')");
	});

	it('finds people by name, mail address and sign-in name', async () => {
		const { graph, sent } = groupsAt();
		await findPeople(graph, 'anna');
		expect(new URL(sent[0]?.url ?? '').searchParams.get('$search')).toBe(
			'"displayName:anna" OR "mail:anna" OR "userPrincipalName:anna"',
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
