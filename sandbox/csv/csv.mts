/**
 * A phone system without an interface: its administrator can download an export and upload an import,
 * both CSV. Headings, delimiter and habits are invented; they differ from everything the product
 * would guess.
 */
import express from 'express';
import { z } from 'zod';
import { castOf } from '../cast.mts';
import type { CastMember } from '../cast.mts';
import type { Directory } from '../directory/directory.mts';
import { DOMAIN } from '../directory/user.mts';
import type { StandIn } from '../server.mts';

const HEADINGS = ['Ext.', 'Vorname', 'Nachname', 'E-Mail', 'Handy', 'Titel', 'Voicemail'];

export type Row = Record<string, string>;

export interface CsvPbx {
	/** By extension number. */
	readonly rows: Map<string, Row>;
	/** How often a file was imported. */
	imports: number;
}

export type CsvSettings = Record<string, never>;

export function csvStandIn(directory: Directory): StandIn<CsvSettings, CsvPbx> {
	const pbx: CsvPbx = { rows: new Map(), imports: 0 };
	seed(pbx, directory);
	return {
		name: 'CSV',
		settings: {},
		settingsSchema: z.object({}).strict(),
		state: pbx,
		describeState: () => ({ rows: [...pbx.rows.values()], imports: pbx.imports }),
		isWrite: (method) => method !== 'GET',
		vendorBody: (status) => ({ type: 'html', body: `<html><h1>${status}</h1></html>` }),
		mount(app) {
			app.get('/export.csv', (_request, response) => {
				response.type('text/csv').send(exportOf(pbx));
			});
			app.post(
				'/import',
				express.text({ type: () => true, limit: '20mb' }),
				(request, response) => {
					const text: unknown = request.body;
					response.json({ imported: importInto(pbx, typeof text === 'string' ? text : '') });
				},
			);
		},
	};
}

/** With a mark for Excel, semicolons, and everything in quotes. */
function exportOf({ rows }: CsvPbx): string {
	const line = (cells: readonly string[]) =>
		`${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(';')}\r\n`;
	const body = [...rows.values()].map((row) => line(HEADINGS.map((heading) => row[heading] ?? '')));
	return `\uFEFF${line(HEADINGS)}${body.join('')}`;
}

/** Rows replace what they name of the extension with their number, or make one. Gives how many. */
function importInto(pbx: CsvPbx, text: string): number {
	pbx.imports += 1;
	const [head = [], ...rows] = linesOf(text.replace(/^\uFEFF/, ''));
	for (const cells of rows) {
		const row = Object.fromEntries(head.map((heading, at) => [heading, cells[at] ?? '']));
		const number = row['Ext.'] ?? '';
		pbx.rows.set(number, { Voicemail: 'yes', ...pbx.rows.get(number), ...row });
	}
	return rows.length;
}

/** Comma or semicolon, whichever comes first; quotes as everywhere. */
function linesOf(text: string): string[][] {
	const delimiter = /[,;]/.exec(text)?.[0] ?? ',';
	const cell = new RegExp(
		`(?:"((?:[^"]|"")*)"|([^"${delimiter}\\r\\n]*))(${delimiter}|\\r?\\n|$)`,
		'y',
	);
	const lines: string[][] = [];
	let cells: string[] = [];
	while (cell.lastIndex < text.length) {
		const [, quoted, plain = '', end = ''] = cell.exec(text) ?? [];
		if (quoted === undefined && plain === '' && end === '') break;
		cells.push(quoted?.replaceAll('""', '"') ?? plain);
		if (end === delimiter) continue;
		lines.push(cells);
		cells = [];
	}
	return lines;
}

function seed({ rows }: CsvPbx, directory: Directory): void {
	const cast = castOf(directory);
	let last = 399;
	const put = (row: Row) => rows.set(row['Ext.'] ?? '', { Voicemail: 'yes', ...row });
	const seat = ({ user, mail, mobile }: CastMember, values: Row = {}) => {
		last += 1;
		put({
			'Ext.': String(last),
			Vorname: user.givenName ?? '',
			Nachname: user.surname ?? '',
			'E-Mail': mail,
			Handy: mobile ?? '',
			Titel: user.jobTitle ?? '',
			...values,
		});
	};
	put({ 'Ext.': '200', Vorname: 'Reception', Voicemail: 'no' });
	put({ 'Ext.': '299', Vorname: 'Door; "Front"', Voicemail: 'no' });
	for (const member of cast.upToDate) seat(member);
	for (const [i, member] of cast.outdated.entries()) {
		seat(member, i % 2 === 0 ? { Titel: 'Trainee' } : { Nachname: 'Maiden-Name' });
	}
	for (const member of cast.disabled) seat(member);
	put({ 'Ext.': '480', Vorname: 'Ture', Nachname: 'Gammal', 'E-Mail': `ture.gammal@${DOMAIN}` });
}
