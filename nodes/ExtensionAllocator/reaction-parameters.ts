import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

const TELL = { name: 'Report', description: 'The user leaves by Conflicts; nothing is written' };
const IGNORE: INodePropertyOptions = {
	name: 'Ignore',
	value: 'ignore',
	description: 'Left alone and only counted',
};

/** What is done in each situation; untouched, everything is done. */
export const reactions: INodeProperties = {
	displayName: 'Reactions',
	name: 'reactions',
	type: 'collection',
	noDataExpression: true,
	placeholder: 'Add Reaction',
	default: {},
	description: 'To do less than usual in a situation, for example while trying things out',
	options: [
		{
			displayName: 'Disputed Users',
			name: 'disputed',
			type: 'options',
			noDataExpression: true,
			options: [
				IGNORE,
				{ name: 'Report', value: 'report', description: 'They leave by Conflicts' },
			],
			default: 'report',
			description: 'Those for whom more than one pairing is possible',
		},
		{
			displayName: 'Extensions That Fit',
			name: 'adopted',
			type: 'options',
			noDataExpression: true,
			options: [
				IGNORE,
				{ ...TELL, value: 'report' },
				{
					name: 'Update',
					value: 'update',
					description: "The extension becomes the user's and is kept in step",
				},
			],
			default: 'update',
			description:
				"Users whom an extension fits by mail, number or phone that was never paired. With 'Adopt Existing Extensions' off they are conflicts.",
		},
		{
			displayName: 'Extensions Without a User',
			name: 'orphaned',
			type: 'options',
			noDataExpression: true,
			options: [
				IGNORE,
				{ name: 'Report', value: 'report', description: 'They leave by Unmatched' },
			],
			default: 'report',
		},
		{
			displayName: 'Users with an Extension',
			name: 'linked',
			type: 'options',
			noDataExpression: true,
			options: [
				IGNORE,
				{ ...TELL, value: 'report' },
				{ name: 'Update', value: 'update', description: 'The extension is kept in step' },
			],
			default: 'update',
			description: 'Those whose extension is known by a link or the external ID',
		},
		{
			displayName: 'Users Without an Extension',
			name: 'new',
			type: 'options',
			noDataExpression: true,
			options: [
				{ name: 'Create', value: 'create', description: 'One is made' },
				IGNORE,
				{ ...TELL, value: 'report' },
			],
			default: 'create',
		},
	],
};

const CONFLICT: INodePropertyOptions = {
	name: 'Conflict',
	value: 'conflict',
	description: 'The user leaves by Conflicts, with a suggestion where there is one',
};
const NEXT_FREE: INodePropertyOptions = {
	name: 'Next Free Number',
	value: 'nextFree',
	description: 'A new extension gets a free number of a pool; one that exists keeps its own',
};
const SKIP: INodePropertyOptions = {
	name: 'Skip',
	value: 'skip',
	description: 'The user is left alone and only counted',
};

function choice(
	displayName: string,
	name: string,
	description: string,
	isAboutNumber: boolean,
): INodeProperties {
	return {
		displayName,
		name,
		type: 'options',
		noDataExpression: true,
		options: isAboutNumber ? [CONFLICT, NEXT_FREE, SKIP] : [CONFLICT, SKIP],
		default: 'conflict',
		description,
	};
}

/** What is done with each kind of conflict; untouched, a person decides. */
export const conflictChoices: INodeProperties = {
	displayName: 'In Conflict',
	name: 'inConflict',
	type: 'collection',
	noDataExpression: true,
	placeholder: 'Add Kind of Conflict',
	default: {},
	description: 'To have some kinds of conflict settled without a person',
	options: [
		choice('Bad or Missing Number', 'badNumber', 'No number the phone system takes', true),
		choice('Disputed', 'disputed', 'More than one pairing is possible', false),
		choice('Extension Exists', 'alreadyExists', 'One fits and may not be adopted', false),
		choice('Mail in Use', 'mailInUse', 'Somebody else has or wants the mail address', false),
		choice('Missing Key or Field', 'missingKey', 'Nothing to recognize the user by', false),
		choice('Mobile in Use', 'mobileInUse', 'Somebody else has or wants the mobile', false),
		choice('No Seat', 'noSeat', 'As many extensions as seats', false),
		choice('Number in Use', 'numberInUse', 'Another extension has the number', true),
		choice('Number Wanted Twice', 'wantedTwice', 'Several users are to get it', true),
		choice('Pool Empty', 'poolEmpty', 'The next free number of another pool is taken', true),
		choice('Reserved or Cooling', 'reserved', 'The number must not be given now', true),
	],
};
