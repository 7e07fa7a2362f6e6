/** Throttling by resource units and by writes, as Graph's identity limits describe it. */
import type { Request, RequestHandler, Response } from 'express';
import { GraphRefusal } from './refusal.mts';
import type { EntraSettings, Tenant } from './tenant.mts';

const WINDOW = 10_000;
const WRITE_WINDOW = 150_000;
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
	let written: readonly number[] = [];
	let spent: { readonly at: number; readonly units: number }[] = [];
	const refuse = (response: Response, seconds: number, information: string): never => {
		response.set({
			'Retry-After': seconds.toFixed(3),
			'x-ms-throttle-scope': `Tenant_Application/ReadWrite/${tenant.clientId}/${tenant.tenantId}`,
			'x-ms-throttle-information': information,
		});
		throw new GraphRefusal(429, 'TooManyRequests', 'Please retry again later.');
	};
	return (request: Request, response: Response, next) => {
		const now = clock();
		if (request.method !== 'GET') {
			written = written.filter((at) => now - at < WRITE_WINDOW);
			if (written.length >= settings.writeLimit) {
				const wait = (WRITE_WINDOW - (now - (written[0] ?? now))) / 1000;
				refuse(response, wait, 'WriteLimitExceeded');
			}
			written = [...written, now];
		}
		spent = spent.filter(({ at }) => now - at < WINDOW);
		const used = spent.reduce((sum, { units }) => sum + units, 0);
		const limit = settings.resourceUnits ?? limitFor(tenant.users.size);
		const share = used / limit;
		if (share >= WARN_FROM) {
			response.set('x-ms-throttle-limit-percentage', Math.min(share, 1.8).toFixed(1));
		}
		if (used >= limit) {
			const wait = (WINDOW - (now - (spent[0]?.at ?? now))) / 1000;
			refuse(response, wait, 'ResourceUnitLimitExceeded');
		}
		response.once('finish', () => {
			spent.push({ at: now, units: Number(response.get('x-ms-resource-unit')) });
		});
		next();
	};
}
