import { DateTime } from 'luxon';
import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { systemNamed } from '../../pbx/systems';
import type { PlanSettings } from '../../sync/draft';
import type { ReadMark } from '../../sync/item';
import { plan, type Plan } from '../../sync/plan';
import { isConnected, itemsOf } from '../host/inputs';
import { toJson } from '../host/json';
import { readLinks } from '../host/links';
import { failAll } from '../host/sift';
import { isJournalRow, readHistory } from './history';
import { parameters } from './parameters';
import { safeguard } from './safety';
import { readSettings } from './settings';
import { hintsFor } from './telling';
import { EXTENSIONS, LINKS, readExtensions, readUsers, USERS } from './wires';

export class ExtensionAllocator implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Extension Allocator',
		name: 'extensionAllocator',
		icon: { light: 'file:extensionAllocator.svg', dark: 'file:extensionAllocator.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle:
			'={{ {nextFree: "Next free number", property: "Mapped number", propertyElseNextFree: "Mapped or next free number", none: "No numbers"}[$parameter["numbering"]] }}',
		description:
			'Pairs each user with an extension, old or new, gives numbers and works out what must change',
		defaults: { name: 'Extension Allocator' },
		usableAsTool: true,
		inputs: [
			{ type: NodeConnectionTypes.Main, displayName: 'Users' },
			{ type: NodeConnectionTypes.Main, displayName: 'Extensions' },
			{ type: NodeConnectionTypes.Main, displayName: 'Links' },
		],
		requiredInputs: 1,
		outputs: [
			{ type: NodeConnectionTypes.Main, displayName: 'Changes' },
			{ type: NodeConnectionTypes.Main, displayName: 'Conflicts' },
			{ type: NodeConnectionTypes.Main, displayName: 'Unmatched' },
			{ type: NodeConnectionTypes.Main, displayName: 'Summary' },
		],
		properties: parameters,
	};

	/** One plan for all items: who gets which number depends on everybody. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		try {
			const settings = readSettings(this);
			const users = readUsers(this);
			const extensions = readExtensions(this);
			const { capabilities, fields, name } = systemNamed(extensions.system);
			const { abilities } = extensions.read.mark;
			const rows = itemsOf(this, LINKS);
			const remembered = rows.filter(({ json }) => !isJournalRow(json));
			// A journal alone remembers no pairings.
			const onlyJournal = rows.length > 0 && remembered.length === 0;
			const remembers = isConnected(this, LINKS) && !onlyJournal;
			const links = remembers ? readLinks(remembered, name) : null;
			const made = plan({
				users: users.things,
				extensions: extensions.things,
				links,
				history: readHistory(rows, name),
				usersRead: users.read,
				extensionsRead: extensions.read,
				facts: abilities?.facts ?? capabilities,
				fields: abilities?.fields ?? fields,
				settings: withSeats(settings.plan, extensions.read.mark),
				now: DateTime.utc().toISO(),
				listUnchanged: settings.includeUnchanged,
			});
			const planned = safeguard(this, made, {
				users: users.things,
				usersRead: users.read,
				extensionsRead: extensions.read,
				extensions: extensions.positions.size,
				links,
				system: name,
			});
			this.addExecutionHints(...hintsFor(planned.summary));
			const [changes = [], ...others] = toOutputs(planned, users.positions, extensions.positions);
			return [[...changes, ...users.failed, ...extensions.failed], ...others];
		} catch (thrown) {
			return failAll(this, thrown);
		}
	}
}

/** The licence's own count holds as well as what somebody set: the smaller one. */
function withSeats(settings: PlanSettings, { seats: licensed = Infinity }: ReadMark): PlanSettings {
	const seats = Math.min(settings.numbering.seats ?? Infinity, licensed);
	if (seats === Infinity) return settings;
	return { ...settings, numbering: { ...settings.numbering, seats } };
}

type Positions = ReadonlyMap<string, number>;

function toOutputs(
	{ changes, unchanged, conflicts, unmatched, summary }: Plan,
	users: Positions,
	extensions: Positions,
): INodeExecutionData[][] {
	const position = ({ user }: { user: { id: string } }) => users.get(user.id) ?? 0;
	const shown = [...changes, ...unchanged].sort((a, b) => (a.user.id < b.user.id ? -1 : 1));
	return [
		shown.map((item) => toItem(item, USERS, position(item))),
		conflicts.map((item) => toItem(item, USERS, position(item))),
		unmatched.map((item) => toItem(item, EXTENSIONS, extensions.get(item.extension.id) ?? 0)),
		[toItem({ summary }, USERS, 0)],
	];
}

function toItem(sections: object, input: number, item: number): INodeExecutionData {
	return { json: toJson(sections), pairedItem: { item, input } };
}
