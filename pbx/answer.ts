/**
 * Reading answers nobody vouches for: too long, not JSON, of another shape, or with a status that
 * says everything already. What the systems have in common is here; what a status means beyond
 * that is each system's own.
 */
import type { z } from 'zod';
import type { HttpResponse } from '../http/port';
import { quote } from '../http/quote';
import type { Diagnostic } from '../sync/diagnostic';
import { DiagnosedError } from '../sync/diagnostic';

/** Far above any page of accounts, far below what would hurt n8n. In characters. */
const LONGEST_BODY = 32_000_000;

/** Reads the body as JSON of the given shape, or says what came instead. */
export function readJson<Shape extends z.ZodTypeAny>(
	response: HttpResponse,
	shape: Shape,
	displayName: string,
): z.output<Shape> {
	const { body } = response;
	if (body.length > LONGEST_BODY) throw new DiagnosedError(tooLong(displayName));
	const json = parseJson(body);
	if (json === undefined) {
		const isPage = /^\s*<(!doctype|html)/i.test(body);
		throw new DiagnosedError(isPage ? webPage(displayName) : brokenOff(displayName));
	}
	return fit(json, shape, displayName);
}

/** What was parsed before, as the given shape. */
export function fit<Shape extends z.ZodTypeAny>(
	json: unknown,
	shape: Shape,
	displayName: string,
): z.output<Shape> {
	const parsed = shape.safeParse(json);
	if (parsed.success) return parsed.data;
	const where = parsed.error.issues[0]?.path.join('.') || 'its beginning';
	throw new DiagnosedError(unexpected(displayName, where));
}

/** Undefined when it is no JSON. JSON itself has no undefined. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** What a status means on any system; null when it says nothing about the system as a whole. */
export function troubleIn(status: number, displayName: string): Diagnostic | null {
	if (status === 401) {
		return {
			code: 'signIn.refused',
			what: `${displayName} did not accept the sign-in.`,
			why: 'The secret in the credential is wrong, or it has expired.',
			fix: 'Make a new one in the phone system, put it into the credential and press Test.',
		};
	}
	if (status === 403) {
		return {
			code: 'signIn.forbidden',
			what: `${displayName} does not allow this.`,
			why: 'The sign-in is known but may not manage accounts, or not from this address.',
			fix: 'Give it the right to read and write accounts in the phone system.',
		};
	}
	if (status >= 300 && status < 400) {
		return {
			code: 'system.redirected',
			what: `${displayName} answered with the address of another place.`,
			why: 'The address in the credential is not the one of the interface; secrets are not sent after it.',
			fix: 'Put the final address into the credential, usually the one beginning with https://.',
		};
	}
	if (status === 429 || status === 503) {
		return {
			code: 'system.busy',
			what: `${displayName} asks for patience.`,
			why: 'It was asked again several times, with pauses, and is still too busy.',
			fix: 'Run the workflow again later; what was done stays done.',
		};
	}
	if (status >= 500) {
		return {
			code: 'system.unwell',
			what: `${displayName} could not carry out the request.`,
			why: `It answered with status ${String(status)}, which is trouble of its own.`,
			fix: 'Run the workflow again; when it stays so, look into the log of the phone system.',
		};
	}
	return null;
}

/**
 * An id as one segment of a path. `.` and `..` cannot be encoded and would lead to another place,
 * so they are refused.
 */
export function segment(id: string): string {
	if (id === '' || id === '.' || id === '..') {
		throw new DiagnosedError({
			code: 'account.badId',
			what: `"${id}" is not the id of an extension.`,
			why: 'It would lead to another address than that of one account.',
			fix: 'Take the id as Get Extensions gives it.',
			field: 'Extension',
		});
	}
	return encodeURIComponent(id);
}

function tooLong(displayName: string): Diagnostic {
	return {
		code: 'system.answerTooLong',
		what: `${displayName} sent far more than was asked for.`,
		why: 'An answer this long is not a page of accounts.',
		fix: 'Check the address in the credential.',
	};
}

function webPage(displayName: string): Diagnostic {
	return {
		code: 'system.webPage',
		what: `A web page came instead of an answer from ${displayName}.`,
		why: 'The address is that of a website or of a sign-in page, or a proxy put its own page there.',
		fix: 'Check the address in the credential; it is the one of the interface, not of the screens.',
	};
}

function brokenOff(displayName: string): Diagnostic {
	return {
		code: 'system.answerBroken',
		what: `The answer of ${displayName} cannot be read.`,
		why: 'It broke off half-way, or it is not JSON.',
		fix: 'Run the workflow again; when it stays so, check what stands between n8n and the phone system.',
	};
}

function unexpected(displayName: string, where: string): Diagnostic {
	return {
		code: 'system.answerUnexpected',
		what: `${displayName} answered in a way this node does not know.`,
		why: `The answer differs from what is expected at ${quote(where)}.`,
		fix: 'Check the address in the credential and the version of the phone system.',
	};
}
