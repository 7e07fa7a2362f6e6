// Lint rules for what is never shipped: sandbox, demo and tests (*.mts).
// The shipped rooms (*.ts) are linted by n8n's own rules, see eslint.config.mjs.
import eslint from '@eslint/js';
import typescript from 'typescript-eslint';

export default typescript.config(
	{ ignores: ['dist/'] },
	{
		files: ['**/*.mts'],
		extends: [eslint.configs.recommended, typescript.configs.strict],
		rules: {
			'@typescript-eslint/consistent-type-imports': 'error',
		},
	},
);
