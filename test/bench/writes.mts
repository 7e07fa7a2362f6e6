/**
 * How much of what a phone system allows is used when everybody's extension has to be written. None
 * of the systems publishes requests per second; what they take is so many requests at once, declared
 * as `concurrency`. A pretend one answers after a fixed time and counts how many are at work: the
 * most it could be given is `concurrency` divided by that time.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { HttpPort } from '../../http/port.ts';
import { applyChanges } from '../../pbx/apply.ts';
import type { Task } from '../../pbx/judgement.ts';
import { scim } from '../../pbx/scim/adapter.ts';
import { fingerprint } from '../../sync/fingerprint.ts';
import type { Extension } from '../../sync/item.ts';
import { atLeast, exactly, type Row } from './row.mts';

const WRITES = 600;
const ANSWER_MS = 50;

export async function measure(): Promise<Row[]> {
	const { concurrency } = scim.capabilities;
	const service = new PretendService();
	const system = scim.open({
		http: service.port,
		credential: { baseUrl: 'https://phones.example/scim/v2', token: 'bench' },
	});
	const extensions = Array.from({ length: WRITES }, (_, index) => extensionAt(index));
	const began = performance.now();
	const applied = await applyChanges(system, scim.capabilities, extensions.map(toTask), {
		dryRun: false,
		mayDelete: false,
		before: new Map(extensions.map((extension) => [extension.id, extension])),
	});
	const perSecond = WRITES / ((performance.now() - began) / 1000);
	const written = applied.filter(({ outcome }) => outcome.result === 'updated').length;
	if (written !== WRITES) throw new Error(`Only ${String(written)} were written.`);
	const allowed = concurrency / (service.meanMs() / 1000);
	return [
		atLeast(
			'writes.ofAllowedRate',
			perSecond / allowed,
			'of the rate the phone system allows',
			0.9,
		),
		exactly(
			'writes.overAllowed',
			Math.max(0, service.mostAtOnce - concurrency),
			'requests at once more than the phone system allows',
			0,
		),
	];
}

/** Its timer is never early and, on a busy machine, often late: that is its time, not ours. */
class PretendService {
	mostAtOnce = 0;
	private atOnce = 0;
	private answered = 0;
	private spentMs = 0;

	readonly port: HttpPort = async ({ url }) => {
		this.atOnce += 1;
		this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
		const began = performance.now();
		await wait(ANSWER_MS);
		this.spentMs += performance.now() - began;
		this.answered += 1;
		this.atOnce -= 1;
		const id = url.slice(url.lastIndexOf('/') + 1);
		return { status: 200, headers: {}, body: JSON.stringify({ id, title: 'New' }) };
	};

	meanMs(): number {
		return this.spentMs / this.answered;
	}
}

function extensionAt(index: number): Extension {
	const fields = { jobTitle: 'Old' };
	return { id: `account-${String(index)}`, number: null, enabled: true, externalId: null, fields };
}

function toTask(extension: Extension): Task {
	return {
		userId: `user of ${extension.id}`,
		change: {
			kind: 'update',
			extensionId: extension.id,
			pbx: { jobTitle: { from: 'Old', to: 'New' } },
			directory: {},
			basedOn: fingerprint(extension),
		},
	};
}
