/** The subscription that lives and ends with the workflow. */
import { randomBytes } from 'node:crypto';
import type { IDataObject, IHookFunctions, IWebhookFunctions } from 'n8n-workflow';
import { z } from 'zod';

import type { Subscription, Subscriptions } from '../../entra/subscription';
import { openSubscriptions } from '../../entra/subscription';
import { DiagnosedError } from '../../sync/diagnostic';
import { connectDirectory, rejectExplained } from '../EntraUserSource/connection';

type Context = IHookFunctions | IWebhookFunctions;

/** What is kept in the workflow's static data. The secret is only good for waking up this workflow. */
const kept = z.object({
	subscriptionId: z.string().min(1),
	expiresAt: z.string(),
	clientState: z.string().min(1),
});

export type Kept = z.output<typeof kept>;

export function keptOf(context: Context): Kept | null {
	const parsed = kept.safeParse(memory(context));
	return parsed.success ? parsed.data : null;
}

/** Whether Graph still notifies this address. If so, the subscription is renewed at the same time. */
export async function isSubscribed(context: IHookFunctions): Promise<boolean> {
	const known = keptOf(context);
	if (known === null) return false;
	return await withGraph(context, async (subscriptions) => {
		const found = await subscriptions.find(known.subscriptionId, addressOf(context));
		if (found === null) return false;
		const renewed = await subscriptions.renew(found.id, Date.now());
		if (renewed !== null) keep(context, renewed, known.clientState);
		return renewed !== null;
	});
}

export async function subscribe(context: Context): Promise<void> {
	const clientState = randomBytes(32).toString('hex');
	const before = keptOf(context);
	await withGraph(context, async (subscriptions) => {
		// One for another address, as after n8n moved, would go on calling there for weeks.
		if (before !== null) await subscriptions.remove(before.subscriptionId);
		const made = await subscriptions.create(addressOf(context), clientState, Date.now());
		keep(context, made, clientState);
	});
}

export async function unsubscribe(context: IHookFunctions): Promise<void> {
	const known = keptOf(context);
	if (known !== null)
		await withGraph(context, async (subscriptions) => {
			await subscriptions.remove(known.subscriptionId);
		});
	const data = memory(context);
	for (const name of Object.keys(kept.shape)) delete data[name];
}

/** Renews it, or makes a new one should it be gone. */
export async function renewSubscription(context: IWebhookFunctions, known: Kept): Promise<void> {
	const isRenewed = await withGraph(context, async (subscriptions) => {
		const renewed = await subscriptions.renew(known.subscriptionId, Date.now());
		if (renewed !== null) keep(context, renewed, known.clientState);
		return renewed !== null;
	});
	if (!isRenewed) await subscribe(context);
}

function keep(context: Context, { id, expiresAt }: Subscription, clientState: string): void {
	Object.assign(memory(context), { subscriptionId: id, expiresAt, clientState });
}

function memory(context: Context): IDataObject {
	return context.getWorkflowStaticData('node');
}

function addressOf(context: Context): string {
	const url = context.getNodeWebhookUrl('default');
	if (url !== undefined) return url;
	throw new DiagnosedError({
		code: 'trigger.noAddress',
		what: 'This workflow has no address to be notified at.',
		why: 'n8n did not say which address it listens at.',
		fix: "Check n8n's setting WEBHOOK_URL.",
	});
}

async function withGraph<T>(
	context: Context,
	work: (subscriptions: Subscriptions) => Promise<T>,
): Promise<T> {
	// Somebody waits for the workflow to be switched on, and Graph for an answer.
	const { http, graphUrl, explain } = await connectDirectory(context, { totalMs: 20_000 });
	return await work(openSubscriptions(http, graphUrl)).catch(
		async (thrown: unknown) => await rejectExplained(thrown, explain),
	);
}
