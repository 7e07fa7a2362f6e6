/**
 * Change notifications for users: the handshake, the real requests, and the end of a subscription.
 * Facts: Learn, "Receive change notifications through webhooks" and the reference of `subscription`.
 */
import express from 'express';
import type { Router } from 'express';
import { z } from 'zod';
import { stableId } from '../directory/identity.mts';
import { badRequest, GraphRefusal, insufficientPrivileges, notFound } from './refusal.mts';

export interface Subscription {
	readonly id: string;
	readonly changeType: string;
	readonly resource: string;
	readonly notificationUrl: string;
	readonly lifecycleNotificationUrl: string | null;
	readonly clientState: string | null;
	expirationDateTime: string;
}

/** Minutes; more is refused for users. */
const LONGEST = 41_760;
const SHORTEST = 45;
const MINUTE = 60_000;

const READERS = ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All'];

const wanted = z.object({
	changeType: z.string().regex(/^(updated|deleted)(,(updated|deleted))*$/),
	resource: z.string().regex(/^\/?users$/i),
	notificationUrl: z.string().url(),
	lifecycleNotificationUrl: z.string().url().nullish(),
	expirationDateTime: z.string().datetime(),
	clientState: z.string().max(128).nullish(),
});

const renewal = wanted.pick({ expirationDateTime: true });

export class Subscriptions {
	/** Live. */
	readonly all = new Map<string, Subscription>();
	private made = 0;

	constructor(
		private readonly tenantId: string,
		private readonly clock: () => number,
	) {}

	routes(): Router {
		const router = express.Router();
		router.use((_request, response, next) => {
			const roles: readonly string[] = response.locals['roles'];
			if (!roles.some((role) => READERS.includes(role))) throw insufficientPrivileges();
			next();
		}, express.json());
		router.post('/', async (request, response) => {
			response.status(201).json(await this.create(request.body));
		});
		router.get('/', (_request, response) => {
			response.json({ value: [...this.all.values()].map(shown) });
		});
		router.get('/:id', (request, response) => {
			response.json(shown(this.find(request.params.id)));
		});
		router.patch('/:id', (request, response) => {
			const found = this.find(request.params.id);
			const parsed = renewal.safeParse(request.body);
			if (!parsed.success) throw badRequest('Only expirationDateTime can be changed.');
			found.expirationDateTime = this.expiry(parsed.data.expirationDateTime);
			response.json(shown(found));
		});
		router.delete('/:id', (request, response) => {
			this.all.delete(this.find(request.params.id).id);
			response.status(204).end();
		});
		return router;
	}

	/** Sends what changed to whoever asked for it; nobody waits for the answer, as with Graph. */
	tell(changeType: 'updated' | 'deleted', userId: string): void {
		for (const each of this.living()) {
			if (!each.changeType.split(',').includes(changeType)) continue;
			const resource = `Users/${userId}`;
			void this.send(each.notificationUrl, {
				...this.about(each),
				changeType,
				resource,
				resourceData: {
					'@odata.type': '#Microsoft.Graph.User',
					'@odata.id': resource,
					id: userId,
				},
			});
		}
	}

	/**
	 * What Graph says of a subscription itself. Of users it is documented to say only that the app has to
	 * sign in again; the others are of other resources.
	 */
	async tellLifecycle(
		lifecycleEvent: 'reauthorizationRequired' | 'subscriptionRemoved' | 'missed',
	): Promise<void> {
		for (const each of this.living()) {
			if (each.lifecycleNotificationUrl === null) continue;
			if (lifecycleEvent === 'subscriptionRemoved') this.all.delete(each.id);
			await this.send(each.lifecycleNotificationUrl, { ...this.about(each), lifecycleEvent });
		}
	}

	private living(): Subscription[] {
		return [...this.all.values()].filter(
			({ expirationDateTime }) => Date.parse(expirationDateTime) > this.clock(),
		);
	}

	private about({ id, expirationDateTime, clientState }: Subscription) {
		return {
			subscriptionId: id,
			subscriptionExpirationDateTime: expirationDateTime,
			tenantId: this.tenantId,
			clientState,
		};
	}

	private async create(payload: unknown): Promise<object> {
		const parsed = wanted.safeParse(payload);
		if (!parsed.success) {
			const path = parsed.error.issues[0]?.path.join('.') ?? '';
			throw badRequest(
				`Invalid value specified for property '${path}' of resource 'Subscription'.`,
			);
		}
		const { data } = parsed;
		const expirationDateTime = this.expiry(data.expirationDateTime);
		const urls = [data.notificationUrl, data.lifecycleNotificationUrl];
		for (const [index, url] of urls.entries()) if (url) await this.shakeHands(url, index);
		this.made += 1;
		const subscription: Subscription = {
			id: stableId('subscription', String(this.made)),
			changeType: data.changeType,
			resource: data.resource,
			notificationUrl: data.notificationUrl,
			lifecycleNotificationUrl: data.lifecycleNotificationUrl ?? null,
			clientState: data.clientState ?? null,
			expirationDateTime,
		};
		this.all.set(subscription.id, subscription);
		return shown(subscription);
	}

	private expiry(asked: string): string {
		const minutes = (Date.parse(asked) - this.clock()) / MINUTE;
		if (minutes > LONGEST)
			throw badRequest(
				`Subscription expiration can only be ${String(LONGEST)} minutes in the future.`,
			);
		if (minutes <= 0) throw badRequest('Subscription expiration must be in the future.');
		return minutes < SHORTEST
			? new Date(this.clock() + SHORTEST * MINUTE).toISOString()
			: new Date(asked).toISOString();
	}

	/** The token has characters that only survive when they are decoded once. */
	private async shakeHands(url: string, round: number): Promise<void> {
		const token = `Validation: Testing client application reachability <${String(round)}&+é>`;
		const asked = new URL(url);
		asked.searchParams.set('validationToken', token);
		const answer = await fetch(asked, {
			method: 'POST',
			headers: { 'Content-Type': 'text/plain; charset=utf-8' },
			signal: AbortSignal.timeout(10_000),
		}).catch(() => null);
		const body = await answer?.text();
		const isText = answer?.headers.get('content-type')?.startsWith('text/plain') === true;
		if (answer?.status !== 200 || !isText || body !== token)
			throw new GraphRefusal(
				400,
				'ValidationError',
				'Subscription validation request failed. Must respond with 200 OK to this request.',
			);
	}

	private find(id: string): Subscription {
		const found = this.all.get(id);
		if (!found) throw notFound(id);
		return found;
	}

	/** Tried twice; Graph tries for four hours. */
	private async send(url: string, notification: object): Promise<void> {
		const body = JSON.stringify({ value: [notification] });
		const headers = { 'Content-Type': 'application/json; charset=utf-8' };
		for (let attempt = 0; attempt < 2; attempt++) {
			const answer = await fetch(url, {
				method: 'POST',
				headers,
				body,
				signal: AbortSignal.timeout(3_000),
			}).catch(() => null);
			await answer?.arrayBuffer();
			if (answer?.ok) return;
		}
	}
}

/** The secret is never shown again. */
export function shown(subscription: Subscription): object {
	return { ...subscription, clientState: null };
}
