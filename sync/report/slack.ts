import type { ReportDocument, Row, Section } from './document';
import { shorten } from './words';

export type SlackBlock =
	| {
			readonly type: 'header';
			readonly text: { readonly type: 'plain_text'; readonly text: string };
	  }
	| { readonly type: 'section'; readonly text: SlackText }
	| { readonly type: 'context'; readonly elements: readonly SlackText[] };

interface SlackText {
	readonly type: 'mrkdwn';
	readonly text: string;
	/** Names such as #sales or @anna stay text. */
	readonly verbatim: true;
}

/**
 * Slack takes 50 blocks in a message, 3,000 characters in a section and 150 in a header
 * (api.slack.com/reference/block-kit/blocks). n8n's Slack node adds one block of its own.
 */
const MOST_BLOCKS = 49;
const LONGEST_SECTION = 3000;
const LONGEST_HEADER = 150;
const LONGEST_LINE = 400;

/** Blocks for the Slack node's message type 'Block', inside `{ "blocks": [...] }`. */
export function toSlackBlocks(document: ReportDocument): SlackBlock[] {
	const { subject, headline, sections, footer } = document;
	const parts = sections.map(part);
	const room = MOST_BLOCKS - 3;
	const shown = parts.length > room ? parts.slice(0, room - 1) : parts;
	const left = parts.length - shown.length;
	return [
		{
			type: 'header',
			text: { type: 'plain_text', text: shorten(subject, LONGEST_HEADER) },
		},
		{ type: 'section', text: mrkdwn(line(headline)) },
		...shown,
		...(left > 0 ? [note(`and ${String(left)} more parts, see the whole report`)] : []),
		note(footer.map(line).join('\n')),
	];
}

/** Slack's own three: nothing else can become a link, a mention or a date. */
function escapeSlack(text: string): string {
	return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

function part({ title, intro, rows, more }: Section): SlackBlock {
	const lines = [`*${bold(title)}*`, ...intro.map(line), ...rows.map(item)];
	const kept: string[] = [];
	let length = 0;
	for (const next of lines) {
		if (length + next.length + 1 > LONGEST_SECTION - 40) break;
		kept.push(next);
		length += next.length + 1;
	}
	const left = more + lines.length - kept.length;
	if (left > 0) kept.push(`and ${String(left)} more`);
	return { type: 'section', text: mrkdwn(kept.join('\n')) };
}

function item({ name, number, notes }: Row): string {
	const who = `• *${bold(name)}*${number === null ? '' : ` (${line(number)})`}`;
	return notes.length === 0 ? who : `${who}: ${line(notes.join(' '))}`;
}

/** A star inside would end the bold; there is no escape for it in Slack. */
function bold(text: string): string {
	return line(text.replace(/\*/g, '∗'));
}

function line(text: string): string {
	return escapeSlack(shorten(text, LONGEST_LINE));
}

function note(text: string): SlackBlock {
	return { type: 'context', elements: [mrkdwn(text)] };
}

function mrkdwn(text: string): SlackText {
	return { type: 'mrkdwn', text, verbatim: true };
}
