import { readFileSync } from 'node:fs';
import { SYSTEMS } from '../../../pbx/systems.ts';
import { systemsTable } from '../../../pbx/systems-table.ts';

describe('the table of phone systems', () => {
	it('in docs/systems.md says what the systems declare', () => {
		const page = readFileSync('docs/systems.md', 'utf8');
		expect(page).toContain(systemsTable());
	});

	it('names every system and every field', () => {
		const table = systemsTable();
		for (const { displayName, fields } of SYSTEMS) {
			expect(table).toContain(displayName);
			for (const { name } of fields) expect(table).toContain(`\`${name}\``);
		}
	});
});
