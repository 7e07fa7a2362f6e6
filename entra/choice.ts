/** What a picker offers: one page of groups or users, found by what somebody typed. */
import { z } from 'zod';

import { DiagnosedError } from '../sync/diagnostic';
import { ASKING, BrokenAnswer } from './diagnosis';
import { literal } from './filter';
import type { Graph, GraphQuery } from './graph';

export interface Choice {
	readonly id: string;
	readonly name: string;
	/** What tells two of the same name apart. */
	readonly detail: string | null;
}

export interface ChoicePage {
	readonly choices: readonly Choice[];
	/** Leads to more; absent on the last page. */
	readonly next?: string;
}

type Kind = Pick<GraphQuery, 'path' | 'asking' | 'select'> & {
	/** Attributes that are searched. */
	readonly search: readonly string[];
	readonly detail: 'description' | 'userPrincipalName';
};

const GROUPS: Kind = {
	path: '/groups',
	asking: ASKING.groups,
	select: ['id', 'displayName', 'description'],
	search: ['displayName'],
	detail: 'description',
};

const PEOPLE: Kind = {
	path: '/users',
	asking: ASKING.users,
	select: ['id', 'displayName', 'userPrincipalName'],
	search: ['displayName', 'mail', 'userPrincipalName'],
	detail: 'userPrincipalName',
};

const page = z.object({
	value: z.array(
		z.object({
			id: z.string(),
			displayName: z.string().nullish(),
			description: z.string().nullish(),
			userPrincipalName: z.string().nullish(),
		}),
	),
	'@odata.nextLink': z.string().nullish(),
});

/** Groups with a word in their name that begins with the text; all of them without a text. */
export const findGroups = (graph: Graph, text?: string, next?: string): Promise<ChoicePage> =>
	find(graph, GROUPS, text, next);

/** Users with such a word in their name, or whose mail address or sign-in name begins with it. */
export const findPeople = (graph: Graph, text?: string, next?: string): Promise<ChoicePage> =>
	find(graph, PEOPLE, text, next);

async function find(graph: Graph, kind: Kind, text = '', next?: string): Promise<ChoicePage> {
	const { path, asking, select, search, detail } = kind;
	const all = { path, asking, select, top: 100 };
	const wanted = text.trim();
	if (wanted === '') return await ask(graph, all, detail, next);
	const clauses = search.map((name) => `"${name}:${wanted.replace(/[\\"]/g, '\\$&')}"`);
	const asked = { ...all, search: clauses.join(' OR '), advanced: true };
	const filter = search.map((name) => `startsWith(${name}, ${literal(wanted)})`).join(' or ');
	return await ask(graph, asked, detail, next).catch(
		// Directories for customers (B2C) know no search; there the beginning has to do.
		async (thrown: unknown) =>
			thrown instanceof DiagnosedError && thrown.diagnostic.code === 'entra.queryRefused'
				? await ask(graph, { ...all, filter }, detail, next)
				: await Promise.reject(thrown),
	);
}

async function ask(
	graph: Graph,
	query: GraphQuery,
	detail: Kind['detail'],
	next: string | undefined,
): Promise<ChoicePage> {
	const answer = page.safeParse(await graph.get(query, next));
	if (!answer.success) throw new BrokenAnswer(query.asking);
	const choices = answer.data.value.map(({ id, displayName, ...rest }) => ({
		id,
		name: displayName ?? id,
		detail: rest[detail] ?? null,
	}));
	const link = answer.data['@odata.nextLink'];
	return {
		choices: choices.sort((one, other) => one.name.localeCompare(other.name)),
		...(link ? { next: link } : {}),
	};
}
