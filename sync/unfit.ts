/** Why a value cannot be used, in two sentences that stand on their own: the cause and the way out. */
export interface Unfit {
	/** Last part of the diagnostic's code: `phone.several`, `tooLong`, ... */
	readonly code: string;
	readonly why: string;
	readonly fix: string;
}

export function isUnfit(value: string | null | Unfit): value is Unfit {
	return value !== null && typeof value === 'object';
}
