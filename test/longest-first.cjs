/**
 * Starts the files that take longest first, so that no core is idle at the end. Jest goes by what it
 * measured; where it has not measured yet, by size, and these take longer than their size says.
 */
const TestSequencer = require('@jest/test-sequencer').default;

const LONG = [
	// Of those that are quick one by one, above half a minute.
	'properties/two-way',
	'properties/plan',
	'nodes/hygiene-entra',
	'faults/simulation',
	'unit/entra/fault-matrix',
	'properties/numbers',
	'contract/custom-rest',
	'properties/cleanup',
	'contract/vodia',
	'properties/partial-users',
	// Of those with an n8n of their own.
	'browser/editor',
	'n8n/interrupted',
	'browser/panels',
	'browser/pages',
	'n8n/demo',
	'n8n/two-way',
	'n8n/changes',
	'browser/decisions',
];

const rank = ({ path }) => {
	const found = LONG.findIndex((name) => path.endsWith(`/test/${name}.test.mts`));
	return found < 0 ? LONG.length : found;
};

module.exports = class LongestFirst extends TestSequencer {
	sort(tests) {
		return [...super.sort(tests)].sort((one, other) => rank(one) - rank(other));
	}
};
