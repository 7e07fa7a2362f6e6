import type { INodeProperties } from 'n8n-workflow';

import {
	ALWAYS_READ,
	ATTRIBUTES,
	EXTENSION_ATTRIBUTES,
	EXTENSION_ATTRIBUTES_OBJECT,
	MANAGER,
	READ_BY_DEFAULT,
} from '../../entra/attributes';
import { PRESET_NAMES, PRESETS } from '../../entra/preset';
import { choices, conditions, sorted } from './condition-parameters';
import { groupLocator, groupRows } from './group-parameters';
import { options } from './option-parameters';

const mode: INodeProperties = {
	displayName: 'Read',
	name: 'mode',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'All Users in Scope',
			value: 'whole',
			description: 'The whole list, every time. The only read that can tell who is missing.',
		},
		{
			name: 'Changes Only',
			value: 'changes',
			description:
				'Who changed since the last run that Sync Report confirmed, and now and then everybody',
		},
		{
			name: 'One User',
			value: 'user',
			description: 'To see whether somebody is in scope, and why or why not',
		},
	],
	default: 'whole',
};

const user: INodeProperties = {
	displayName: 'User',
	name: 'user',
	type: 'string',
	displayOptions: { show: { mode: ['user'] } },
	required: true,
	default: '',
	placeholder: 'e.g. anna@contoso.com',
	description:
		'Object ID, user principal name or mail address. The settings below say why or why not.',
};

const scope: INodeProperties = {
	displayName: 'Users to Read',
	name: 'scope',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'All Users',
			value: 'all',
			description: 'Everybody in the directory who fits the settings below',
		},
		{
			name: 'Members of Groups',
			value: 'groups',
			description: 'Those in at least one of the chosen groups who fit the settings below',
		},
	],
	default: 'all',
};

const groups: INodeProperties = {
	displayName: 'Groups',
	name: 'groups',
	displayOptions: { show: { scope: ['groups'] } },
	...groupRows,
	description: 'Somebody in several of these groups is read once',
};

const nested: INodeProperties = {
	displayName: 'Include Nested Groups',
	name: 'nested',
	type: 'boolean',
	displayOptions: { show: { scope: ['groups'] } },
	default: true,
	description: 'Whether to read the members of groups inside the chosen groups too',
};

const userType: INodeProperties = {
	displayName: 'User Type',
	name: 'userType',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Guests',
			value: 'guests',
			description: 'Only people of other organizations who were invited',
		},
		{
			name: 'Members',
			value: 'members',
			description: 'Your own people, old accounts without a type included',
		},
		{ name: 'Members and Guests', value: 'all' },
	],
	default: 'members',
};

const leaveOut: INodeProperties = {
	displayName: 'Leave Out',
	name: 'leaveOut',
	type: 'multiOptions',
	noDataExpression: true,
	options: PRESET_NAMES.map((name) => ({
		name: PRESETS[name].displayName,
		value: name,
		description: PRESETS[name].description,
	})),
	default: [],
	description: 'Accounts that are no people, as far as the directory shows it',
};

const optIn: INodeProperties = {
	displayName: 'Only Who Opted In',
	name: 'optIn',
	type: 'options',
	noDataExpression: true,
	options: [
		{ name: 'Everybody Counts as Opted In', value: 'none' },
		{
			name: 'Who Has a Value in an Attribute',
			value: 'attribute',
			description: 'Set by an administrator for each person',
		},
		{ name: 'Who Is in a Group', value: 'group', description: 'Nested groups included' },
	],
	default: 'none',
	description: 'Whether users must be allowed one by one before they are synced',
};

const optInAttribute: INodeProperties = {
	displayName: 'Opt-In Attribute',
	name: 'optInAttribute',
	type: 'options',
	displayOptions: { show: { optIn: ['attribute'] } },
	options: choices,
	default: 'extensionAttribute1',
};

const optInValue: INodeProperties = {
	displayName: 'Opt-In Value',
	name: 'optInValue',
	type: 'string',
	displayOptions: { show: { optIn: ['attribute'] } },
	default: '',
	placeholder: 'e.g. phone',
	description: 'Capital and small letters are the same. Several values are separated by commas.',
};

const optInGroup: INodeProperties = {
	displayName: 'Opt-In Group',
	name: 'optInGroup',
	displayOptions: { show: { optIn: ['group'] } },
	...groupLocator,
};

const attributes: INodeProperties = {
	displayName: 'Attributes',
	name: 'attributes',
	type: 'multiOptions',
	options: sorted(
		[
			...ATTRIBUTES,
			...EXTENSION_ATTRIBUTES,
			{ name: EXTENSION_ATTRIBUTES_OBJECT, displayName: 'Extension Attributes 1-15 (All)' },
			{ name: MANAGER, displayName: 'Manager' },
			{ name: 'showInAddressList', displayName: 'Show in Address List' },
		].filter(({ name }) => !ALWAYS_READ.includes(name)),
	),
	default: [...READ_BY_DEFAULT],
	description:
		'What to read of each user besides names, mail, user principal name, type and whether the account is enabled. Fewer attributes make the run lighter.',
};

export const parameters: INodeProperties[] = [
	mode,
	user,
	scope,
	groups,
	nested,
	userType,
	conditions,
	leaveOut,
	optIn,
	optInAttribute,
	optInValue,
	optInGroup,
	attributes,
	options,
];
