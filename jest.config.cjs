/** One jest project per way of testing; `node test/run.mjs <name>` runs one, no name runs all. */
const shared = {
	rootDir: __dirname,
	testEnvironment: 'node',
	moduleFileExtensions: ['ts', 'mts', 'js', 'mjs', 'cjs', 'json'],
	extensionsToTreatAsEsm: [],
	transform: {
		'^.+\\.(ts|mts)$': [
			'@swc/jest',
			{
				jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
				module: { type: 'commonjs' },
			},
		],
	},
	modulePathIgnorePatterns: ['<rootDir>/dist/'],
};
const project = (name, extra = {}) => ({
	...shared,
	displayName: name,
	testMatch: [`<rootDir>/test/${name}/**/*.test.mts`],
	...extra,
});

module.exports = {
	testSequencer: '<rootDir>/test/longest-first.cjs',
	projects: [
		project('unit'),
		project('properties'),
		project('sandbox'),
		project('contract'),
		project('nodes'),
		project('faults'),
		project('package'),
		project('n8n'),
		project('oldest'),
		project('browser'),
		project('queue'),
	],
};
