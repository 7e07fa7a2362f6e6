/** The demo tenant's phones, typed in every style people have; the tenant knows what each stands for. */
import { buildDirectory } from '../../../sandbox/directory/directory.mts';
import { countryCode, readPhone } from '../../../sync/phone.ts';

const { users, numbers } = buildDirectory();
const typed = [...numbers].flatMap(([id, { mobile, business }]) => {
	const user = users.get(id);
	if (!user) throw new Error(`The directory has no user ${id}`);
	const country = countryCode(user.usageLocation);
	return [
		{ text: user.mobilePhone, country, stands: mobile },
		{ text: user.businessPhones[0], country, stands: business },
	];
});

describe('the phones of the demo tenant', () => {
	it('are read as the numbers they stand for, and no others', () => {
		const wrong = typed.flatMap(({ text, country, stands }) => {
			const reading = readPhone(text ?? '', country);
			const read = reading.kind === 'number' ? reading.number.number : null;
			return read === stands ? [] : [{ text, country, stands, read }];
		});
		expect(wrong).toEqual([]);
	});

	it('are many, of many countries, and some stand for no single number', () => {
		expect(typed.length).toBeGreaterThan(400);
		expect(new Set(typed.map(({ country }) => country)).size).toBeGreaterThanOrEqual(12);
		expect(typed.filter(({ text, stands }) => text && !stands).length).toBeGreaterThan(10);
	});
});
