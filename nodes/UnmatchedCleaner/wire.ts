import type { IExecuteFunctions } from 'n8n-workflow';

import type { SystemDefinition } from '../../pbx/adapter';
import { DiagnosedError, type Diagnostic } from '../../sync/diagnostic';
import type { UnmatchedItem } from '../../sync/item';
import { unmatchedItem } from '../host/sections';
import { sift, type Sifted } from '../host/sift';

/**
 * Extension Allocator's Unmatched items. Throws a `DiagnosedError` for anything else, and for
 * extensions of another phone system than the one to be cleaned: the same id may be somebody there.
 */
export function readUnmatched(
	context: IExecuteFunctions,
	{ name, displayName }: SystemDefinition,
): Sifted<UnmatchedItem> {
	return sift(context, (json, index) => {
		const parsed = unmatchedItem.safeParse(json);
		if (!parsed.success) return refuse(index);
		const { system } = parsed.data.evidence.extensions;
		if (system !== name) return refuseSystem(system ?? 'an unnamed system', displayName);
		return parsed.data;
	});
}

/** Why these items may only be previewed, whatever the node is set to; null: they may be acted on. */
export function previewReason(items: readonly UnmatchedItem[]): Diagnostic | null {
	return items.find(({ plan }) => plan?.previewOnly)?.plan?.previewOnly ?? null;
}

function refuse(index: number): never {
	throw new DiagnosedError({
		code: 'wire.wrongKind',
		what: `Item ${String(index + 1)} is not an extension without a user.`,
		why: "It lacks the 'extension' or 'evidence' section, or a step in between changed them.",
		fix: "Connect Extension Allocator's output 'Unmatched' to this node.",
		field: 'Unmatched',
	});
}

function refuseSystem(system: string, displayName: string): never {
	throw new DiagnosedError({
		code: 'cleanup.otherSystem',
		what: `The extensions were read from ${system}, and 'Phone System' is set to ${displayName}.`,
		why: 'An id on one phone system may belong to somebody else on another.',
		fix: "Set 'Phone System' to the system that PBX Target read.",
		field: 'Phone System',
	});
}
