/** From a draft and its number to the change that leaves by the wire. */
import type { Allocation } from './allocate';
import { decided } from './decision';
import { directChange } from './direct';
import { enables, matchOf, type Draft, type SystemFacts } from './draft';
import { fingerprint, writesNothing } from './fingerprint';
import type { Change, ChangeItem, FieldChanges, NumberChoice } from './item';
import type { PlanInput } from './plan';
import { mergeSides, type Sides } from './sides';

type Chosen = Extract<Allocation, { kind: 'chosen' }>;

export function changeItem(
	input: PlanInput,
	draft: Draft,
	{ choice, unmet, instead }: Chosen,
): ChangeItem {
	const { person, pairing, extension } = draft;
	const direct = directOf(input, draft, choice);
	const pbx = direct === null ? draft.pbx : { ...draft.pbx, [direct.field]: direct.change };
	const sides = withNumber(draft, choice.value, input);
	const directory = sides?.directory ?? NOTHING;
	const decisions = [
		...person.decisions,
		pairing.kind === 'paired'
			? decided.matched(pairing.by, pairing.extension)
			: decided.isNew(pairing.link),
		...(instead === null ? [] : [decided.instead(instead)]),
		...decided.number(choice),
		...(direct === null ? [] : [decided.direct(direct.change.to ?? '')]),
		...(unmet === null ? [] : [decided.numberUnmet(unmet)]),
		...(sides?.said ?? []),
	];
	const base = {
		...person,
		match: matchOf(pairing),
		number: choice,
		...(sides ? { base: sides.base } : {}),
	};
	if (extension === null) {
		const change = { kind: 'create', number: choice.value, pbx, directory } as const;
		return { ...base, change, decisions: [...decisions, ...sideEffectOf(change, input.facts)] };
	}

	const kind = enables(extension, input) ? 'enable' : 'update';
	if (extension.enabled === false) decisions.push(decided.enabling(kind === 'enable'));
	const renumbered = choice.value !== extension.number;
	const change = {
		kind,
		extensionId: extension.id,
		pbx: renumbered ? { ...pbx, number: { from: extension.number, to: choice.value } } : pbx,
		directory,
		basedOn: fingerprint(extension),
	} as const;
	decisions.push(...sideEffectOf(change, input.facts));
	return { ...base, extension, change, decisions };
}

/** The direct number that goes with a number of a pool, where the phone system holds one. */
function directOf(input: PlanInput, { person, extension }: Draft, { value, pool }: NumberChoice) {
	const direct = input.settings.numbering.pools.find(({ name }) => name === pool)?.direct;
	if (!input.fields.some(({ name }) => name === direct?.field)) return null;
	const isMapped = (field: string) => person.contact?.[field] !== undefined;
	return directChange(direct, value, { extension, isMapped });
}

/** The sides of a draft once its number is known, so that the number can be written back. */
function withNumber(draft: Draft, number: string | null, { fields }: PlanInput): Sides | null {
	const { person, extension, sides } = draft;
	if (sides === null || person.twoWay?.['number'] === undefined) return sides;
	const { before } = sides.base;
	const current = extension?.fields ?? null;
	return mergeSides({ twoWay: person.twoWay, current, number, fields, base: before });
}

const NOTHING: FieldChanges = {};

/** What the change does on this phone system besides what it says. */
function sideEffectOf(change: Change, { sideEffects = {} }: SystemFacts): string[] {
	if (writesNothing(change)) return [];
	const sentence = change.kind === 'create' ? sideEffects.create : sideEffects.update;
	return sentence === undefined ? [] : [sentence];
}
