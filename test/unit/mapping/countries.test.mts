import { getCountries } from 'libphonenumber-js/max';
import { COUNTRIES } from '../../../nodes/FieldMapper/countries.ts';
import { byName } from '../../../nodes/host/alphabetical.ts';

const nameOf = ({ name }: { name: string }) => name.replace(/ \([A-Z]{2}\)$/, '');
const english = new Intl.Collator('en');

it('offers every country with a numbering plan, once, and no other', () => {
	expect(COUNTRIES.map(({ value }) => value).sort()).toEqual(getCountries().sort());
	expect(new Set(COUNTRIES.map(nameOf)).size).toBe(COUNTRIES.length);
});

it('shows them by name, in the order of English, with the code behind', () => {
	const names = COUNTRIES.map(nameOf);
	expect([...names].sort(english.compare)).toEqual(names);
	for (const { name, value } of COUNTRIES)
		expect(name).toMatch(new RegExp(`^\\S.* \\(${value}\\)$`));
});

it('gives no country a name that belongs to another', () => {
	const known = new Intl.DisplayNames(['en'], { type: 'region' });
	const ownerOf = new Map(COUNTRIES.map(({ value }) => [known.of(String(value)), value]));
	for (const each of COUNTRIES) {
		const owner = ownerOf.get(nameOf(each));
		if (owner !== undefined) expect([each.name, owner]).toEqual([each.name, each.value]);
	}
});

it('orders choices whatever the case, and numbers by their size', () => {
	const names = ['attribute 10', 'Attribute 9', 'zip', 'Attribute 1', 'Manager', 'Same', 'Same'];
	const inOrder = names
		.map((name) => ({ name }))
		.sort(byName)
		.map(({ name }) => name);
	expect(inOrder).toEqual([
		'Attribute 1',
		'Attribute 9',
		'attribute 10',
		'Manager',
		'Same',
		'Same',
		'zip',
	]);
});
