import type { INodeExecutionData } from 'n8n-workflow';
import { z } from 'zod';
import { readBase } from '../../sync/base';
import { DiagnosedError } from '../../sync/diagnostic';
import type { Link } from '../../sync/item';

/** Tables and sheets give numbers, blanks and stray spaces where text was meant. */
const cell = z
	.union([z.string(), z.number(), z.date(), z.null(), z.undefined()])
	.transform((value) =>
		(value instanceof Date ? value.toISOString() : (value ?? '')).toString().trim(),
	);

const row = z.object({
	userId: cell,
	extensionId: cell,
	number: cell,
	state: cell.transform((state) => state.toLowerCase() || 'active'),
	system: cell,
	disabledAt: cell,
	releasedAt: cell,
	base: cell,
});

const states = z.enum(['active', 'ignored', 'pinned']);

/**
 * Rows of the links table: `userId`, `extensionId`, `number`, `state`, `system`, `disabledAt`, `base`. Other
 * columns are left alone, rows of another phone system are passed over, and so are rows without any of the
 * columns (n8n's Data Table sends an empty item for an empty table when told to). A row that cannot
 * be understood throws, because passing it over could undo what somebody decided by hand.
 */
export function readLinks(items: readonly INodeExecutionData[], system: string): Link[] {
	const links: Link[] = [];
	items.forEach(({ json }, index) => {
		const parsed = row.safeParse(json);
		if (!parsed.success) {
			return refuse(index, `'${parsed.error.issues[0]?.path.join('.') ?? ''}' is not text.`);
		}
		const {
			userId,
			extensionId,
			number,
			state,
			system: ofSystem,
			disabledAt,
			releasedAt,
			base,
		} = parsed.data;
		const agreed = readBase(base);
		if (userId === '' && extensionId === '' && !('state' in json)) return;
		if (ofSystem !== '' && ofSystem !== system) return;
		const known = states.safeParse(state);
		if (!known.success) {
			return refuse(index, `Its state is "${state}"; it can be active, ignored or pinned.`);
		}
		const complete = userId !== '' && extensionId !== '';
		const enough = known.data === 'ignored' ? userId !== '' || extensionId !== '' : complete;
		if (!enough) return refuse(index, "It needs a 'userId' and an 'extensionId'.");
		links.push({
			userId,
			extensionId,
			number: number === '' ? null : number,
			state: known.data,
			...(disabledAt === '' ? {} : { disabledAt }),
			...(releasedAt === '' ? {} : { releasedAt }),
			...(agreed === null ? {} : { base: agreed }),
		});
	});
	return links;
}

function refuse(index: number, why: string): never {
	throw new DiagnosedError({
		code: 'links.unreadable',
		what: `Row ${index + 1} of the links table cannot be understood.`,
		why,
		fix: 'Correct the row in the table that is connected to the Links input.',
		field: 'Links',
	});
}
