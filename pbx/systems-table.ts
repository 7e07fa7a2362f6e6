import type { Capabilities } from './adapter';
import { SYSTEMS } from './systems';

/** One column of the table per thing an administrator asks about, in the words of the panels. */
const COLUMNS: ReadonlyArray<readonly [string, (capabilities: Capabilities) => string]> = [
	['Create', ({ canCreate, reach }) => (reach === 'file' ? BY_FILE : yes(canCreate))],
	['Numbers', numbers],
	['Change a number', (able) => (able.numbers === 'none' ? '' : yes(able.canChangeNumber))],
	['Disable', ({ disable }) => DISABLE[disable]],
	['Delete', ({ canDelete }) => yes(canDelete)],
	['Keeps object id', ({ hasExternalId }) => yes(hasExternalId)],
	['Writes only what it is given', ({ partialUpdate }) => yes(partialUpdate)],
	['May share', shared],
	['Needs consent', heldFor],
	['Reads one by ID', ({ canReadOne = true }) => yes(canReadOne)],
	['At once', ({ concurrency }) => String(concurrency)],
	[
		'Run against',
		({ exercisedAgainst }) =>
			exercisedAgainst.map((peer) => PEERS[peer]).join(', ') || 'nothing yet',
	],
];

const BY_FILE = 'by a file';

const DISABLE: Readonly<Record<Capabilities['disable'], string>> = {
	native: 'yes',
	emulated: 'lock-out',
	none: 'no',
};

const PEERS: Readonly<Record<Capabilities['exercisedAgainst'][number], string>> = {
	sandbox: 'sandbox',
	'third-party': 'other people’s server',
	'official-description': 'vendor’s description',
	live: 'the real thing',
};

/** What every system can do, as Markdown tables: `docs/systems.md` below its introduction. */
export function systemsTable(): string {
	const abilities = table([
		['', ...COLUMNS.map(([label]) => label)],
		...SYSTEMS.map(({ displayName, capabilities }) => [
			displayName,
			...COLUMNS.map(([, tell]) => tell(capabilities)),
		]),
	]);
	const fields = SYSTEMS.map(({ displayName, fields: known }) => {
		const rows = known.map(({ name, displayName: shown, required, createOnly, maxLength }) => [
			shown,
			`\`${name}\``,
			[
				required ? 'required' : '',
				createOnly ? 'only when creating' : '',
				maxLength ? `up to ${String(maxLength)} characters` : '',
			]
				.filter(Boolean)
				.join(', '),
		]);
		return `## Fields of ${displayName}\n\n${table([['Field', 'Name on the wire', ''], ...rows])}`;
	});
	return [abilities, ...fields].join('\n\n');
}

function numbers({ numbers: kind, numberMaxLength }: Capabilities): string {
	if (kind === 'none') return 'none';
	return `${kind}, ${String(numberMaxLength)} digits`;
}

/** What two extensions may have in common. */
function shared({ sharedEmail, sharedMobile = true }: Capabilities): string {
	return [sharedEmail ? 'mail' : '', sharedMobile ? 'mobile' : ''].filter(Boolean).join(', ');
}

function heldFor({ sideEffects = {} }: Capabilities): string {
	const words = { create: 'creating', update: 'updating' };
	return Object.keys(sideEffects)
		.map((kind) => words[kind as keyof typeof words]) // the keys of a constant
		.join(', ');
}

function yes(flag: boolean): string {
	return flag ? 'yes' : 'no';
}

/** Columns as wide as their widest cell, so that formatting the file changes nothing. */
function table(rows: readonly (readonly string[])[]): string {
	const [head = [], ...body] = rows;
	const widths = head.map((_, column) =>
		Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)),
	);
	const line = (cells: readonly string[]) =>
		`| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
	const rule = widths.map((width) => '-'.repeat(width));
	return [line(head), line(rule), ...body.map(line)].join('\n');
}
