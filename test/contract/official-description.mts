/**
 * Holds what an adapter sends against its vendor's own description of the interface. AJV judges the
 * values; here is only the way from a request to the part of the description that is about it.
 *
 * The descriptions are not ours to ship. Tests that need one say so in their name when it is absent.
 */
import { Ajv2019 } from 'ajv/dist/2019.js';
import type { ErrorObject, ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse as parseYaml } from 'yaml';
import type { HttpPort, HttpRequest, HttpResponse } from '../../http/port.ts';

/** Where they are looked for, beside the project. */
const FOLDER = resolve('../shared/specs');

export interface OfficialDescription {
	/** What does not fit, in sentences; none: it fits. */
	ofRequest(request: HttpRequest): string[];
	ofResponse(request: HttpRequest, response: HttpResponse): string[];
}

export interface Reading {
	/** What stands before the described paths in an address: '/xapi/v1'. */
	readonly base?: string;
	/** Paths below no base that are described elsewhere: a token endpoint. */
	readonly outside?: readonly string[];
}

/** An OpenAPI description, in one file or several; null when it is not there. */
export function readOpenApi(file: string, reading: Reading = {}): OfficialDescription | null {
	const path = join(FOLDER, file);
	if (!existsSync(path)) return null;
	const documents = new Map<string, Json>();
	const folder = dirname(path);
	for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
		if (!/\.ya?ml$/.test(name)) continue;
		const text = readFileSync(join(folder, name), 'utf8');
		documents.set(hrefOf(join(folder, name)), asJsonSchema(parseYaml(text)));
	}
	return new Description(documents, hrefOf(path), reading);
}

/** Vodia's description as the catalogue made of it: the same facts, flat, one entry per operation. */
export function readCatalogue(file: string): OfficialDescription | null {
	const path = join(FOLDER, file);
	if (!existsSync(path)) return null;
	const { operations } = JSON.parse(readFileSync(path, 'utf8'));
	const paths: Json = {};
	for (const { method, path: template, parameters, requestBody, responses } of operations) {
		const described = (paths[template] ??= {});
		described[method.toLowerCase()] = {
			parameters: parameters.map(({ type, enum: values, ...rest }: Json) => ({
				...rest,
				schema: { type, ...(values ? { enum: values } : {}) },
			})),
			...(requestBody ? { requestBody: { ...requestBody, content: jsonOf(requestBody) } } : {}),
			responses,
		};
	}
	const href = hrefOf(path);
	return new Description(new Map([[href, { paths }]]), href, {});
}

/** A port that notes what does not fit the description. Without a description it notes nothing. */
export function watched(
	port: HttpPort,
	description: OfficialDescription | null,
	complaints: string[],
	{ responses = false } = {},
): HttpPort {
	return async (request, signal) => {
		complaints.push(...(description?.ofRequest(request) ?? []));
		const response = await port(request, signal);
		if (responses) complaints.push(...(description?.ofResponse(request, response) ?? []));
		return response;
	};
}

/** `it`, or without the description a test that says in its name why it does not run. */
export function itWith(description: OfficialDescription | null, file: string) {
	return (name: string, run: () => Promise<void>): void => {
		if (description !== null) it(name, run);
		else it.skip(`${name} (skipped: there is no ../shared/specs/${file})`, run);
	};
}

// The border to files nobody here wrote, which are walked, not typed.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Json = Record<string, any>;

/** Descriptions hold more than JSON Schema knows. */
const LENIENT = { strict: false, validateSchema: false, allErrors: true, logger: false } as const;

interface Found {
	readonly operation: Json;
	/** Address of the operation inside the documents, for references. */
	readonly at: string;
	readonly values: Readonly<Record<string, string>>;
	readonly pathItem: Json;
	readonly pathItemAt: string;
}

class Description implements OfficialDescription {
	private readonly bodies = new Ajv2019(LENIENT);
	/** In an address everything is text. */
	private readonly parameters = new Ajv2019({ ...LENIENT, coerceTypes: 'array' });
	private readonly compiled = new Map<string, ValidateFunction>();
	private readonly routes: readonly { template: string; matcher: RegExp; names: string[] }[];

	constructor(
		private readonly documents: ReadonlyMap<string, Json>,
		private readonly root: string,
		private readonly reading: Reading,
	) {
		for (const ajv of [this.bodies, this.parameters]) {
			addFormats.default(ajv);
			for (const [href, document] of documents) ajv.addSchema({ ...document, $id: href });
		}
		// The most particular first: '/Users(Number={n})' before '/Users({id})'.
		this.routes = Object.keys(documents.get(root)?.['paths'] ?? {})
			.map((template) => ({ template, ...matcherOf(template) }))
			.sort((a, b) => literalLength(b.template) - literalLength(a.template));
	}

	ofRequest(request: HttpRequest): string[] {
		const found = this.find(request);
		if (found === 'outside') return [];
		const name = `${request.method} ${new URL(request.url).pathname}`;
		if (found === null) return [`${name} is not in the description`];
		return [...this.ofParameters(found, request), ...this.ofBody(found, request.body)].map(
			(complaint) => `${name}: ${complaint}`,
		);
	}

	ofResponse(request: HttpRequest, { status, body }: HttpResponse): string[] {
		const found = this.find(request);
		if (found === 'outside' || found === null) return [];
		const answers: Json = found.operation['responses'] ?? {};
		const key = [String(status), 'default'].find((each) => each in answers);
		const name = `${request.method} ${new URL(request.url).pathname} answers ${String(status)}`;
		if (key === undefined) return [`${name}, which is not in the description`];
		const answer = this.follow(answers[key], `${found.at}/responses/${key}`);
		const schema = this.jsonSchemaOf(answer);
		if (schema === null) return [];
		return this.judge(this.bodies, { $ref: schema }, JSON.parse(body)).map(
			(said) => `${name}: ${said}`,
		);
	}

	private find({ method, url }: HttpRequest): Found | 'outside' | null {
		const { pathname } = new URL(url);
		if (this.reading.outside?.includes(pathname)) return 'outside';
		const { base = '' } = this.reading;
		if (!pathname.startsWith(base)) return null;
		const path = pathname.slice(base.length);
		for (const { template, matcher, names } of this.routes) {
			const match = matcher.exec(path);
			if (match === null) continue;
			const all = `${this.root}#/paths/${pointer(template)}`;
			const item = this.follow(this.at(all), all);
			const operation = item.value[method.toLowerCase()];
			if (operation === undefined) continue;
			const values = names.map((name, n) => [name, decodeURIComponent(match[n + 1] ?? '')]);
			const at = `${item.at}/${method.toLowerCase()}`;
			return {
				operation,
				at,
				values: Object.fromEntries(values),
				pathItem: item.value,
				pathItemAt: item.at,
			};
		}
		return null;
	}

	private ofParameters(found: Found, { url }: HttpRequest): string[] {
		const declared = [
			...listAt(found.pathItem, found.pathItemAt),
			...listAt(found.operation, found.at),
		].map(({ value, at }) => this.follow(value, at));
		const given = {
			path: { ...found.values },
			query: Object.fromEntries(new URL(url).searchParams),
		};
		return (['path', 'query'] as const).flatMap((place) => {
			const mine = declared.filter(({ value }) => value['in'] === place);
			const values: Json = given[place];
			for (const { value, at } of mine) {
				const { name, explode, schema = {} } = value;
				const { value: shape } = this.follow(schema, `${at}/schema`);
				if (shape['type'] === 'array' && explode === false && name in values) {
					values[name] = String(values[name]).split(',');
				}
				// An object in a query is spread over as many parameters as it has properties.
				if (place === 'query' && 'properties' in shape && !(name in values)) {
					const spread = Object.keys(shape['properties']).filter((key) => key in values);
					values[name] = Object.fromEntries(spread.map((key) => [key, values[key]]));
					for (const key of spread) Reflect.deleteProperty(values, key);
				}
			}
			const properties = mine.map(({ value, at }) => [value['name'], { $ref: `${at}/schema` }]);
			const schema = {
				type: 'object',
				properties: Object.fromEntries(properties),
				required: mine.filter(({ value }) => value['required']).map(({ value }) => value['name']),
				additionalProperties: false,
			};
			return this.judge(this.parameters, schema, values).map((said) => `${place} ${said}`);
		});
	}

	/** What is not declared is a misspelt name, so it counts, unless nothing at all is declared. */
	private ofBody(found: Found, body: HttpRequest['body']): string[] {
		const { requestBody } = found.operation;
		if (requestBody === undefined) return body === undefined ? [] : ['takes no body'];
		if (body === undefined) return requestBody.required ? ['wants a body'] : [];
		const schema = this.jsonSchemaOf(this.follow(requestBody, `${found.at}/requestBody`));
		if (schema === null) return ['takes no JSON'];
		const { value } = this.follow(this.at(schema), schema);
		const isClosed = ['properties', 'allOf', 'oneOf', 'anyOf'].some((key) => key in value);
		const closed = isClosed ? { unevaluatedProperties: false } : {};
		const sent: unknown = JSON.parse(typeof body === 'string' ? body : JSON.stringify(body));
		return this.judge(this.bodies, { $ref: schema, ...closed }, sent).map((said) => `body ${said}`);
	}

	private jsonSchemaOf({ value, at }: Located): string | null {
		const type = Object.keys(value['content'] ?? {}).find((each) => /json/.test(each));
		if (type === undefined || value['content'][type].schema === undefined) return null;
		return `${at}/content/${pointer(type)}/schema`;
	}

	private judge(ajv: Ajv2019, schema: object, value: unknown): string[] {
		// Compiled anew each time would take seconds in all.
		const key = JSON.stringify(schema);
		const validate = this.compiled.get(key) ?? ajv.compile(schema);
		this.compiled.set(key, validate);
		return validate(value) ? [] : (validate.errors ?? []).map(sentence);
	}

	/** What is at an address, behind references. */
	private follow(value: Json, at: string): Located {
		if (typeof value?.['$ref'] !== 'string') return { value, at };
		const target = new URL(value['$ref'], at).href;
		const whole = target.includes('#') ? target : `${target}#`;
		return this.follow(this.at(whole), whole);
	}

	private at(address: string): Json {
		const [href = '', path = ''] = address.split('#');
		return path
			.split('/')
			.slice(1)
			.map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'))
			.reduce<Json>((value, step) => value[step], this.documents.get(href) ?? {});
	}
}

interface Located {
	readonly value: Json;
	readonly at: string;
}

function listAt(owner: Json, at: string): Located[] {
	const parameters: Json[] = owner['parameters'] ?? [];
	return parameters.map((value, n) => ({ value, at: `${at}/parameters/${String(n)}` }));
}

function matcherOf(template: string): { matcher: RegExp; names: string[] } {
	const names = [...template.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name);
	const pattern = template
		.split(/\{[^}]+\}/)
		.map((literal) => literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
		.join('([^/]+?)');
	return { matcher: new RegExp(`^${pattern}$`), names };
}

const literalLength = (template: string) => template.replace(/\{[^}]+\}/g, '').length;
const hrefOf = (path: string) => pathToFileURL(path).href;
const pointer = (step: string) =>
	encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'));
const jsonOf = ({ schema }: Json): Json => ({ 'application/json': { schema } });
const sentence = ({ instancePath, message = '', params }: ErrorObject) =>
	`${instancePath || 'as a whole'} ${message} ${JSON.stringify(params)}`;

/** OpenAPI 3.0 lets `nullable` stand beside `allOf`; JSON Schema says the same with `anyOf`. */
function asJsonSchema(value: unknown): Json {
	return JSON.parse(JSON.stringify(value), (_key, each: unknown) => {
		if (typeof each !== 'object' || each === null || !('nullable' in each)) return each;
		const { nullable, ...rest } = each;
		if (nullable !== true || 'type' in each) return each;
		return { anyOf: [{ type: 'null' }, rest] };
	});
}
