/** From a draft and its number to the change that leaves by the wire. */
import type { Allocation } from './allocate';
import { decided } from './decision';
import { enables, matchOf, type Draft, type SystemFacts } from './draft';
import { fingerprint, writesNothing } from './fingerprint';
import type { Change, ChangeItem } from './item';
import type { PlanInput } from './plan';

type Chosen = Extract<Allocation, { kind: 'chosen' }>;

export function changeItem(
	input: PlanInput,
	draft: Draft,
	{ choice, unmet, instead }: Chosen,
): ChangeItem {
	const { person, pairing, extension, pbx } = draft;
	const decisions = [
		...person.decisions,
		pairing.kind === 'paired'
			? decided.matched(pairing.by, pairing.extension)
			: decided.isNew(pairing.link),
		...(instead === null ? [] : [decided.instead(instead)]),
		...decided.number(choice),
		...(unmet === null ? [] : [decided.numberUnmet(unmet)]),
	];
	const base = { ...person, match: matchOf(pairing), number: choice };
	if (extension === null) {
		const change = { kind: 'create', number: choice.value, pbx, directory: {} } as const;
		return { ...base, change, decisions: [...decisions, ...sideEffectOf(change, input.facts)] };
	}

	const kind = enables(extension, input) ? 'enable' : 'update';
	if (extension.enabled === false) decisions.push(decided.enabling(kind === 'enable'));
	const renumbered = choice.value !== extension.number;
	const change = {
		kind,
		extensionId: extension.id,
		pbx: renumbered ? { ...pbx, number: { from: extension.number, to: choice.value } } : pbx,
		directory: {},
		basedOn: fingerprint(extension),
	} as const;
	decisions.push(...sideEffectOf(change, input.facts));
	return { ...base, extension, change, decisions };
}

/** What the change does on this phone system besides what it says. */
function sideEffectOf(change: Change, { sideEffects = {} }: SystemFacts): string[] {
	if (writesNothing(change)) return [];
	const sentence = change.kind === 'create' ? sideEffects.create : sideEffects.update;
	return sentence === undefined ? [] : [sentence];
}
