import { DateTime } from 'luxon';
import type {
	IHookFunctions,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { z } from 'zod';

import { endsSoon, readNudge } from '../../entra/subscription';
import { directoryCredentials } from '../EntraUserSource/connection';
import { toNodeError } from '../host/errors';
import { collect } from './burst';
import { parameters } from './parameters';
import { isSubscribed, keptOf, renewSubscription, subscribe, unsubscribe } from './subscribe';

const options = z
	.object({
		seconds: z.number().min(0).max(300).default(2),
		most: z.number().int().min(1).default(500),
	})
	.default({});

export class EntraUserTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Entra User Trigger',
		name: 'entraUserTrigger',
		icon: { light: 'file:entraUserTrigger.svg', dark: 'file:entraUserTrigger.dark.svg' },
		group: ['trigger'],
		version: [1],
		subtitle: 'When users change',
		description: 'Starts the workflow when users of Microsoft Entra ID (Azure AD) change',
		eventTriggerDescription: 'Waiting for Microsoft to tell of a changed user',
		activationMessage: 'From now on, a changed user starts this workflow.',
		defaults: { name: 'Entra User Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		outputNames: ['Changed'],
		credentials: directoryCredentials,
		webhooks: [
			{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'changes' },
		],
		properties: parameters,
	};

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return await isSubscribed(this).catch((thrown: unknown) => {
					throw toNodeError(this.getNode(), thrown);
				});
			},
			async create(this: IHookFunctions): Promise<boolean> {
				await subscribe(this).catch((thrown: unknown) => {
					throw toNodeError(this.getNode(), thrown);
				});
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				await unsubscribe(this).catch((thrown: unknown) => {
					throw toNodeError(this.getNode(), thrown);
				});
				return true;
			},
		},
	};

	/**
	 * Graph wants its answer within three seconds, so that comes first; then others are waited for, and
	 * one run starts for all of them.
	 */
	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const response = this.getResponseObject();
		const answered: IWebhookResponseData = { noWebhookResponse: true };
		const { validationToken } = z
			.object({ validationToken: z.string().optional() })
			.parse(this.getQueryData());
		if (validationToken !== undefined) {
			// As text, so that nobody gets a page of their own making shown under this address.
			response.status(200).type('text/plain').set('X-Content-Type-Options', 'nosniff');
			response.send(validationToken);
			return answered;
		}
		response.status(202).end();

		const known = keptOf(this);
		const nudge = known && readNudge(this.getBodyData(), known.clientState);
		if (!known || !nudge) return answered;
		// What was lost is found by the run: it reads all that changed, whoever it was.
		const startsRun = nudge.users.length > 0 || nudge.missed || nudge.ended;
		const { subscriptionId: id, expiresAt } = known;
		if (nudge.renew || nudge.ended || endsSoon({ id, expiresAt }, Date.now())) {
			await renewSubscription(this, known).catch((thrown: unknown) => {
				const error = toNodeError(this.getNode(), thrown);
				if (!startsRun) throw error;
				// Those who changed come first; the next notification tries again.
				this.logger.warn(`The subscription was not renewed. ${error.message}`);
			});
		}
		if (!startsRun) return answered;

		const { seconds, most } = options.parse(this.getNodeParameter('options', {}));
		const users = await collect(id, nudge.users, { waitMs: seconds * 1_000, most });
		if (users === null) return answered;
		const changed = { count: users.length, users, at: DateTime.utc().toISO() };
		return { ...answered, workflowData: [[{ json: { changed } }]] };
	}
}
