/** What may be written to a user, for any user and any wishes. */
import fc from 'fast-check';
import { WRITABLE } from '../../entra/writable.ts';
import type { CurrentUser, Wish } from '../../entra/write-judgement.ts';
import { flawIn, judge } from '../../entra/write-judgement.ts';

const NAMES = WRITABLE.map(({ name }) => name);
const value = fc.option(fc.constantFrom('', ' ', '505', '+46 8 505', 'Ada'), { nil: null });

/** A user as Graph gives one, with one business phone at most. */
const users = fc.dictionary(fc.constantFrom(...NAMES), value, { maxKeys: 12 }).map((values) => {
	const { businessPhones = null, ...others } = values;
	const plain = Object.entries(others).filter(([name]) => !name.startsWith('extension'));
	const extension = Object.entries(others).filter(([name]) => name.startsWith('extension'));
	return {
		id: 'a',
		onPremisesSyncEnabled: null,
		...Object.fromEntries(plain),
		businessPhones: businessPhones ? [businessPhones] : [],
		onPremisesExtensionAttributes: Object.fromEntries(extension),
	};
});

const wishes: fc.Arbitrary<Wish[]> = fc.uniqueArray(
	fc.record({ attribute: fc.constantFrom(...NAMES), to: value }),
	{ selector: ({ attribute }) => attribute, maxLength: 8 },
);

/** What Graph does with a PATCH. */
function patched(user: CurrentUser, body: object): CurrentUser {
	const { onPremisesExtensionAttributes, ...plain } = body as Partial<CurrentUser>;
	return {
		...user,
		...plain,
		onPremisesExtensionAttributes: {
			...user.onPremisesExtensionAttributes,
			...onPremisesExtensionAttributes,
		},
	};
}

describe('a write to a user', () => {
	it('leaves nothing to write the second time', () => {
		fc.assert(
			fc.property(users, wishes, (user, wanted) => {
				const verdict = judge(wanted, user);
				const after = verdict.kind === 'write' ? patched(user, verdict.body) : user;
				expect(judge(wanted, after)).toEqual({ kind: 'done' });
			}),
		);
	});

	it('touches no attribute that was not named', () => {
		fc.assert(
			fc.property(users, wishes, (user, wanted) => {
				const verdict = judge(wanted, user);
				if (verdict.kind !== 'write') return;
				const { onPremisesExtensionAttributes = {}, ...plain } = verdict.body as CurrentUser;
				const touched = [
					...Object.keys(plain),
					...Object.keys(onPremisesExtensionAttributes ?? {}),
				];
				expect([...touched].sort()).toEqual([...verdict.attributes].sort());
				const named = new Set(wanted.map(({ attribute }) => attribute));
				expect(touched.filter((name) => !named.has(name))).toEqual([]);
			}),
		);
	});

	it('never happens to somebody managed on-premises', () => {
		fc.assert(
			fc.property(users, wishes, (user, wanted) => {
				const verdict = judge(wanted, { ...user, onPremisesSyncEnabled: true });
				expect(verdict.kind).not.toBe('write');
			}),
		);
	});

	it('never goes over a value that is not as it was when it was planned', () => {
		fc.assert(
			fc.property(users, wishes, (user, wanted) => {
				const planned = wanted.map((wish) => ({ ...wish, from: 'of long ago' }));
				expect(judge(planned, user).kind).not.toBe('write');
			}),
		);
	});

	it('is never too long for Graph', () => {
		fc.assert(
			fc.property(fc.constantFrom(...WRITABLE), fc.nat(2_000), ({ name, longest }, length) => {
				const flaw = flawIn([{ attribute: name, to: 'x'.repeat(length) }]);
				const isRequired = name === 'displayName' && length === 0;
				expect(flaw === null).toBe(length <= longest && !isRequired);
			}),
		);
	});
});
