/**
 * The arrows between the rooms, and no others. docs/architecture.md draws the same picture.
 */
const MAY_USE = {
	credentials: [],
	nodes: ['entra', 'sync', 'pbx', 'http'],
	entra: ['sync', 'http'],
	pbx: ['sync', 'http'],
	http: [],
	sync: [],
	sandbox: [],
	demo: ['sandbox'],
};
const ROOMS = [...Object.keys(MAY_USE), 'test'];

module.exports = {
	forbidden: [
		...Object.entries(MAY_USE).map(([room, allowed]) => ({
			name: `${room}-uses-only-${allowed.join('-') || 'itself'}`,
			severity: 'error',
			comment: `${room}/ may use ${allowed.join(', ') || 'no other room'}; see docs/architecture.md`,
			from: { path: `^${room}/` },
			to: {
				path: `^(${ROOMS.filter((other) => other !== room && !allowed.includes(other)).join('|')})/`,
			},
		})),
		{
			name: 'sync-is-pure',
			severity: 'error',
			comment:
				'The engine has no I/O, no n8n and no clock: crypto (for digests), phone numbers and dates only.',
			from: { path: '^sync/' },
			to: {
				dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-peer'],
				pathNot: '(^(node:)?crypto$|node_modules/(libphonenumber-js|luxon|zod|@types/luxon)/)',
			},
		},
		{
			name: 'no-circles',
			severity: 'error',
			from: {},
			to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
		},
	],
	options: {
		doNotFollow: { path: 'node_modules' },
		tsPreCompilationDeps: true,
		tsConfig: { fileName: 'tsconfig.workshop.json' },
		enhancedResolveOptions: { extensions: ['.ts', '.mts', '.mjs', '.js', '.cjs'] },
	},
};
