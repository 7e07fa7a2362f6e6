import { parseFlatted } from '../../demo/n8n/flatted.mts';

describe('reading flatted text', () => {
	it('gives texts, numbers, lists and objects back', () => {
		const text = '[{"name":"1","ages":"2","none":null,"yes":true},"Zoë",[7,"1"]]';
		expect(parseFlatted(text)).toEqual({ name: 'Zoë', ages: [7, 'Zoë'], none: null, yes: true });
	});

	it('keeps texts that look like indexes', () => {
		expect(parseFlatted('[{"number":"1"},"204"]')).toEqual({ number: '204' });
	});

	it('keeps shared objects shared, and objects that hold themselves', () => {
		const value = parseFlatted('[{"first":"1","second":"1","self":"0"},{"id":5}]') as {
			first: object;
			second: object;
			self: object;
		};
		expect(value.first).toEqual({ id: 5 });
		expect(value.second).toBe(value.first);
		expect(value.self).toBe(value);
	});
});
