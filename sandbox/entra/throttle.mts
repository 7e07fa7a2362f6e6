/** Throttling by resource units, as Graph's identity limits describe it. */
import type { Request, RequestHandler, Response } from 'express';
import { GraphRefusal } from './refusal.mts';
import type { EntraSettings, Tenant } from './tenant.mts';

const WINDOW = 10_000;
/** From this share of the limit on, Graph says how much of it is used. */
const WARN_FROM = 0.8;

/** Units an app may use in ten seconds, by the size of the tenant. */
function limitFor(users: number): number {
	if (users < 50) return 3_500;
	return users <= 500 ? 5_000 : 8_000;
}

export function throttle(
	tenant: Tenant,
	settings: EntraSettings,
	clock: () => number,
): RequestHandler {
	let spent: { readonly at: number; readonly units: number }[] = [];
	return (_request: Request, response: Response, next) => {
		const now = clock();
		spent = spent.filter(({ at }) => now - at < WINDOW);
		const used = spent.reduce((sum, { units }) => sum + units, 0);
		const limit = settings.resourceUnits ?? limitFor(tenant.users.size);
		const share = used / limit;
		if (share >= WARN_FROM) {
			response.set('x-ms-throttle-limit-percentage', Math.min(share, 1.8).toFixed(1));
		}
		if (used >= limit) {
			const wait = (WINDOW - (now - (spent[0]?.at ?? now))) / 1000;
			response.set({
				'Retry-After': wait.toFixed(3),
				'x-ms-throttle-scope': `Tenant_Application/ReadWrite/${tenant.clientId}/${tenant.tenantId}`,
				'x-ms-throttle-information': 'ResourceUnitLimitExceeded',
			});
			throw new GraphRefusal(429, 'TooManyRequests', 'Please retry again later.');
		}
		response.once('finish', () => {
			spent.push({ at: now, units: Number(response.get('x-ms-resource-unit')) });
		});
		next();
	};
}
