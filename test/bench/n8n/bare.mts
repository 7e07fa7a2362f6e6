/**
 * The least any program can do for this job: fetch the same pages, parse them, key the accounts by
 * the user they belong to, compare the fields. No n8n, no safety, no numbers, no report.
 *
 *   node --import tsx test/bench/n8n/bare.mts http://127.0.0.1:1234
 *
 * prints `{ "ms": ..., "changes": ... }`; the milliseconds are those between first and last line,
 * without the start of Node.js.
 */
import process from 'node:process';
import { ENTERPRISE, PAGE, type GraphUser, type ScimAccount } from './company.mts';

const url = process.argv[2] ?? '';
const began = performance.now();
const [users, accounts] = await Promise.all([readUsers(), readAccounts()]);
const byUser = new Map(accounts.map((account) => [account.externalId, account]));
const changes = users.filter((user) => differs(user, byUser.get(user.id))).length;
console.log(JSON.stringify({ ms: performance.now() - began, changes }));

async function readUsers(): Promise<GraphUser[]> {
	const all: GraphUser[] = [];
	let next: string | undefined = `${url}/v1.0/users?$top=${String(PAGE.users)}`;
	while (next !== undefined) {
		// Our own server answers, so the shape is known.
		const page = (await (await fetch(next)).json()) as {
			value: GraphUser[];
			'@odata.nextLink'?: string;
		};
		all.push(...page.value);
		next = page['@odata.nextLink'];
	}
	return all;
}

async function readAccounts(): Promise<ScimAccount[]> {
	const all: ScimAccount[] = [];
	for (let total = Infinity; all.length < total; ) {
		const from = `startIndex=${String(all.length + 1)}&count=${String(PAGE.accounts)}`;
		// As above.
		const page = (await (await fetch(`${url}/scim/v2/Users?${from}`)).json()) as {
			totalResults: number;
			Resources: ScimAccount[];
		};
		all.push(...page.Resources);
		total = page.totalResults;
	}
	return all;
}

function differs(user: GraphUser, account: ScimAccount | undefined): boolean {
	if (account === undefined) return true;
	const phone = (type: string) => account.phoneNumbers.find((each) => each.type === type)?.value;
	return (
		user.givenName !== account.name.givenName ||
		user.surname !== account.name.familyName ||
		user.displayName !== account.displayName ||
		user.mail !== account.emails[0]?.value ||
		user.mobilePhone !== phone('mobile') ||
		user.businessPhones[0] !== phone('work') ||
		user.jobTitle !== account.title ||
		user.department !== account[ENTERPRISE].department ||
		user.companyName !== account[ENTERPRISE].organization
	);
}
