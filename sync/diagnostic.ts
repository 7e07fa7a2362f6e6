/**
 * What went wrong in words an administrator can act on: what happened, why, what to do.
 * The same three parts serve errors, rejected users and held changes.
 */
export interface Diagnostic {
	/** Stable, for machines and tests: `user.noMail`, `limit.disable`, `entra.secretWrong`, ... */
	readonly code: string;
	/** One sentence: what happened. Never holds a secret. */
	readonly what: string;
	/** One sentence: the cause, as far as it is known. */
	readonly why: string;
	/** One sentence: the way out. */
	readonly fix: string;
	/** The field or parameter it is about, under the name the administrator sees. */
	readonly field?: string;
}

/** An error that carries its diagnostic. Thrown by `entra/` and `pbx/`; nodes turn it into n8n's own errors. */
export class DiagnosedError extends Error {
	override readonly name = 'DiagnosedError';

	constructor(
		readonly diagnostic: Diagnostic,
		options?: { cause?: unknown },
	) {
		super(diagnostic.what, options);
	}
}
