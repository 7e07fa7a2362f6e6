/**
 * Days of a company, from one seed: people come and go, the sync runs and is disturbed, and whoever
 * checks it sees everything that is written.
 */
import { DiagnosedError } from '../../sync/diagnostic.ts';
import { Chance } from './chance.mts';
import { Tenant } from './directory.mts';
import { Network, Run, type Fault } from './network.mts';
import { pass, type World } from './pass.mts';
import { lenientPhones, scimPhones, yeastarPhones, type Account } from './phones.mts';

export interface Simulated {
	readonly violations: readonly string[];
	readonly injected: ReadonlyMap<Fault, number>;
	/** Everything that happened, and how it ended. */
	readonly log: string;
}

const DAY = 86_400_000;

export async function simulate(seed: number): Promise<Simulated> {
	const chance = new Chance(seed);
	const clock = { now: Date.UTC(2026, 0, 1) };
	const tenant = new Tenant();
	const phones = chance.of([scimPhones, lenientPhones, () => yeastarPhones(() => clock.now)])();
	const watch = new Watch(tenant, () => phones.accounts());
	const network = new Network(chance, (label) => watch.look(label));
	const world: World = { chance, network, tenant, phones, clock, links: [], turn: null };

	for (let n = 3 + chance.below(6); n > 0; n--) tenant.join();
	tenant.people.forEach(({ mail }, n) => {
		if (chance.is(0.3) && !phones.isNew) phones.put(mail, String(200 + n));
	});
	phones.put('reception@example.com', '900');
	watch.look('set up');

	const days = 1 + chance.below(4);
	network.trouble = chance.of([0.02, 0.05, 0.1, 0.3]);
	for (let day = 1; day <= days; day++) {
		const runs = Array.from({ length: chance.of([1, 1, 1, 2]) }, (_, n) => `run ${day}.${n + 1}`);
		await network.drive(startAll(world, watch, runs));
		clock.now += DAY;
		const known = new Set<string | null>(world.links.map(({ userId }) => userId));
		for (const { objectId } of phones.accounts()) known.add(objectId);
		tenant.live(chance, ({ id }) => known.has(id));
	}

	network.trouble = 0;
	phones.endSessions();
	phones.answer({ method: 'GET', url: 'https://phones.example/' });
	tenant.answer({ method: 'GET', url: 'https://graph.example/' });
	await network.drive(startAll(world, watch, ['last run']));
	watch.judgeTheEnd();
	const written = watch.writes;
	await network.drive(startAll(world, watch, ['one more run']));
	if (watch.writes !== written) watch.blame('running again wrote something');

	const end = JSON.stringify({ accounts: phones.accounts(), links: world.links }, null, 1);
	return {
		violations: watch.violations,
		injected: network.injected,
		log: [...network.log, end, ...watch.violations].join('\n'),
	};
}

function startAll(world: World, watch: Watch, names: readonly string[]): Map<Run, Promise<void>> {
	return new Map(
		names.map((name) => {
			const run = new Run(name);
			const work = pass(world, run).catch((thrown: unknown) => {
				const { network } = world;
				const known = thrown instanceof DiagnosedError || run.cancelling.signal.aborted;
				network.log.push(`${name} ended: ${thrown instanceof Error ? thrown.message : 'oddly'}`);
				if (!known) watch.blame(`${name} threw what nobody explains: ${String(thrown)}`);
				if (network.trouble === 0) watch.blame(`${name} did not end well`);
			});
			return [run, work];
		}),
	);
}

/** Looks at the phone system after everything that was carried out. */
class Watch {
	readonly violations: string[] = [];
	writes = 0;
	private before: readonly Account[] = [];
	/** Badge or mail of whose an account is, from the moment it is there. */
	private readonly owners = new Map<string, string>();

	constructor(
		private readonly tenant: Tenant,
		private readonly accounts: () => Account[],
	) {}

	blame(what: string): void {
		this.violations.push(what);
	}

	look(label: string): void {
		const now = this.accounts();
		if (JSON.stringify(now) === JSON.stringify(this.before)) return;
		this.writes += 1;
		for (const account of now) this.getToKnow(account);
		this.findTwice(now, label);
		const byId = new Map(now.map((account) => [account.id, account]));
		for (const old of this.before) {
			const account = byId.get(old.id);
			const isOut = account === undefined || (old.enabled && !account.enabled);
			const owner = this.owners.get(old.id);
			const person = this.tenant.people.find(({ badge }) => badge === owner);
			if (isOut && person?.state === 'active') {
				this.blame(`${person.badge} lost a phone while in service, by ${label}`);
			}
			if (!person && JSON.stringify(account) !== JSON.stringify(old)) {
				this.blame(`${old.mail} is nobody's and was touched, by ${label}`);
			}
			if (account && account.rest !== old.rest)
				this.blame(`${old.id}: more than mapped was written`);
			if (account && account.number !== old.number) this.blame(`${old.id} got another number`);
		}
		this.before = now;
	}

	/** With everybody in step again. */
	judgeTheEnd(): void {
		const accounts = this.accounts();
		for (const { badge, state, mail, surname } of this.tenant.people) {
			const own = accounts.filter(({ id }) => this.owners.get(id) === badge);
			const [account] = own;
			if (own.length > 1) this.blame(`${badge} has ${String(own.length)} accounts`);
			if (state === 'active') {
				const right = account?.enabled && account.mail === mail && account.surname === surname;
				if (!right || account.badge !== badge) this.blame(`${badge} is not as in the directory`);
			}
			if ((state === 'disabled' || state === 'deleted') && account?.enabled) {
				this.blame(`${badge} has left and still has a phone`);
			}
		}
	}

	private getToKnow({ id, badge, mail }: Account): void {
		if (this.owners.has(id)) return;
		const person = this.tenant.people.find((each) => each.badge === badge || each.mail === mail);
		if (person) this.owners.set(id, person.badge);
	}

	private findTwice(accounts: readonly Account[], label: string): void {
		const seen = new Set<string>();
		for (const { id, number } of accounts) {
			for (const key of [number, this.owners.get(id)]) {
				if (!key) continue;
				if (seen.has(key)) this.blame(`${key} is there twice, by ${label}`);
				seen.add(key);
			}
		}
	}
}
