/**
 * Whether what Graph gave is all there is. What an app may not see, Graph does not always refuse: it
 * leaves values empty, or people out, and both would look as if phones had been cleared.
 */
import { DiagnosedError } from '../sync/diagnostic';
import { ASKING } from './diagnosis';
import { groupPath, membersPath } from './group';
import type { Graph } from './graph';
import type { Row } from './listing';
import { readList, readObject, readPage } from './listing';
import type { GroupToRead } from './scope';
import { isBareId, isBasicOnly } from './user';

/** Gives the rows back, or throws when they hold less than an app with User.Read.All would see. */
export function allVisible(rows: Row[]): Row[] {
	const sight = new Sight();
	for (const row of rows) sight.look(row);
	sight.refuse();
	return rows;
}

/** The same for a list nobody keeps whole: every row is looked at as it comes. */
export class Sight {
	private rows = 0;

	private bare = 0;

	private basicOnly = 0;

	look(row: Row): void {
		this.rows += 1;
		if (isBareId(row)) this.bare += 1;
		if (isBasicOnly(row)) this.basicOnly += 1;
	}

	/** Throws when less was seen than an app with User.Read.All would see. */
	refuse(): void {
		if (this.bare > 0) throw notVisible(BARE);
		if (this.rows > 0 && this.basicOnly === this.rows) {
			throw notVisible('Microsoft Graph gave only names and addresses of users, and nothing else.');
		}
	}
}

/** The same for the recycle bin, where less is kept of a user. */
export function noneBare(rows: Row[]): Row[] {
	if (rows.some(isBareId)) throw notVisible(BARE);
	return rows;
}

/**
 * A filter over attributes the app may not see finds nobody, which is no answer. So before nobody
 * is believed, one member is looked at without a filter.
 */
export async function refuseIfBlind(graph: Graph, group: GroupToRead): Promise<void> {
	const select = ['id', 'userPrincipalName', 'accountEnabled', 'userType'];
	const path = membersPath(group);
	const query = { path, asking: ASKING.members, select, top: 1, advanced: true };
	const read = await readPage(graph, query, undefined);
	if (read.kind === 'page') allVisible(read.page.value);
}

/**
 * A group that hides its members gives an app without permission for that an empty list. Such a
 * group counts only when it showed somebody. Groups inside the chosen ones are looked at too.
 */
export async function refuseHidden(graph: Graph, groups: readonly GroupToRead[]): Promise<void> {
	for (const group of groups) {
		for (const { id, displayName } of await hidingGroups(graph, group)) {
			const path = membersPath({ id, nested: false });
			const query = { path, asking: ASKING.members, select: ['id'], top: 1, advanced: true };
			const read = await readPage(graph, query, undefined);
			const isEmpty = read.kind === 'page' && read.page.value.length === 0;
			if (isEmpty) throw hidden(String(displayName ?? group.name ?? id));
		}
	}
}

async function hidingGroups(graph: Graph, group: GroupToRead): Promise<Row[]> {
	const select = ['id', 'displayName', 'visibility'];
	const asking = ASKING.members;
	const found = [await readObject(graph, { path: groupPath(group), asking, select })];
	if (group.nested) {
		const path = membersPath(group, 'group');
		found.push(...(await readList(graph, { path, asking, select, top: 999, advanced: true })));
	}
	return found.filter(({ visibility }) => visibility === 'HiddenMembership');
}

const BARE = 'Microsoft Graph gave users without their attributes.';

function notVisible(what: string): DiagnosedError {
	return new DiagnosedError({
		code: 'entra.idsOnly',
		what,
		why: 'The app may see that there are users, but not the users themselves: the application permission User.Read.All is missing.',
		fix: 'Add User.Read.All as an application permission (not a delegated one) to the app registration, grant admin consent, and wait a few minutes.',
	});
}

function hidden(name: string): DiagnosedError {
	return new DiagnosedError({
		code: 'entra.hiddenMembers',
		what: `Group "${name}" hides its members and showed nobody.`,
		why: 'The application permission Member.Read.Hidden is missing; without it, such a group looks empty, as if everybody had left.',
		fix: 'Add Member.Read.Hidden as an application permission (not a delegated one) to the app registration and grant admin consent. A group that really is empty has to be left out.',
		field: 'Groups',
	});
}
