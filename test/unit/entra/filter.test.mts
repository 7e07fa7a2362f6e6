import type { Condition } from '../../../entra/condition.ts';
import type { UserFilter } from '../../../entra/filter.ts';
import { splitFilter } from '../../../entra/filter.ts';

const everyone: UserFilter = {
	userType: 'all',
	includeDisabled: true,
	conditions: [],
	combine: 'and',
	raw: null,
};
const toFilter = (filter: UserFilter) => splitFilter(filter).graph;
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
		['department', 'notOneOf', 'Sales,HR', "(department ne 'Sales' and department ne 'HR')", true],
		[
			'department',
			'notStartsWith',
			'Sal',
			"(not(startsWith(department, 'Sal')) or department eq null)",
			true,
		],
		['onPremisesSyncEnabled', 'equals', 'True', 'onPremisesSyncEnabled eq true', false],
		['proxyAddresses', 'equals', 'smtp:a@b.c', "proxyAddresses/any(p:p eq 'smtp:a@b.c')", false],
		['otherMails', 'oneOf', 'a,b', "otherMails/any(p:p eq 'a' or p eq 'b')", false],
		[
			'extension_b7d8e648520f41d3b9c0fdeb91768a0a_costCenter',
			'equals',
			'7',
			"extension_b7d8e648520f41d3b9c0fdeb91768a0a_costCenter eq '7'",
			false,
		],
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
		"city eq 'Oslo') or (userType eq 'Guest'",
		"(city eq 'Oslo'",
		"city eq 'Oslo",
		"city eq 'O''Neil",
	])('does not send an expert filter that is not closed: %s', (raw) => {
		expect(() => toFilter({ ...everyone, raw })).toThrow(
			"'Filter (OData)' has a bracket or a quote that is not closed.",
		);
	});

	it('does not take brackets and quotes inside a text for its own', () => {
		const raw = "city eq 'O''Neil :-)' or (jobTitle eq '(')";
		expect(toFilter({ ...everyone, raw }).text).toBe(`(${raw})`);
	});

	it.each([
		['employeeId', 'startsWith'],
		['department', 'endsWith'],
		['department', 'contains'],
		['userPrincipalName', 'isEmpty'],
		['businessPhones', 'notEquals'],
		['onPremisesSyncEnabled', 'equals'],
	] as const)('keeps %s %s back, because Graph cannot do it', (attribute, operator) => {
		const condition = { attribute, operator, value: 'x' };
		const { graph, here } = splitFilter({ ...everyone, conditions: [condition] });
		expect(graph.text).toBeNull();
		expect(here.conditions).toEqual([condition]);
	});

	it('sends what Graph can do of conditions that must all be met, and keeps the rest', () => {
		const city: Condition = { attribute: 'city', operator: 'equals', value: 'Oslo' };
		const title: Condition = { attribute: 'jobTitle', operator: 'contains', value: 'lead' };
		const { graph, here } = splitFilter({ ...everyone, conditions: [city, title] });
		expect(graph.text).toBe("city eq 'Oslo'");
		expect(here.conditions).toEqual([title]);
	});

	it('sends alternatives all or not at all', () => {
		const city: Condition = { attribute: 'city', operator: 'equals', value: 'Oslo' };
		const title: Condition = { attribute: 'jobTitle', operator: 'contains', value: 'lead' };
		const split = splitFilter({ ...everyone, combine: 'or', conditions: [city, title] });
		expect(split.graph.text).toBeNull();
		expect(split.here.conditions).toEqual([city, title]);
	});

	it('decides about more than fifteen values itself', () => {
		const value = Array.from({ length: 16 }, (_, index) => `D${String(index)}`).join();
		expect(where({ attribute: 'department', operator: 'oneOf', value }).text).toBeNull();
	});

	it('sends nothing advanced where that is not possible', () => {
		const filter: UserFilter = {
			...everyone,
			userType: 'members',
			raw: "city eq 'Oslo'",
			conditions: [{ attribute: 'department', operator: 'notEquals', value: 'HR' }],
		};
		const { graph, here } = splitFilter(filter, { plain: true });
		expect(graph).toEqual({ text: null, advanced: false });
		expect(here).toEqual(filter);
	});

	it('says that there is no such attribute', () => {
		expect(() => where({ attribute: 'password', operator: 'equals', value: 'x' })).toThrow(
			'Users cannot be chosen by "password".',
		);
	});
});
