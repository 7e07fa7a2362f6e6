/** One user on demand, with every rule of the scope answered: "why was this person not synced?" */
import { DiagnosedError } from '../sync/diagnostic';
import { literal } from './filter';
import type { Graph } from './graph';
import type { Row } from './listing';
import { Reader } from './reader';
import type { UserQuery } from './scope';
import { Judge, neededToJudge, toldGroups } from './scope';
import { toldAs } from './user';
import type { Directory } from './users';
import { Findings } from './users';

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Reads one user by object ID, user principal name or mail address (other addresses of the mailbox
 * included), in the recycle bin too. The decisions say whether the user is in scope and answer each
 * rule. Rejects with a `DiagnosedError` when there is no such user, or more than one.
 */
export async function readPerson(graph: Graph, query: UserQuery, whom: string): Promise<Directory> {
	const reader = new Reader(graph, query);
	const found = new Findings(reader.attributes);
	const row = await find(reader, whom);
	if (row === null) {
		found.add(await findDeleted(reader, whom), 'deleted', []);
	} else {
		await reader.refuseHidden();
		const members = await reader.members();
		found.tell(toldGroups(query, members));
		const { raw } = query.filter;
		const alone = { text: `id eq ${literal(row.id)}`, advanced: true };
		const meetsRaw = raw === null ? null : await reader.meetingRaw(raw, alone);
		const judge = new Judge(query, { members, meetsRaw });
		const { inScope, because } = judge.verdict(row);
		found.add(row, toldAs(row, inScope), [because, ...judge.explain(row)]);
	}
	return { users: found.users(), notes: reader.notes };
}

async function find(reader: Reader, whom: string): Promise<Row | null> {
	const { query } = reader;
	const needed = neededToJudge(query, query.filter);
	if (!GUID.test(whom) && !whom.includes('@')) throw notAName(whom);
	const row = await reader.user(whom, needed);
	if (row !== null || GUID.test(whom)) return row;
	const address = literal(`smtp:${whom}`);
	const text = `mail eq ${literal(whom)} or proxyAddresses/any(p:p eq ${address})`;
	const rows = await reader.users({ text, advanced: false }, needed);
	if (rows.length > 1) throw severalHave(whom, rows);
	return rows[0] ?? null;
}

/** The recycle bin puts the object ID in front of the user principal name. */
async function findDeleted(reader: Reader, whom: string): Promise<Row> {
	const wanted = whom.toLowerCase();
	const row = (await reader.deleted()).find(({ id, ...values }) => {
		const name = String(values['userPrincipalName'] ?? '').toLowerCase();
		const mail = String(values['mail'] ?? '').toLowerCase();
		return id === wanted || mail === wanted || name.replace(id.replaceAll('-', ''), '') === wanted;
	});
	return row ?? nobodyIs(whom);
}

function nobodyIs(whom: string): never {
	throw new DiagnosedError({
		code: 'entra.userNotFound',
		what: `There is no user "${whom}" in the directory.`,
		why: 'No user has this object ID, user principal name or mail address, and nobody in the recycle bin had it.',
		fix: 'Check the spelling, and that the Entra ID credential is for the right tenant. Deleted users are known for 30 days.',
		field: 'User',
	});
}

function notAName(whom: string): DiagnosedError {
	return new DiagnosedError({
		code: 'entra.userName',
		what: `"${whom}" is neither an object ID nor an address.`,
		why: 'A user is found by object ID, user principal name or mail address.',
		fix: "Enter one of them in 'User', for instance anna@contoso.com.",
		field: 'User',
	});
}

function severalHave(address: string, rows: readonly Row[]): DiagnosedError {
	const ids = rows.map(({ id }) => id).join(', ');
	return new DiagnosedError({
		code: 'entra.userAmbiguous',
		what: `${rows.length} users have the address ${address}.`,
		why: `They are ${ids}.`,
		fix: "Enter the object ID of the one you mean in 'User'.",
		field: 'User',
	});
}
