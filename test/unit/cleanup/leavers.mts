/** Unmatched extensions and rules to decide about them, for tests. */
import type { CleanupRules } from '../../../sync/cleanup.ts';
import type {
	AbsenceReason,
	Evidence,
	Extension,
	ReadMark,
	UnmatchedItem,
} from '../../../sync/item.ts';
import { readExtensionList } from '../../../sync/extension-list.ts';

export const NOW = '2026-11-23T09:00:00.000Z';

export function readOf(of: ReadMark['of'], count: number): ReadMark {
	return {
		id: `${of}-1`,
		of,
		count,
		scope: 'whole',
		...(of === 'extensions' ? { system: 'yeastar' } : {}),
	};
}

export function extension(changed: Partial<Extension> = {}): Extension {
	return {
		id: '11',
		number: '211',
		enabled: true,
		externalId: null,
		fields: { displayName: 'Åsa Berg', email: 'asa@example.com' },
		...changed,
	};
}

export function leaver(
	reason: AbsenceReason,
	changed: {
		extension?: Partial<Extension>;
		evidence?: Partial<Evidence>;
	} = {},
): UnmatchedItem {
	return {
		extension: extension(changed.extension),
		evidence: {
			reason,
			userId: reason === 'notFound' ? null : 'user-1',
			users: readOf('users', 100),
			extensions: readOf('extensions', 100),
			knownBy: 'link',
			...changed.evidence,
		},
		decisions: ['No active user.'],
	};
}

export function leavers(
	count: number,
	reason: AbsenceReason = 'disabled',
	existing = 100,
): UnmatchedItem[] {
	return Array.from({ length: count }, (_, index) =>
		leaver(reason, {
			extension: { id: String(index), number: String(200 + index) },
			evidence: { extensions: readOf('extensions', existing) },
		}),
	);
}

export function rules(changed: Partial<CleanupRules> = {}): CleanupRules {
	return {
		ladder: { disabled: 'disable', deleted: 'disable', outOfScope: 'report', notFound: 'report' },
		includeNeverPaired: false,
		protected: readExtensionList('', 'Protected Extensions'),
		deleteAfterDays: 30,
		limits: {
			disable: { maxCount: 20, maxPercent: 10, floor: 3 },
			delete: { maxCount: 5, maxPercent: 10, floor: 3 },
		},
		overrides: [],
		done: [],
		windowHours: 24,
		since: new Map(),
		canDisable: true,
		canDelete: true,
		now: NOW,
		zone: 'Europe/Stockholm',
		...changed,
	};
}
