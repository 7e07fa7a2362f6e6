/** What the phone system accepts when an account is made or changed. */
import { z } from 'zod';
import { parameters } from './answer.mts';
import type { YeastarExtension } from './pbx.mts';

const lever = z.union([z.literal(0), z.literal(1)]);
const password = z.string().min(8).max(63);

const optional = {
	first_name: z.string().max(127),
	last_name: z.string().max(127),
	email_addr: z.string().regex(/^([^\s@]+@[^\s@]+)?$/),
	mobile_number: z.string().regex(/^[\d\s()\-.+*#]{0,31}$/),
	title: z.string().max(127),
	caller_id: z.string().regex(/^[A-Za-z\d()\-.+*#]{0,31}$/),
	role_id: z.number().int(),
	organization_list: z.array(z.object({ value: z.string() })),
	email_language: z.string(),
	user_lang: z.string(),
	disable_outb_call: lever,
	allow_reg_remotely: lever,
	enb_mobile_client: lever,
	enb_desktop_client: lever,
	enb_web_client: lever,
};

const required = {
	reg_name: z.string().min(1).max(63),
	reg_password: password,
	user_password: password.min(10).regex(/\d/).regex(/[a-z]/).regex(/[A-Z]/),
	concurrent_registrations: z.number().int().min(1).max(3),
	presence_status: z.enum([
		'available',
		'away',
		'business_trip',
		'do_not_disturb',
		'lunch',
		'off_work',
	]),
};

const creation = z.object({
	...z.object(optional).partial().shape,
	...required,
	type: z.literal('SIP'),
	number: z.string().regex(/^\d{1,7}$/),
});

/** `number` is not among them: a number stays what it was. */
const change = z
	.object({ ...optional, ...required })
	.partial()
	.extend({ id: z.number().int() });

export type Creation = z.infer<typeof creation>;
export type ExtensionChange = z.infer<typeof change>;

/** Throws 40002 with the names of all parameters that are missing or wrong. Others are ignored. */
export function readCreation(body: unknown, organizationRequired: boolean): Creation {
	const wanted = read(creation, body);
	if (organizationRequired && !wanted.organization_list?.length) {
		throw parameters('organization_list');
	}
	requireStrong(wanted.user_password, [
		wanted.number,
		wanted.first_name ?? '',
		wanted.last_name ?? '',
	]);
	return wanted;
}

export const readChange = (body: unknown): ExtensionChange => read(change, body);

/** The account after the change would have these names; the password may not hold them. */
export function checkPassword(
	{ user_password }: ExtensionChange,
	after: Pick<YeastarExtension, 'number' | 'first_name' | 'last_name'>,
): void {
	if (user_password !== undefined) {
		requireStrong(user_password, [after.number, after.first_name, after.last_name]);
	}
}

function read<Output>(schema: z.ZodType<Output, z.ZodTypeDef, unknown>, body: unknown): Output {
	const parsed = schema.safeParse(body);
	if (parsed.success) return parsed.data;
	throw parameters(...new Set(parsed.error.issues.map((issue) => String(issue.path[0] ?? 'body'))));
}

function requireStrong(userPassword: string, forbiddenParts: readonly string[]): void {
	const lower = userPassword.toLowerCase();
	const guessable =
		forbiddenParts.some((part) => part !== '' && lower.includes(part.toLowerCase())) ||
		/(\d)\1{3}/.test(lower) ||
		hasRun(lower);
	if (guessable) throw parameters('user_password');
}

/** Four digits in a row, up or down: 1234, 8765. */
function hasRun(text: string): boolean {
	return ['0123456789', '9876543210'].some((row) =>
		Array.from({ length: 7 }, (_, at) => row.slice(at, at + 4)).some((run) => text.includes(run)),
	);
}
