/** Parts of a run, to build reports of in tests. */
import type {
	Change,
	ConflictItem,
	Outcome,
	OutcomeResult,
	RejectedItem,
	Summary,
	User,
} from '../../../sync/item.ts';
import { buildReport, type Report, type ReportMeta } from '../../../sync/report.ts';
import type { Material, ReportedOutcome } from '../../../sync/report/material.ts';
import { extension, leaver, readOf } from '../cleanup/leavers.mts';

export function user(name = 'Åsa Berg', id = 'user-1'): User {
	return { id, status: 'active', displayName: name };
}

export function update(pbx: Record<string, [string | null, string | null]>): Change {
	const changes = Object.entries(pbx).map(([field, [from, to]]) => [field, { from, to }] as const);
	return {
		kind: 'update',
		extensionId: '11',
		pbx: Object.fromEntries(changes),
		directory: {},
		basedOn: 'f',
	};
}

export function outcome(
	result: OutcomeResult,
	changed: Partial<Omit<ReportedOutcome, 'outcome'>> & { outcome?: Partial<Outcome> } = {},
): ReportedOutcome {
	return {
		user: user(),
		decisions: [],
		...changed,
		outcome: {
			result,
			extensionId: '11',
			number: '211',
			because: null,
			dryRun: false,
			link: null,
			...changed.outcome,
		},
	};
}

export function cleaned(result: OutcomeResult, changed: Partial<Outcome> = {}): ReportedOutcome {
	const { evidence } = leaver('disabled');
	return outcome(result, { evidence, extension: extension(), outcome: changed });
}

export function because(code: string) {
	return { code, what: `What ${code}.`, why: `Why ${code}.`, fix: `Fix ${code}.` };
}

export function conflict(name = 'Bo Ek'): ConflictItem {
	return {
		user: user(name),
		read: readOf('users', 1),
		decisions: [],
		contact: {},
		match: {
			situation: 'disputed',
			by: 'email',
			candidates: [
				{ id: '1', number: '201', name: 'Bo Ek' },
				{ id: '2', number: '202', name: null },
			],
		},
		conflict: { ...because('match.disputed'), suggestion: '231' },
	};
}

export function rejected(name = 'Cy Lund'): RejectedItem {
	return {
		user: user(name),
		read: readOf('users', 1),
		decisions: [],
		problems: [because('user.noMail'), because('user.badPhone')],
	};
}

export function summary(changed: Partial<Summary> = {}): Summary {
	return {
		users: { read: 240, whole: true },
		extensions: { read: 250, whole: true },
		situations: { linked: 230, adopted: 0, new: 0, disputed: 0, orphaned: 0 },
		changes: { create: 0, update: 0, enable: 0, disable: 0, delete: 0 },
		unchanged: 230,
		conflicts: 0,
		unmatched: { disabled: 0, deleted: 0, outOfScope: 0, notFound: 0 },
		skipped: 10,
		pools: [],
		planDigest: 'd',
		notes: [],
		...changed,
	};
}

export function material(changed: Partial<Material> = {}): Material {
	return {
		summary: summary(),
		outcomes: [],
		failed: [],
		conflicts: [],
		rejected: [],
		unknown: 0,
		...changed,
	};
}

export function report(changed: Partial<Material> = {}, meta: Partial<ReportMeta> = {}): Report {
	return buildReport(material(changed), {
		workflow: 'Phone sync',
		system: 'Yeastar P-Series',
		at: '23 November 2026, 07:00',
		listLength: 10,
		...meta,
	});
}
