/**
 * Graph's change notifications for users. They are a nudge, nothing more: Graph promises no time for
 * users, and one that gets lost is never announced (Learn, "Change notifications overview"). What
 * changed is read by a delta query.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

import type { HttpPort, HttpRequest, HttpResponse } from '../http/port';
import type { Diagnostic } from '../sync/diagnostic';
import { DiagnosedError } from '../sync/diagnostic';
import { ASKING, explainGraphError } from './diagnosis';

/** Graph takes 41,760 minutes for users at most; a day less leaves room for a clock that is wrong. */
const LONGEST_MS = (41_760 - 24 * 60) * 60_000;
/** With less than this left, a subscription is renewed whenever there is an occasion. */
const SOON_MS = 7 * 24 * 60 * 60_000;

export interface Subscription {
	readonly id: string;
	/** ISO time. */
	readonly expiresAt: string;
}

export interface Subscriptions {
	/** Graph calls `url` back while this waits, so it has to be reachable already. */
	create(url: string, clientState: string, now: number): Promise<Subscription>;
	/** Null: there is none of this ID, or it notifies another address. */
	find(id: string, url: string): Promise<Subscription | null>;
	/** Also does what Graph asks for by `reauthorizationRequired`. Null: it is gone. */
	renew(id: string, now: number): Promise<Subscription | null>;
	/** Done too when there is none. */
	remove(id: string): Promise<void>;
}

const answered = z.object({
	id: z.string().min(1),
	expirationDateTime: z.string(),
	notificationUrl: z.string().optional(),
});

/** Rejects with a `DiagnosedError` that says what Graph refused. */
export function openSubscriptions(http: HttpPort, graphUrl: string): Subscriptions {
	const root = `${graphUrl.replace(/\/+$/, '')}/v1.0/subscriptions`;
	const one = (id: string) => `${root}/${encodeURIComponent(id)}`;
	const ask = async (request: HttpRequest) => {
		const answer = await http({ ...request, headers: { Accept: 'application/json' } });
		if (answer.status === 404 || answer.status < 300) return answer;
		throw new DiagnosedError(refusalIn(answer));
	};
	const expirationDateTime = (now: number) => new Date(now + LONGEST_MS).toISOString();

	return {
		async create(url, clientState, now) {
			const body = {
				// For users, 'updated' stands for created, changed and deleted; 'deleted' for good only.
				changeType: 'updated,deleted',
				resource: '/users',
				notificationUrl: url,
				lifecycleNotificationUrl: url,
				expirationDateTime: expirationDateTime(now),
				clientState,
			};
			return read(await ask({ method: 'POST', url: root, body })).subscription;
		},
		async find(id, url) {
			const answer = await ask({ method: 'GET', url: one(id) });
			if (answer.status === 404) return null;
			const { subscription, notificationUrl } = read(answer);
			return notificationUrl === url ? subscription : null;
		},
		async renew(id, now) {
			const body = { expirationDateTime: expirationDateTime(now) };
			const answer = await ask({ method: 'PATCH', url: one(id), body, idempotent: true });
			return answer.status === 404 ? null : read(answer).subscription;
		},
		async remove(id) {
			await ask({ method: 'DELETE', url: one(id) });
		},
	};
}

export function endsSoon({ expiresAt }: Subscription, now: number): boolean {
	return !(Date.parse(expiresAt) - now > SOON_MS);
}

const notification = z.object({
	subscriptionId: z.string(),
	clientState: z.string().nullish(),
	lifecycleEvent: z.string().nullish(),
	resourceData: z.object({ id: z.string().nullish() }).nullish(),
});

/** One that nobody can read keeps the others from nothing. */
const notifications = z.object({ value: z.array(notification.nullable().catch(null)) });

export interface Nudge {
	/** Object IDs of the users who changed, each once. */
	readonly users: readonly string[];
	/** Graph asks for the subscription to be renewed. */
	readonly renew: boolean;
	/** Graph has ended the subscription, so a new one is needed. */
	readonly ended: boolean;
	/** Graph knows of notifications that did not arrive, and not of whom. */
	readonly missed: boolean;
}

/**
 * What a notification says, of those that know our secret; null when nothing in it is for us.
 * Anybody can send a request to a webhook.
 */
export function readNudge(body: unknown, clientState: string): Nudge | null {
	const parsed = notifications.safeParse(body);
	if (!parsed.success || clientState === '') return null;
	const ours = parsed.data.value
		.filter((each) => each !== null)
		.filter((each) => isSame(each.clientState ?? '', clientState));
	if (ours.length === 0) return null;
	const users = ours.flatMap(({ lifecycleEvent, resourceData }) =>
		!lifecycleEvent && resourceData?.id ? [resourceData.id] : [],
	);
	const told = new Set(ours.map(({ lifecycleEvent }) => lifecycleEvent));
	return {
		users: [...new Set(users)],
		renew: told.has('reauthorizationRequired'),
		ended: told.has('subscriptionRemoved'),
		missed: told.has('missed'),
	};
}

/** In the same time, however much of it is right. */
function isSame(given: string, secret: string): boolean {
	const digest = (text: string) => createHash('sha256').update(text).digest();
	return timingSafeEqual(digest(given), digest(secret));
}

function read(answer: HttpResponse) {
	const parsed = answered.safeParse(jsonOf(answer.body));
	if (!parsed.success) throw new DiagnosedError(strange);
	const { id, expirationDateTime: expiresAt, notificationUrl } = parsed.data;
	return { subscription: { id, expiresAt }, notificationUrl };
}

const graphError = z.object({
	error: z.object({ code: z.string().catch(''), message: z.string().catch('') }),
});

function refusalIn({ status, body }: HttpResponse): Diagnostic {
	const parsed = graphError.safeParse(jsonOf(body));
	const { code, message } = parsed.data?.error ?? { code: '', message: '' };
	if (status === 400 && /validat|notification|reach|https/i.test(message))
		return unreachable(message);
	return explainGraphError({ status, code, message }, ASKING.notifications).diagnostic;
}

function jsonOf(body: string): unknown {
	try {
		return JSON.parse(body);
	} catch {
		return null;
	}
}

function unreachable(message: string): Diagnostic {
	return {
		code: 'trigger.notReached',
		what: 'Microsoft Graph could not reach this workflow.',
		why: `Before it notifies anybody, it calls the address it was given, and that has to answer: ${message}`,
		fix: "n8n needs an address with https that is open to the internet (n8n's setting WEBHOOK_URL). Without one, use a Schedule Trigger.",
	};
}

const strange: Diagnostic = {
	code: 'entra.brokenAnswer',
	what: 'An answer of Microsoft Graph arrived broken.',
	why: 'What came about the notifications was cut off or no JSON at all.',
	fix: 'Try again later; when it stays so, look for a proxy between n8n and Microsoft.',
};
