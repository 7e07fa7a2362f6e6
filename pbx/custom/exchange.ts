/** Sends a profile's requests: filled in, signed in, not too fast, and their answers told apart. */
import { z } from 'zod';
import type { HttpPort, HttpRequest, HttpResponse } from '../../http/port';
import { quote } from '../../http/quote';
import { pause } from '../../http/wait';
import { DiagnosedError } from '../../sync/diagnostic';
import { parseJson, readJson, segment, troubleIn } from '../answer';
import { isObject, readPath, textOf } from './path';
import type { Profile, RequestTemplate } from './profile';
import { explain, meaningOf, signInRefused, type Meaning } from './refusals';
import type { Pass, Secrets, TokenRequest } from './sign-in';
import { openSignIn } from './sign-in';
import type { Values } from './template';
import { fillMembers, fillPath, fillText } from './template';

/** An answer, read. `json` is undefined where there is no body. */
export interface Answer {
	readonly meaning: Meaning;
	readonly json: unknown;
	readonly response: HttpResponse;
}

export interface Extras {
	readonly values?: Values;
	/** Besides those of the template. */
	readonly query?: Readonly<Record<string, string>>;
	/** The whole body; without it, the template's. */
	readonly body?: Readonly<Record<string, unknown>>;
	/** Instead of path and query: where an answer said that a list goes on. */
	readonly url?: string;
	readonly idempotent?: boolean;
}

export interface Exchange {
	/** Rejects where the system as a whole refuses; the rest is told by `meaning`. */
	send(template: RequestTemplate, extras?: Extras): Promise<Answer>;
	/** The answer itself when it says success; rejects with what else it says. */
	demanded(answer: Answer): Answer;
	close(): Promise<void>;
}

export interface Surroundings {
	readonly http: HttpPort;
	readonly signal?: AbortSignal | undefined;
	readonly baseUrl: string;
	readonly displayName: string;
	readonly profile: Profile;
	readonly secrets: Secrets;
}

/** How often a request is sent while the answers say, in their own way, that it is too much. */
const ATTEMPTS = 5;

export function openExchange(around: Surroundings): Exchange {
	const { http, signal, baseUrl, displayName, profile, secrets } = around;
	const { answers } = profile;
	const signIn = openSignIn(profile, secrets, obtain);
	const inTurn = turns(profile.perSecond, signal);

	async function exchange(request: HttpRequest): Promise<HttpResponse> {
		await inTurn();
		return await http(request, signal);
	}

	async function obtain(request: TokenRequest): Promise<string> {
		const response = await exchange(toHttp(request));
		const { status } = response;
		const isRefused = status === 400 || status === 401 || status === 403;
		const trouble = isRefused ? null : troubleIn(status, displayName);
		if (trouble) throw new DiagnosedError(trouble);
		const json = isRefused ? undefined : readJson(response, z.unknown(), displayName);
		const token =
			profile.auth.kind === 'login'
				? textOf(readPath(json, profile.auth.token))
				: textOf(isObject(json) ? json['access_token'] : null);
		if (token) return token;
		const said = answers.message
			? textOf(readPath(parseJson(response.body), answers.message))
			: null;
		throw new DiagnosedError(
			signInRefused(
				displayName,
				`It answered ${said ? quote(said) : `with status ${String(status)}`}.`,
			),
		);
	}

	function toHttp(request: TokenRequest): HttpRequest {
		if (request.kind === 'login')
			return build(request.template, NO_PASS, { values: { ...secrets } });
		const { url, form, headers } = request;
		return {
			method: 'POST',
			url: url.startsWith('/') ? baseUrl + url : url,
			headers: { ...profile.headers, ...headers },
			body: new URLSearchParams(form),
			idempotent: true,
		};
	}

	function build(template: RequestTemplate, pass: Pass, extras: Extras): HttpRequest {
		const { values = {}, idempotent } = extras;
		const body = extras.body ?? fillMembers(template.body, values);
		const inQuery = template.encode === 'query' ? flat(body) : {};
		const filled = Object.entries(template.query).map(
			([name, value]) => [name, fillText(String(value ?? ''), values)] as const,
		);
		const url = new URL(
			extras.url ?? baseUrl + fillPath(template.path, values, (value) => segment(value)),
		);
		const added = { ...(extras.url ? {} : Object.fromEntries(filled)), ...inQuery };
		for (const [name, value] of Object.entries({ ...added, ...extras.query, ...pass.query })) {
			url.searchParams.set(name, value);
		}
		const hasBody = template.encode !== 'query' && Object.keys(body).length > 0;
		return {
			method: template.method,
			url: url.toString(),
			headers: lowerCase({
				accept: 'application/json',
				...lowerCase(profile.headers),
				...lowerCase(template.headers),
				...pass.headers,
			}),
			...(hasBody
				? { body: template.encode === 'form' ? new URLSearchParams(flat(body)) : body }
				: {}),
			...(idempotent === undefined ? {} : { idempotent }),
		};
	}

	/** Sends until it is no longer asked for patience in the profile's own words. */
	async function patiently(request: HttpRequest, template: RequestTemplate) {
		for (let attempt = 1; ; attempt++) {
			const response = await exchange(request);
			const meaning = meaningOf(response, profile, template.notFound);
			if (meaning !== 'retry' || attempt >= ATTEMPTS) return { response, meaning };
			await pause(answers.retryAfterMs, signal);
		}
	}

	async function send(template: RequestTemplate, extras: Extras = {}): Promise<Answer> {
		const pass = await signIn.pass();
		let answer = await patiently(build(template, pass, extras), template);
		if (answer.meaning === 'tokenExpired') {
			// It was not carried out, so it is sent again.
			const other = await signIn.renewed(pass);
			if (other) answer = await patiently(build(template, other, extras), template);
		}
		const { meaning, response } = answer;
		const isAboutAll = meaning === 'tokenExpired' || meaning === 'retry';
		const isTrouble = meaning === 'refused' && troubleIn(response.status, displayName) !== null;
		if (isAboutAll || isTrouble) {
			throw new DiagnosedError(explain(meaning, response, profile, displayName));
		}
		const isRead = meaning === 'done' && response.body !== '';
		return {
			meaning,
			response,
			json: isRead ? readJson(response, z.unknown(), displayName) : undefined,
		};
	}

	return {
		send,
		demanded(answer) {
			if (answer.meaning === 'done') return answer;
			throw new DiagnosedError(explain(answer.meaning, answer.response, profile, displayName));
		},
		async close() {
			const { signOut } = signIn;
			if (!signOut) return;
			const { request, pass } = signOut;
			await exchange(build(request, pass, { values: { ...secrets } })).catch(() => undefined);
		},
	};
}

/** A header that is named twice, in two cases, would be sent twice. */
function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
	return Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
	);
}

const NO_PASS: Pass = { headers: {}, query: {} };

/** Forms and queries hold texts; what has parts goes as JSON text. */
function flat(body: Readonly<Record<string, unknown>>): Record<string, string> {
	return Object.fromEntries(
		Object.entries(body).map(([name, value]) => [
			name,
			value === null
				? ''
				: typeof value === 'object'
					? JSON.stringify(value)
					: (textOf(value) ?? ''),
		]),
	);
}

/** Spaces requests evenly; without a limit nobody waits. */
function turns(perSecond: number | undefined, signal: AbortSignal | undefined) {
	if (perSecond === undefined) return async () => {};
	const gap = 1_000 / perSecond;
	let free = 0;
	return async () => {
		const now = Date.now();
		const at = Math.max(now, free);
		free = at + gap;
		if (at > now) await pause(at - now, signal);
	};
}
