import type { HttpResponse } from '../../../http/port.ts';
import { quote } from '../../../http/quote.ts';
import { parseJson, troubleIn } from '../../../pbx/answer.ts';
import type { Diagnostic } from '../../../sync/diagnostic.ts';
import { refusal } from './wire.mts';

export function explain({ status, body }: HttpResponse): Diagnostic {
	const trouble = troubleIn(status, 'Toy');
	if (trouble) return trouble;
	const said = refusal.safeParse(parseJson(body));
	const why = `It answered: ${said.success ? quote(said.data.because) : String(status)}`;
	return status === 409
		? {
				code: 'account.duplicate',
				what: 'Another line has these digits already.',
				why,
				fix: 'Give one of the two other digits.',
			}
		: {
				code: 'account.refused',
				what: 'The toy did not take these values.',
				why,
				fix: 'Correct the value in the directory.',
			};
}

export function gone(id: string): Diagnostic {
	return {
		code: 'account.gone',
		what: 'The line is no longer there.',
		why: `The toy knows no line ${quote(id)}; somebody removed it.`,
		fix: 'Run the workflow again; it then plans for the lines there are.',
	};
}

export const noNumber: Diagnostic = {
	code: 'account.noNumber',
	what: 'No line is made without digits.',
	why: 'Every line of a Toy has some.',
	fix: 'Choose a numbering method in Extension Allocator.',
	field: 'Digits',
};
