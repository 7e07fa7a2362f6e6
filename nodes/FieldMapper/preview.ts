/** What each row makes of one user, as a table to look at while the mapping is being made. */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { User } from '../../sync/item';
import type { RowTrace } from '../../sync/mapping';

/** Whether somebody means this user. Nobody named: the first one is as good as any. */
export function isMeant(user: User, named: string): boolean {
	if (named === '') return true;
	const wanted = named.toLowerCase();
	return [user.id, user['userPrincipalName'], user['mail']].some(
		(name) => typeof name === 'string' && name.toLowerCase() === wanted,
	);
}

/** One item for each row. They carry no user, so that no later node takes them for one. */
export function previewOf(
	user: User,
	traces: readonly RowTrace[],
	item: number,
): INodeExecutionData[] {
	const name = String(user['userPrincipalName'] ?? user['displayName'] ?? user.id);
	return traces.map(({ row, from, through, to, note = '' }) => {
		const steps = through.map(({ step, value }) => `${step}: ${value ?? 'empty'}`);
		const json: IDataObject = {
			previewOf: name,
			row,
			from: from ?? 'empty',
			through: steps.join(' → '),
			to: to === undefined ? 'left as it is' : (to ?? 'cleared'),
			note,
		};
		return { json, pairedItem: { item } };
	});
}
