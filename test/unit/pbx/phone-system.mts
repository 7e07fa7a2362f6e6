/** A phone system in memory that does what it is told, trouble included. */
import type { Capabilities, PhoneSystem } from '../../../pbx/adapter.ts';
import { DiagnosedError } from '../../../sync/diagnostic.ts';
import type { Extension } from '../../../sync/item.ts';

export const CAPABILITIES: Capabilities = {
	numbers: 'required',
	numberMaxLength: 7,
	canChangeNumber: false,
	disable: 'native',
	canDelete: true,
	canCreate: true,
	hasExternalId: true,
	partialUpdate: true,
	sharedEmail: false,
	concurrency: 3,
	exercisedAgainst: [],
};

export function extension(id: string, changes: Partial<Extension> = {}): Extension {
	return {
		id,
		number: `20${id}`,
		enabled: true,
		externalId: null,
		fields: { firstName: `First ${id}`, email: `${id}@example.com`, jobTitle: null },
		...changes,
	};
}

export function trouble(code: string): DiagnosedError {
	return new DiagnosedError({ code, what: `What of ${code}.`, why: 'Why.', fix: 'Fix.' });
}

type Call = `${'create' | 'update' | 'enable' | 'disable' | 'delete'} ${string}`;

export interface InMemory {
	readonly system: PhoneSystem;
	readonly accounts: Map<string, Extension>;
	/** What was written, in order. */
	readonly writes: Call[];
	readonly reads: string[];
}

/** `refuse` is asked before each write, and may throw. */
export function inMemory(
	extensions: readonly Extension[],
	refuse: (call: Call) => void = () => {},
): InMemory {
	const accounts = new Map(extensions.map((each) => [each.id, each]));
	const writes: Call[] = [];
	const reads: string[] = [];
	const write = (call: Call) => {
		refuse(call);
		writes.push(call);
	};
	const change = (id: string, changes: (before: Extension) => Extension): Extension => {
		const before = accounts.get(id);
		if (!before) throw trouble('account.gone');
		const after = changes(before);
		accounts.set(id, after);
		return after;
	};
	const system: PhoneSystem = {
		list: async () => {
			reads.push('list');
			return [...accounts.values()];
		},
		get: async (id) => {
			reads.push(`get ${id}`);
			return accounts.get(id) ?? null;
		},
		create: async ({ number, fields, externalId }) => {
			write(`create ${number ?? ''}`);
			const id = `new-${String(writes.length)}`;
			const made = { id, number, enabled: true, externalId, fields };
			accounts.set(id, made);
			return made;
		},
		update: async (id, fields, mark) => {
			write(`update ${id}`);
			return change(id, (before) => ({
				...before,
				...(mark === undefined ? {} : { externalId: mark }),
				fields: { ...before.fields, ...fields },
			}));
		},
		setEnabled: async (id, enabled) => {
			write(`${enabled ? 'enable' : 'disable'} ${id}`);
			return change(id, (before) => ({ ...before, enabled }));
		},
		delete: async (id) => {
			write(`delete ${id}`);
			accounts.delete(id);
		},
		close: async () => {},
	};
	return { system, accounts, writes, reads };
}
