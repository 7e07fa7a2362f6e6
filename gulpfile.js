/**
 * The one build pipeline: what n8n loads is made here and nowhere else.
 *
 *   gulp build   clean -> compile -> vendor -> link, with icons, codex, previews and templates beside
 *   gulp watch   the same, and again whenever a source changes
 *   gulp follow  only the latter, for `npm run dev`
 *
 * Our own code leaves as plain, readable CommonJS. Third-party code that is needed at run time is
 * bundled, unminified, into `dist/vendor/` with its licences, so the package has no run-time
 * dependencies (see docs/decisions/0002-dependencies.md).
 */
const { rm, readFile, writeFile, mkdir } = require('node:fs/promises');
const { spawn } = require('node:child_process');
const path = require('node:path');
const { Transform } = require('node:stream');
const gulp = require('gulp');
const esbuild = require('esbuild');

const DIST = path.join(__dirname, 'dist');
const ROOMS = ['credentials', 'nodes', 'entra', 'sync', 'pbx', 'http'];

/** Import specifier -> file in dist/vendor. Only these may be imported by what we ship. */
const VENDORED = {
	'@azure/msal-node': 'msal-node.js',
	'@microsoft/microsoft-graph-client': 'microsoft-graph-client.js',
	'csv-parse/sync': 'csv-parse.js',
	'csv-stringify/sync': 'csv-stringify.js',
	'libphonenumber-js/max': 'libphonenumber.js',
	luxon: 'luxon.js',
	zod: 'zod.js',
};
/** Where a library also comes without what old browsers need. Numbers are read a third faster so. */
const MODERN = { 'libphonenumber-js/max': 'libphonenumber-js/max/es6' };
/**
 * Libraries bring along what n8n's rules for community nodes forbid and what we never call: a look
 * at the process, timers. In the bundles the first is gone and the second is n8n's own `sleep`.
 * One library needs the real thing (docs/decisions/0008-managed-identity.md).
 */
const TAMED = {
	banner: { js: "const wait = (wake, ms) => require('n8n-workflow').sleep(ms).then(wake);" },
	define: { setTimeout: 'wait', process: 'undefined' },
	external: ['n8n-workflow'],
};
const UNTAMED = new Set(['@azure/msal-node']);
/** Anything else needs a look, and a word in docs/decisions/0002-dependencies.md. */
const GOOD_LICENCES = new Set(['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0']);
/** What the host brings along. */
const PROVIDED = new Set(['n8n-workflow', 'crypto', 'node:crypto']);

const clean = () => rm(DIST, { recursive: true, force: true });

function compile() {
	const tsc = require.resolve('typescript/bin/tsc');
	return new Promise((resolve, reject) => {
		spawn(process.execPath, [tsc, '-p', path.join(__dirname, 'tsconfig.json')], {
			stdio: 'inherit',
		})
			.on('error', reject)
			.on('exit', (code) =>
				code === 0
					? resolve()
					: reject(new Error('TypeScript found something to mend (see above).')),
			);
	});
}

/** One readable file per library, and the licence of every package that went into it. */
async function vendor() {
	const licences = new Map();
	await mkdir(path.join(DIST, 'vendor'), { recursive: true });
	for (const [specifier, file] of Object.entries(VENDORED)) {
		const { metafile } = await esbuild.build({
			stdin: { contents: entry(specifier), resolveDir: __dirname },
			outfile: path.join(DIST, 'vendor', file),
			bundle: true,
			platform: 'node',
			format: 'cjs',
			target: 'node20',
			metafile: true,
			legalComments: 'none',
			logLevel: 'warning',
			drop: ['console'],
			...(UNTAMED.has(specifier) ? {} : TAMED),
		});
		for (const input of Object.keys(metafile.inputs)) {
			const home = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
			if (home) licences.set(home, await licenceOf(path.join(__dirname, home)));
		}
	}
	const texts = [...licences.values()].sort();
	await writeFile(
		path.join(DIST, 'vendor', 'THIRD_PARTY_LICENSES.txt'),
		texts.join(`\n\n${'-'.repeat(80)}\n\n`),
	);
}

function entry(specifier) {
	const modern = MODERN[specifier];
	return modern ? `export * from '${modern}';` : `module.exports = require('${specifier}');`;
}

async function licenceOf(home) {
	const about = JSON.parse(await readFile(path.join(home, 'package.json'), 'utf8'));
	if (!GOOD_LICENCES.has(about.license))
		throw new Error(
			`${about.name} has the licence "${about.license}", which is not among those we bundle: ` +
				`${[...GOOD_LICENCES].join(', ')}. Leave it out, or add its licence in gulpfile.js with a reason.`,
		);
	let text = `Licence: ${about.license}`;
	for (const name of ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'LICENCE', 'license'])
		text = await readFile(path.join(home, name), 'utf8').catch(() => text);
	return `${about.name} ${about.version} (${about.license})\n\n${text.trim()}`;
}

/** Points our compiled imports of third-party code at the bundles, and refuses any other import. */
function link() {
	return gulp
		.src(
			ROOMS.map((room) => `dist/${room}/**/*.js`),
			{ base: 'dist' },
		)
		.pipe(
			eachFile((source, file) =>
				source.replace(/\brequire\(["']([^"'.][^"']*)["']\)/g, (whole, specifier) => {
					if (PROVIDED.has(specifier)) return whole;
					const bundle = VENDORED[specifier];
					if (!bundle)
						throw new Error(
							`${file.relative} imports "${specifier}", which is neither provided by n8n nor bundled. ` +
								'Add it to VENDORED in gulpfile.js and say why in docs/decisions/.',
						);
					const to = path.relative(path.dirname(file.path), path.join(DIST, 'vendor', bundle));
					return `require("./${to.split(path.sep).join('/')}")`.replace('"./../', '"../');
				}),
			),
		)
		.pipe(eachFile(whenUsed))
		.pipe(gulp.dest('dist'));
}

/**
 * A node that only shows its panel needs no phone library: `const plan_1 = require("../sync/plan")`
 * becomes a function that loads the module when something of it is first used. n8n loads every node
 * of a package when it starts, so this is what its start costs (`npm run bench -- start`).
 */
function whenUsed(source) {
	const lazy = [];
	const declared = source.replace(
		/^const (\w+_\d+) = (require\("\..+"\));$/gm,
		(_whole, name, load) => {
			lazy.push(name);
			return `let ${name}_loaded;\nconst ${name} = () => (${name}_loaded ??= ${load});`;
		},
	);
	return lazy.reduce(
		(text, name) =>
			text
				// `new plan_1().Plan()` would make a new plan_1.
				.replace(new RegExp(`\\bnew ${name}\\.([\\w.]+)`, 'g'), `new (${name}().$1)`)
				.replace(new RegExp(`\\b${name}\\.`, 'g'), `${name}().`),
		declared,
	);
}

const copy = (globs, name) =>
	Object.assign(() => gulp.src(globs, { base: '.', encoding: false }).pipe(gulp.dest('dist')), {
		displayName: name,
	});

const icons = copy(['{nodes,credentials,icons}/**/*.svg'], 'icons');
const codex = copy(['nodes/**/*.node.json'], 'codex');
const previews = copy(['nodes/**/__schema__/**/*.json'], 'previews');

/** Templates leave only when they carry nothing of the instance they were made on. */
function templates() {
	return gulp
		.src('workflows/*.json', { base: '.' })
		.pipe(
			eachFile((source, file) => {
				const workflow = JSON.parse(source);
				const credentials = workflow.nodes.filter((node) => node.credentials);
				if (credentials.length > 0 || workflow.pinData || workflow.meta?.instanceId)
					throw new Error(
						`${file.relative} carries credentials, pinned data or an instance id. Remove them before it is shipped.`,
					);
				// Without its tabs: n8n reads it, and people read it in the editor or in the repository.
				return JSON.stringify(workflow);
			}),
		)
		.pipe(gulp.dest('dist'));
}

function eachFile(change) {
	return new Transform({
		objectMode: true,
		transform(file, _encoding, done) {
			try {
				file.contents = Buffer.from(change(file.contents.toString('utf8'), file));
				done(null, file);
			} catch (error) {
				done(error);
			}
		},
	});
}

const make = gulp.series(
	compile,
	gulp.parallel(gulp.series(vendor, link), icons, codex, previews, templates),
);
const build = gulp.series(clean, make);

/** Never without its files in between, since an n8n may have them loaded. */
function follow() {
	gulp.watch([...ROOMS.map((room) => `${room}/**/*`), 'workflows/*.json'], make);
}
const watch = gulp.series(build, follow);

module.exports = { build, watch, follow, clean, default: build };
