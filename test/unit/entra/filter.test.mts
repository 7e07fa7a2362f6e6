import type { Condition, UserFilter } from '../../../entra/filter.ts';
import { toFilter } from '../../../entra/filter.ts';

const everyone: UserFilter = {
	userType: 'all',
	includeDisabled: true,
	conditions: [],
	combine: 'and',
	raw: null,
};
const where = (...conditions: Condition[]) => toFilter({ ...everyone, conditions });

describe('the filter sent to Graph', () => {
	it('is none when everybody is wanted', () => {
		expect(toFilter(everyone)).toEqual({ text: null, advanced: false });
	});

	it('leaves out guests and keeps old accounts that have no type', () => {
		expect(toFilter({ ...everyone, userType: 'members' })).toEqual({
			text: "userType ne 'Guest'",
			advanced: true,
		});
	});

	it.each([
		['department', 'equals', 'Sales', "department eq 'Sales'", false],
		['department', 'notEquals', 'Sales', "department ne 'Sales'", true],
		['department', 'oneOf', 'Sales, HR ,', "department in ('Sales', 'HR')", false],
		['department', 'startsWith', 'Sal', "startsWith(department, 'Sal')", false],
		['department', 'isEmpty', '', 'department eq null', true],
		['department', 'isNotEmpty', '', 'department ne null', true],
		['mail', 'endsWith', '@contoso.com', "endsWith(mail, '@contoso.com')", true],
		['companyName', 'equals', 'Contoso', "companyName eq 'Contoso'", true],
		[
			'extensionAttribute3',
			'equals',
			'yes',
			"onPremisesExtensionAttributes/extensionAttribute3 eq 'yes'",
			true,
		],
		['surname', 'equals', "O'Neil", "surname eq 'O''Neil'", false],
	] as const)('writes %s %s %p as Graph reads it', (attribute, operator, value, text, advanced) => {
		expect(where({ attribute, operator, value })).toEqual({ text, advanced });
	});

	it('keeps what is in a value inside the value', () => {
		const { text } = where({
			attribute: 'department',
			operator: 'equals',
			value: "x' or accountEnabled eq true or department eq 'y",
		});
		expect(text).toBe("department eq 'x'' or accountEnabled eq true or department eq ''y'");
	});

	it('joins alternatives in brackets, so that they do not let disabled users in', () => {
		const { text } = toFilter({
			...everyone,
			includeDisabled: false,
			combine: 'or',
			conditions: [
				{ attribute: 'department', operator: 'equals', value: 'Sales' },
				{ attribute: 'city', operator: 'equals', value: 'Oslo' },
			],
		});
		expect(text).toBe("accountEnabled eq true and (department eq 'Sales' or city eq 'Oslo')");
	});

	it('puts the expert filter in brackets too', () => {
		const { text, advanced } = toFilter({
			...everyone,
			includeDisabled: false,
			raw: "city eq 'Oslo' or city eq 'Bergen'",
		});
		expect(text).toBe("accountEnabled eq true and (city eq 'Oslo' or city eq 'Bergen')");
		expect(advanced).toBe(true);
	});

	it.each([
		['employeeId', 'startsWith'],
		['department', 'endsWith'],
		['userPrincipalName', 'isEmpty'],
		['businessPhones', 'equals'],
		['password', 'equals'],
	] as const)('says that Graph cannot do %s %s instead of trying', (attribute, operator) => {
		expect(() => where({ attribute, operator, value: 'x' })).toThrow(/^Users cannot be chosen by/);
	});
});
