/**
 * Fills placeholders such as `{number}` in a profile's requests.
 *
 * A text that is nothing but one placeholder becomes its value, and is left out when there is none;
 * `{id|number}` becomes a number. Inside other text a placeholder without a value is empty.
 */
export type Values = Readonly<Record<string, string | null | undefined>>;

const ALONE = /^\{(\w+)(\|number)?\}$/;
const INSIDE = /\{(\w+)\}/g;

export function fillText(template: string, values: Values): string {
	return template.replace(INSIDE, (_, name: string) => values[name] ?? '');
}

/** Whether there is a value for every placeholder in these parts of a request. */
export function isFilled(
	{ path, query, body }: { readonly path: string; readonly query: object; readonly body: object },
	values: Values,
): boolean {
	const text = JSON.stringify([path, query, body]);
	return [...text.matchAll(INSIDE)].every(([, name = '']) => Boolean(values[name]));
}

/** As a part of an address: what is put in cannot lead anywhere else. */
export function fillPath(
	template: string,
	values: Values,
	encode: (value: string) => string,
): string {
	return template.replace(INSIDE, (_, name: string) => encode(values[name] ?? ''));
}

/** Undefined: nothing to send. */
export function fillValue(template: unknown, values: Values): unknown {
	if (typeof template === 'string') {
		const alone = ALONE.exec(template);
		if (!alone) return fillText(template, values);
		const [, name = '', asNumber] = alone;
		const value = values[name] ?? undefined;
		return value !== undefined && asNumber ? numberOr(value) : value;
	}
	if (Array.isArray(template)) {
		return template
			.map((entry: unknown) => fillValue(entry, values))
			.filter((entry) => entry !== undefined);
	}
	if (typeof template === 'object' && template !== null) return fillMembers(template, values);
	return template;
}

export function fillMembers(template: object, values: Values): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(template)
			.map(([name, value]: [string, unknown]) => [name, fillValue(value, values)] as const)
			.filter(([, value]) => value !== undefined),
	);
}

/** What is no number stays text, for the system to refuse. */
export function numberOr(text: string): number | string {
	return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}
