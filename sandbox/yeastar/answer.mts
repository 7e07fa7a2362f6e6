/** Yeastar answers everything with HTTP 200; `errcode` says how it went. */

export class YeastarRefusal extends Error {
	constructor(
		readonly errcode: number,
		readonly errmsg: string,
		readonly invalid: readonly string[] = [],
	) {
		super(errmsg);
	}

	toJSON() {
		return {
			errcode: this.errcode,
			errmsg: this.errmsg,
			...(this.invalid.length > 0
				? { invalid_param_list: this.invalid.map((value) => ({ value })) }
				: {}),
		};
	}
}

export const success = (values: object = {}) => ({ errcode: 0, errmsg: 'SUCCESS', ...values });

export const notExisted = () => new YeastarRefusal(10001, 'INTERFACE NOT EXISTED');
export const tokenInvalid = () => new YeastarRefusal(10004, 'ACCESS TOKEN INVALID');
export const parameters = (...names: string[]) =>
	new YeastarRefusal(40002, 'PARAMETER ERROR', names);
export const duplicate = () => new YeastarRefusal(40003, 'DUPLICATE KEY VALUE');
export const limitReached = () => new YeastarRefusal(60002, 'MAX LIMITATION EXCEEDED');
export const forbidden = () => new YeastarRefusal(70087, 'IP FORBIDDEN');
