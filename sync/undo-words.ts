/** Why something is not taken back, in the words of the report. */
import type { Diagnostic } from './diagnostic';
import { fieldName } from './report/words';

const BY_HAND = "Do it in the phone system's own administration, if it is still wanted.";

function kept(code: string, what: string, why: string, fix: string): Diagnostic {
	return { code: `undo.${code}`, what, why, fix };
}

export const KEPT = {
	severalRuns: (runs: readonly string[]) =>
		kept(
			'severalRuns',
			`The journal rows are of ${String(runs.length)} runs: ${runs.slice(0, 5).join(', ')}.`,
			'One run is taken back at a time, the latest first.',
			"Filter the rows by 'runId' before this node. Nothing was written.",
		),
	unread: kept(
		'unread',
		'Not taken back: another journal row of this extension could not be read.',
		'From a part of what the run wrote nobody knows how the extension was before it.',
		'Mend that row, which is among the failed items, and run again.',
	),
	directory: kept(
		'directory',
		'Not taken back: what the run wrote to the directory.',
		'This node writes to the phone system only.',
		'The journal names each attribute with its old value; put it back in Entra.',
	),
	deleted: kept(
		'deleted',
		'Not taken back: the run deleted this extension.',
		'A deleted extension cannot be brought back; its passwords, voicemail and rules are gone.',
		'The next sync makes a new one when its user is in service, with the old number while that is free.',
	),
	gone: kept(
		'gone',
		'Not taken back: the extension is no longer there.',
		'Somebody removed it after that run.',
		'Nothing to do if that is right.',
	),
	inUse: (field: string) =>
		kept(
			'inUse',
			'Not taken back: the extension that run created is in use by now.',
			`Somebody changed '${fieldName(field)}' since.`,
			BY_HAND,
		),
	changedSince: (field: string) =>
		kept(
			'changedSince',
			`'${fieldName(field)}' is left alone.`,
			'Somebody changed it after that run, and what people correct is not trampled.',
			'Nothing to do if that is right.',
		),
	cannotWrite: (field: string) =>
		kept(
			'cannotWrite',
			`'${fieldName(field)}' cannot be taken back.`,
			'This phone system does not let it be changed after creating.',
			BY_HAND,
		),
	cannotClear: (field: string) =>
		kept(
			'cannotClear',
			`'${fieldName(field)}' cannot be taken back.`,
			'It was empty before, and this phone system does not take it empty any more.',
			'Nothing to do if the value is right.',
		),
	cannotSwitch: kept(
		'cannotSwitch',
		'To do by hand: put the extension out of use or back into use.',
		'This phone system cannot enable or disable an extension from outside.',
		BY_HAND,
	),
	cannotDelete: kept(
		'cannotDelete',
		'To do by hand: delete the extension that run created.',
		'This phone system cannot delete an extension from outside.',
		BY_HAND,
	),
};
