/** A tenant of any size that costs nothing to keep: each page is made when it is asked for. */
import type { HttpPort } from '../../../http/port.ts';

export const GRAPH_URL = 'https://graph.example';

/** Counts what was asked for. `users` are made up, `deleted` of them more are in the recycle bin. */
export function largeTenant(users: number, deleted = 0) {
	const requests: string[] = [];
	const port: HttpPort = async ({ url }) => {
		requests.push(url);
		const { pathname, searchParams } = new URL(url);
		if (pathname.endsWith('/delta')) return nothingChanged();
		const total = pathname.includes('deletedItems') ? deleted : users;
		const top = Number(searchParams.get('$top') ?? 100);
		const start = Number(searchParams.get('$skiptoken') ?? 0);
		const next = start + top;
		const link = new URL(url);
		link.searchParams.set('$skiptoken', String(next));
		const body = JSON.stringify({
			...(start === 0 && searchParams.get('$count') === 'true' ? { '@odata.count': total } : {}),
			...(next < total ? { '@odata.nextLink': link.href } : {}),
			value: Array.from({ length: Math.min(top, total - start) }, (_, index) =>
				person(start + index + (total === deleted ? users : 0)),
			),
		});
		return { status: 200, headers: { 'x-ms-resource-unit': '1' }, body };
	};
	return { port, requests };
}

/** The end of a round in which nobody was told of. */
function nothingChanged() {
	const link = `${GRAPH_URL}/v1.0/users/delta?$deltatoken=next`;
	const body = JSON.stringify({ value: [], '@odata.deltaLink': link });
	return { status: 200, headers: { 'x-ms-resource-unit': '1' }, body };
}

function person(number: number) {
	const id = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
	return {
		id,
		displayName: `Person ${String(number)}`,
		givenName: 'Person',
		surname: String(number),
		mail: `p${String(number)}@contoso.example`,
		userPrincipalName: `p${String(number)}@contoso.example`,
		accountEnabled: number % 20 !== 0,
		userType: 'Member',
		businessPhones: [`+46 8 ${String(number)}`],
		companyName: 'Contoso',
		department: `Department ${String(number % 40)}`,
		employeeId: String(number),
		jobTitle: 'Agent',
		mobilePhone: `+46 70 ${String(number)}`,
		officeLocation: 'Oslo',
		usageLocation: 'SE',
		onPremisesExtensionAttributes: { extensionAttribute1: String(number) },
	};
}
