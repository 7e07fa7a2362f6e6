/** The Entra stand-in: token endpoint and Graph on one port. */
import type { StandIn } from '../server.mts';
import { answerBatch } from './batch.mts';
import { graphRoutes } from './graph.mts';
import { managedIdentityRoutes } from './managed-identity.mts';
import { answerRefusal, graphHeaders } from './refusal.mts';
import { throttle } from './throttle.mts';
import { createTenant, defaultSettings, settingsSchema } from './tenant.mts';
import type { EntraSettings, Tenant } from './tenant.mts';
import { shown } from './subscriptions.mts';
import { TokenService } from './tokens.mts';

export function entraStandIn(clock: () => number): StandIn<EntraSettings, Tenant> {
	const tenant = createTenant(clock);
	const settings = defaultSettings();
	const tokens = new TokenService(tenant, settings, clock);
	return {
		name: 'Entra',
		settings,
		settingsSchema: settingsSchema.partial(),
		state: tenant,
		describeState: () => ({
			users: [...tenant.users.values()],
			deletedUsers: [...tenant.deletedUsers.values()],
			groups: [...tenant.groups.values()],
			subscriptions: [...tenant.subscriptions.all.values()].map(shown),
		}),
		// The parts of a batch are counted, each on its own.
		isWrite: (method, path) =>
			path.startsWith('/v1.0/') && path !== '/v1.0/$batch' && method !== 'GET',
		vendorBody: (status) => ({ type: 'application/json', body: vendorBody(status, clock()) }),
		mount(app) {
			app.use(tokens.routes());
			app.use(
				managedIdentityRoutes(tenant, settings, clock, (audience, identity) =>
					tokens.issue(audience, identity),
				),
			);
			app.post(
				'/v1.0/$batch',
				graphHeaders(clock),
				tokens.requireBearer,
				...answerBatch(),
				answerRefusal(clock),
			);
			app.use(
				'/v1.0',
				graphHeaders(clock),
				tokens.requireBearer,
				throttle(tenant, settings, clock),
				graphRoutes(tenant, settings, clock),
				answerRefusal(clock),
			);
		},
	};
}

function vendorBody(status: number, now: number): string {
	const [code, message] =
		status === 429
			? ['TooManyRequests', 'Please retry again later.']
			: status === 503
				? ['ServiceUnavailable', 'Service is temporarily unavailable. Please wait and retry again.']
				: ['UnknownError', 'An internal server error occurred.'];
	const date = new Date(now).toISOString().slice(0, 19);
	const inner = {
		code: String(status),
		date,
		message: 'Please retry after',
		status: String(status),
	};
	return JSON.stringify({ error: { code, message, innerError: inner } });
}
