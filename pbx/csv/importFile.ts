/** What becomes of a plan where nothing can be written: a file to import, and a list of things to do. */
import type { Contact } from '../../sync/contact';
import { writesNothing } from '../../sync/fingerprint';
import type { Change, Extension, Outcome } from '../../sync/item';
import { FIELDS, type Columns } from './fields';
import { byHand, toImport } from './refusals';

/** One planned change, for whom, and what the export said. */
export interface FileTask {
	readonly change: Change;
	readonly userId: string | null;
	readonly extension: Extension | null;
}

export interface ImportFile {
	/** Headings first. Empty when no row is to be imported. */
	readonly table: ReadonlyArray<readonly string[]>;
	/** One sentence per change, in the order of the tasks. */
	readonly toDo: readonly string[];
	/** One per task, in their order. Nothing counts as done before an export shows it. */
	readonly outcomes: readonly Outcome[];
}

/**
 * Rows hold the whole account as it is to be, because imports replace what they find under a key.
 * Columns are those that were chosen, else every field that any row fills.
 */
export function makeImportFile(tasks: readonly FileTask[], columns: Columns): ImportFile {
	const accounts = tasks.flatMap(accountOf);
	const chosen = [...columns.chosen].map(([name, heading]) => ({ name, heading }));
	const used = FIELDS.filter(({ name }) => accounts.some(({ fields }) => fields[name])).map(
		({ name, displayName }) => ({ name, heading: displayName }),
	);
	const fields = chosen.length > 0 ? chosen : used;
	const isApart =
		columns.idColumn !== '' && fields.every(({ heading }) => heading !== columns.idColumn);
	const headings = fields.map(({ heading }) => heading);
	const rows = accounts.map(({ id, fields: values }) => [
		...(isApart ? [id] : []),
		...fields.map(({ name }) => values[name] ?? ''),
	]);
	const head = isApart ? [columns.idColumn, ...headings] : headings;
	return {
		table: rows.length === 0 ? [] : [head, ...rows],
		toDo: tasks.flatMap(({ change, extension }) =>
			writesNothing(change) ? [] : [sentenceFor(change, extension)],
		),
		outcomes: tasks.map(outcomeOf),
	};
}

function accountOf({ change, extension }: FileTask): Array<{ id: string; fields: Contact }> {
	if (!('pbx' in change) || writesNothing(change)) return [];
	const wanted = Object.entries(change.pbx).map(([name, { to }]) => [name, to]);
	if (change.kind === 'create') {
		const fields = { ...Object.fromEntries(wanted), number: change.number };
		return [{ id: '', fields }];
	}
	const before = { ...extension?.fields, number: extension?.number ?? null };
	return [{ id: change.extensionId, fields: { ...before, ...Object.fromEntries(wanted) } }];
}

function outcomeOf({ change, userId, extension }: FileTask): Outcome {
	const extensionId = 'extensionId' in change ? change.extensionId : null;
	const number = change.kind === 'create' ? change.number : (extension?.number ?? null);
	const base = { extensionId, number, dryRun: false };
	if (writesNothing(change)) {
		// The export itself says that it is there, so the pairing may be remembered.
		const link =
			userId === null || extensionId === null
				? null
				: { userId, extensionId, number, state: 'active' as const };
		return { ...base, result: 'unchanged', because: null, link };
	}
	const isRow = change.kind === 'create' || change.kind === 'update';
	const because = isRow ? toImport : byHand(sentenceFor(change, extension));
	return { ...base, result: 'held', because, link: null };
}

const VERBS = {
	create: 'Create',
	update: 'Change',
	enable: 'Enable',
	disable: 'Disable',
	delete: 'Delete',
} as const;

/** `Change 201 Ada Lovelace: Mobile from "+46..." to "+47..."`. */
function sentenceFor(change: Change, extension: Extension | null): string {
	const wanted: Contact =
		'pbx' in change
			? Object.fromEntries(Object.entries(change.pbx).map(([name, { to }]) => [name, to]))
			: {};
	const values = { ...extension?.fields, ...wanted };
	const number = change.kind === 'create' ? change.number : (extension?.number ?? null);
	const name =
		values['displayName'] || [values['firstName'], values['lastName']].filter(Boolean).join(' ');
	const key = number ?? ('extensionId' in change ? change.extensionId : null);
	const whom = [key, name || values['email']].filter(Boolean).join(' ');
	const details = 'pbx' in change && change.kind !== 'create' ? detailsOf(change) : '';
	return `${VERBS[change.kind]} ${whom}${details && `: ${details}`}`;
}

function detailsOf({ pbx }: Extract<Change, { pbx: unknown }>): string {
	const label = (name: string) => FIELDS.find((field) => field.name === name)?.displayName ?? name;
	const value = (text: string | null) => (text === null ? 'nothing' : `"${text}"`);
	return Object.entries(pbx)
		.map(([name, { from, to }]) => `${label(name)} from ${value(from)} to ${value(to)}`)
		.join(', ');
}
