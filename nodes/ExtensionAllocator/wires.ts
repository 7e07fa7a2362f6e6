import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { z } from 'zod';
import { fitsAsItIs, quick } from '../../http/quick';
import type { Diagnostic } from '../../sync/diagnostic';
import { DiagnosedError } from '../../sync/diagnostic';
import { wholeness, type Wholeness } from '../../sync/guard';
import type { ContactItem, Extension, ReadMark } from '../../sync/item';
import { isConnected, itemsOf } from '../host/inputs';
import { contact, extension, readMark, twoWay, user } from '../host/sections';
import { failedItem } from '../host/sift';

/** One wire, read: what it brought, whether that is all, and which item of the wire each thing was. */
export interface Wire<T> {
	readonly things: readonly T[];
	readonly read: Wholeness;
	/** Position on the wire by the thing's id. */
	readonly positions: ReadonlyMap<string, number>;
	/** One for each read that has items here. */
	readonly marks: readonly ReadMark[];
	/** Items nobody can read, where the node is set to go on; they count as holes in the list. */
	readonly failed: readonly INodeExecutionData[];
}

/** Extensions say themselves which phone system they are of. */
export interface ExtensionsWire extends Wire<Extension> {
	readonly read: Wholeness & { readonly mark: ReadMark };
	readonly system: string;
}

export const USERS = 0;
export const EXTENSIONS = 1;
export const LINKS = 2;

const usersMark = quick(readMark.extend({ of: z.literal('users') }));
const extensionsMark = quick(
	readMark.extend({ of: z.literal('extensions'), system: z.string().min(1) }),
);

const userItem = z
	.object({
		user,
		contact: contact.nullable(),
		createOnly: z.array(z.string()).optional(),
		reportOnly: z.array(z.string()).optional(),
		twoWay: twoWay.optional(),
		decisions: z.array(z.string()).default([]),
	})
	.passthrough();

const extensionItem = z.object({ extension });

/** What Field Mapper sent. A wire that brought nothing is not whole; it is not a reason to stop. */
export function readUsers(context: IExecuteFunctions): Wire<ContactItem> {
	const marks = new Marks(usersMark);
	return readWire(itemsOf(context, USERS), marks, {
		of: 'users',
		section: 'user',
		schema: userItem.extend({ read: marks.shape }),
		isPlain: fitsAsItIs(userItem.extend({ read: marks.known })),
		idOf: (item) => item.user.id,
		thingOf: (item) => item,
		input: 'Users',
		comesFrom: `Field Mapper's output "Mapped"`,
		goesOn: context.continueOnFail(),
	});
}

/**
 * What "Get Extensions" sent. Throws where no list arrived, because then nobody knows which numbers
 * are in use, and where the lists of two phone systems are mixed.
 */
export function readExtensions(context: IExecuteFunctions): ExtensionsWire {
	const items = itemsOf(context, EXTENSIONS);
	const marks = new Marks(extensionsMark);
	const wire = readWire(items, marks, {
		of: 'extensions',
		section: 'extension',
		schema: extensionItem.extend({ read: marks.shape }),
		isPlain: fitsAsItIs(extensionItem.extend({ read: marks.known })),
		idOf: (item) => item.extension.id,
		thingOf: (item) => item.extension,
		input: 'Extensions',
		comesFrom: 'PBX Target "Get Extensions"',
		goesOn: context.continueOnFail(),
	});
	const { mark } = wire.read;
	const [system, other] = new Set(wire.marks.map((each) => each.system));
	if (mark === null || system === undefined) {
		const because = items.some(({ json }) => 'error' in json)
			? 'The items on the Extensions input only say that the step before did not succeed.'
			: isConnected(context, EXTENSIONS)
				? 'The step before the Extensions input sent nothing, not even the item that says the list is empty.'
				: 'The Extensions input is not connected.';
		throw new DiagnosedError({
			code: 'extensions.nothing',
			what: 'No list of extensions arrived.',
			why: because,
			fix: 'Connect PBX Target "Get Extensions" to the Extensions input and make sure that it runs.',
			field: 'Extensions',
		});
	}
	if (other !== undefined) {
		throw new DiagnosedError({
			code: 'extensions.twoSystems',
			what: `The Extensions input got extensions of two phone systems, ${system} and ${other}.`,
			why: 'Users are paired with the extensions of one phone system at a time.',
			fix: 'Use one Extension Allocator for each phone system.',
			field: 'Extensions',
		});
	}
	return { ...wire, read: { ...wire.read, mark }, system };
}

/**
 * The read marks of one wire. Equal ones become one object, so that n8n stores it once; and one that
 * is one object already, as all items of a read share it, is only looked at once.
 */
class Marks {
	private readonly seen = new Map<unknown, ReadMark>();
	private readonly distinct = new Map<string, ReadMark>();

	constructor(private readonly schema: z.ZodType<ReadMark, z.ZodTypeDef, unknown>) {}

	readonly shape = z
		.unknown()
		.transform((value, context) => this.seen.get(value) ?? this.read(value, context));

	/** The very mark an earlier item had, as most items of a wire have. */
	readonly known = z.custom<ReadMark>(
		(value) => value !== undefined && this.seen.get(value) === value,
	);

	all(): readonly ReadMark[] {
		return [...this.distinct.values()];
	}

	private read(value: unknown, context: z.RefinementCtx): ReadMark {
		const { data: mark, error } = this.schema.safeParse(value);
		if (error) {
			for (const issue of error.issues) context.addIssue(issue);
			return z.NEVER;
		}
		const key = JSON.stringify([mark.id, mark.count, mark.scope, mark.system]);
		const known = this.distinct.get(key) ?? mark;
		this.distinct.set(key, known);
		this.seen.set(value, known);
		return known;
	}
}

interface Reading<Item, T> {
	readonly of: ReadMark['of'];
	readonly section: string;
	readonly schema: z.ZodType<Item, z.ZodTypeDef, unknown>;
	/** Whether the schema would change nothing, told quickly. */
	readonly isPlain: (json: unknown) => json is Item;
	readonly idOf: (item: Item) => string;
	readonly thingOf: (item: Item) => T;
	readonly input: string;
	readonly comesFrom: string;
	/** What cannot be read does not stop the node. */
	readonly goesOn: boolean;
}

function readWire<Item, T>(
	items: readonly INodeExecutionData[],
	marks: Marks,
	{ of, section, schema, isPlain, idOf, thingOf, input, comesFrom, goesOn }: Reading<Item, T>,
): Wire<T> {
	// The one item that says that the list is empty.
	const emptyRead = z.object({ read: marks.shape });
	const things: T[] = [];
	const positions = new Map<string, number>();
	const failed: INodeExecutionData[] = [];
	let broken = 0;
	const fail = (index: number, why: string) => {
		const because = unreadable(input, index, comesFrom, why);
		if (!goesOn) throw new DiagnosedError(because);
		broken++;
		const pairedItem = { item: index, input: of === 'users' ? USERS : EXTENSIONS };
		failed.push({ ...failedItem(because, index), pairedItem });
	};
	const take = (item: Item, index: number) => {
		const id = idOf(item);
		things.push(thingOf(item));
		if (!positions.has(id)) positions.set(id, index);
	};
	items.forEach(({ json }, index) => {
		// A node set to always give an output gives an empty item when there is nothing.
		if (Object.keys(json).length === 0) return;
		if ('error' in json) {
			broken++;
			return;
		}
		if (isPlain(json)) return take(json, index);
		if (!(section in json)) {
			if (emptyRead.safeParse(json).success) return;
			return fail(index, `It has no '${section}' section.`);
		}
		const parsed = schema.safeParse(json);
		if (!parsed.success) return fail(index, inWords(parsed.error));
		take(parsed.data, index);
	});
	const read = wholeness({ of, marks: marks.all(), distinct: positions.size, broken });
	return { things, read, positions, marks: marks.all(), failed };
}

function unreadable(input: string, index: number, comesFrom: string, why: string): Diagnostic {
	return {
		code: 'wire.wrongKind',
		what: `Item ${index + 1} on the ${input} input is not what this input takes.`,
		why,
		fix: `Connect ${comesFrom} to the ${input} input.`,
		field: input,
	};
}

function inWords({ issues: [first] }: z.ZodError): string {
	return first ? `'${first.path.join('.')}' is not as expected: ${first.message}.` : '';
}
