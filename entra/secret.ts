/** When the client secret ends: as somebody wrote it down, or as Graph says. */
import { z } from 'zod';

import type { Diagnostic } from '../sync/diagnostic';
import { ASKING } from './diagnosis';
import { endingNote } from './ending';
import { literal } from './filter';
import type { Graph } from './graph';
import { readList } from './listing';

const SECRET = {
	code: 'entra.secret',
	name: 'client secret',
	fix: "Make a new one under 'Certificates & secrets' of the app, and put its 'Value' and its end into the credential. The old one can stay until then.",
	field: 'Client Secret',
};

const byApp = z.object({
	clientId: z.string().trim().min(1),
	clientSecret: z.string().min(1),
	proofEndsOn: z.string().trim().catch(''),
});

const passwords = z.object({
	passwordCredentials: z.array(
		z.object({
			/** The first three letters of the secret. */
			hint: z.string().nullish(),
			endDateTime: z.string().nullish(),
		}),
	),
});

/** Permissions that let an app see its own registration. None of them is needed for a sync. */
const SEES_APPS = [
	'Application.Read.All',
	'Application.ReadWrite.All',
	'Directory.Read.All',
	'Directory.ReadWrite.All',
];

type Raw = Readonly<Record<string, unknown>>;

/** From the date in the credential; null: there is none, or it is far away. */
export function writtenDownNote(raw: Raw, now: number): Diagnostic | null {
	const given = secretIn(raw);
	if (given === null || given.proofEndsOn === '') return null;
	const end = Date.parse(given.proofEndsOn);
	return Number.isNaN(end) ? unreadable(given.proofEndsOn) : endingNote(SECRET, end, now);
}

/**
 * From the app registration, for an app that may see it; null: it may not, or the end is far away.
 * Only the first three letters of the secret tell which of several it is. Never rejects: that the end
 * is not known is no reason to stop.
 */
export async function registeredNote(
	graph: Graph,
	raw: Raw,
	roles: readonly string[] | null,
	now: number,
): Promise<Diagnostic | null> {
	const given = secretIn(raw);
	if (given === null || !roles?.some((role) => SEES_APPS.includes(role))) return null;
	const query = {
		path: '/applications',
		asking: ASKING.app,
		select: ['id', 'passwordCredentials'],
		filter: `appId eq ${literal(given.clientId)}`,
	};
	const rows = await readList(graph, query).catch(() => []);
	const ends = rows.flatMap((row) => {
		const parsed = passwords.safeParse(row);
		const mine = parsed.success ? parsed.data.passwordCredentials : [];
		return mine
			.filter(({ hint }) => hint === given.clientSecret.slice(0, 3))
			.map(({ endDateTime }) => Date.parse(endDateTime ?? ''));
	});
	// It just signed in, so it is one of those that have not ended.
	const next = Math.min(...ends.filter((end) => end > now));
	return Number.isFinite(next) ? endingNote(SECRET, next, now) : null;
}

function secretIn(raw: Raw): z.infer<typeof byApp> | null {
	if (raw['clientCredentialType'] === 'certificate') return null;
	const given = byApp.safeParse(raw);
	return given.success ? given.data : null;
}

function unreadable(text: string): Diagnostic {
	return {
		code: 'entra.secretDate',
		what: "'Secret Ends On' of the Entra ID credential is no date.",
		why: `It is "${text}".`,
		fix: 'Write it as 2027-11-30, as the admin center shows it, or leave it empty.',
		field: 'Secret Ends On',
	};
}
