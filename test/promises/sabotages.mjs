/**
 * How each promise of the README is broken once, by one change of the source that a tired person
 * could make, and the test that has to notice. `promise`: as it stands in the README. `text`: exactly as in the
 * file, where it stands once. `name`: as in the name of the test; in `test`, which is of the kind its
 * folder says.
 */
const WHOLE = 'A list that is not provably whole never disables or deletes anyone';
const AGAIN = 'Running again changes nothing: a second run makes no write';
const NUMBER =
	'A number is never given twice, nor from outside its pool, nor while reserved or cooling; who returns gets the old one back';
const RENAMED = 'A renamed mail address never creates a second account where the pairing is known';
const BOTH = 'A change on one side reaches the other; of two, none is silently lost';
const APPROVED = 'What was previewed and approved is what is written, or it is refused';
const KILLED =
	'Killed (kill -9), cut off, cancelled or overlapped at any moment, the next run finishes the job without duplicates';
const MAPPED = 'Only mapped fields are written, and the object id into an empty slot for it';
const LIMIT = 'Over a limit nothing of that kind is done; the override names a number and ends';
const SECRET =
	'No secret, token or generated password reaches an item, a log line, a message or a file of n8n';
const UNDO = 'Undo gives back every field a run wrote, and tramples nothing';
const HOSTILE =
	'A server that means harm is refused in clear words, and gets no sign-in for another host';

export const SABOTAGES = [
	{
		promise: WHOLE,
		file: 'sync/guard.ts',
		text: 'if (!extensions.whole) doubts.push(extensions.because);',
		instead: '',
		test: 'test/properties/plan.test.mts',
		name: 'a list that is not whole never makes anybody',
	},
	{
		promise: WHOLE,
		file: 'sync/cleanup.ts',
		text: "return users?.scope === 'whole' && extensions.scope === 'whole';",
		instead: "return users?.scope === 'whole';",
		test: 'test/properties/cleanup.test.mts',
		name: 'nobody is taken for gone because of lists that were not whole',
	},
	{
		promise: AGAIN,
		file: 'sync/merge.ts',
		text: 'if (sameValue(from, to, field)) continue;',
		instead: 'if (from === to) continue;',
		test: 'test/properties/plan.test.mts',
		name: 'in a few runs, nothing is left to write',
	},
	{
		promise: NUMBER,
		file: 'sync/allocate.ts',
		text: 'this.taken.add(number);\n\t\tfrom.given++;',
		instead: 'from.given++;',
		test: 'test/properties/numbers.test.mts',
		name: 'is never in use, reserved, dialled for help, too long, given twice or outside the pools',
	},
	{
		promise: NUMBER,
		file: 'sync/numbers.ts',
		text: 'subtract(once, [...blocked, ...emergency])',
		instead: 'subtract(once, emergency)',
		test: 'test/properties/numbers.test.mts',
		name: 'is never in use, reserved, dialled for help, too long, given twice or outside the pools',
	},
	{
		promise: NUMBER,
		file: 'sync/allocate.ts',
		text: 'for (const number of this.cooling.owners.keys()) this.taken.add(number);',
		instead: '',
		test: 'test/unit/plan/scarcity.test.mts',
		name: 'is passed over while it cools',
	},
	{
		promise: NUMBER,
		file: 'sync/allocate.ts',
		text: "return this.give(own, before, 'sticky');",
		instead: '',
		test: 'test/unit/plan/match.test.mts',
		name: 'gives the user a new one, with the old number',
	},
	{
		promise: RENAMED,
		file: 'sync/match.ts',
		text: "this.pairNamed(by, this.linkedBy('active'));",
		instead: '',
		test: 'test/properties/plan.test.mts',
		name: 'after everybody was renamed makes no new extension',
	},
	{
		promise: BOTH,
		file: 'sync/two-way.ts',
		text: ': !phoneChanged',
		instead: ': phoneChanged',
		test: 'test/properties/two-way.test.mts',
		name: 'keeps every edit that was made on one side only',
	},
	{
		promise: BOTH,
		file: 'sync/two-way.ts',
		text: "directory: 'toPhoneSystem',\n\tphoneSystem: 'toDirectory',",
		instead: "directory: 'toDirectory',\n\tphoneSystem: 'toPhoneSystem',",
		test: 'test/properties/two-way.test.mts',
		name: 'loses a value only as its row says',
	},
	{
		promise: APPROVED,
		file: 'nodes/PbxTarget/brake.ts',
		text: 'if (approvedPlan !== null && approvedPlan !== digest) {',
		instead: "if (approvedPlan === '') {",
		test: 'test/nodes/pbx-target.test.mts',
		name: 'is refused when a change was taken out, added or altered on the way',
	},
	{
		promise: APPROVED,
		file: 'pbx/judgement.ts',
		text: 'if (!isAsPlanned) return hold(stale);',
		instead: '',
		test: 'test/nodes/pbx-target.test.mts',
		name: 'holds a change that is no longer as planned',
	},
	{
		promise: KILLED,
		file: 'pbx/creation.ts',
		text: 'return (await foundAfter(thrown, find)) ?? (await Promise.reject(thrown));',
		instead: 'return await Promise.reject(thrown);',
		test: 'test/contract/yeastar.test.mts',
		name: 'makes one account when the connection is cut before the answer',
	},
	{
		promise: KILLED,
		file: 'pbx/creation.ts',
		text: 'return (await foundAfter(thrown, find)) ?? (await Promise.reject(thrown));',
		instead: 'return isPerhapsMade(thrown) ? await send() : await Promise.reject(thrown);',
		test: 'test/faults/simulation.test.mts',
		name: 'comes to the right end from',
	},
	{
		promise: KILLED,
		file: 'pbx/apply.ts',
		text: 'const judged = present ? withoutPresent(tasks, wanted, present) : wanted;',
		instead: 'const judged = wanted;',
		test: 'test/faults/simulation.test.mts',
		name: 'comes to the right end from',
	},
	{
		promise: MAPPED,
		file: 'sync/merge.ts',
		text: "if (wish === undefined || name === 'number') continue;",
		instead: "if (name === 'number') continue;",
		test: 'test/properties/plan.test.mts',
		name: 'only mapped fields the phone system has are written',
	},
	{
		promise: LIMIT,
		file: 'sync/limits.ts',
		text: 'const together = planned + earlier;',
		instead: 'const together = planned;',
		test: 'test/properties/cleanup.test.mts',
		name: 'never more than the limit allows in its window',
	},
	{
		promise: LIMIT,
		file: 'sync/limits.ts',
		text: 'return together > override.count ?',
		instead: 'return together > override.count + 1 ?',
		test: 'test/unit/cleanup/limits.test.mts',
		name: 'covers the number it names and not one more',
	},
	{
		promise: LIMIT,
		file: 'nodes/PbxTarget/brake.ts',
		text: 'heldTogether(planned, {',
		instead: 'heldTogether(planned.slice(1), {',
		test: 'test/nodes/pbx-target.test.mts',
		name: 'hold every change of a kind that is too many',
	},
	{
		promise: LIMIT,
		file: 'sync/held-together.ts',
		text: 'for (const position of positions) held[position] ??= because;',
		instead: 'for (const position of positions.slice(limit.maxCount)) held[position] ??= because;',
		test: 'test/properties/group-limits.test.mts',
		name: 'of a group all is made, or nothing',
	},
	{
		promise: SECRET,
		file: 'http/quote.ts',
		text: "(isEncoded(word) || isOpaque(word) ? '***' : word)",
		instead: 'word',
		test: 'test/unit/http/quote.test.mts',
		name: 'hide what may be a secret',
	},
	{
		promise: SECRET,
		file: 'nodes/host/said-back.ts',
		text: '...inBase64(secret),',
		instead: '',
		test: 'test/unit/http/said-back.test.mts',
		name: 'nor in base64 after',
	},
	{
		promise: SECRET,
		file: 'entra/sign-in.ts',
		text: '/^[a-z_]{1,40}$/.test(refusal.error)',
		instead: "refusal.error !== ''",
		test: 'test/nodes/hygiene-entra.test.mts',
		name: 'reading users keeps every secret when the server is or sends: refuses as OAuth does',
	},
	{
		promise: UNDO,
		file: 'sync/undo.ts',
		text: 'if (!same(now, to, name, input)) return KEPT.changedSince(name);',
		instead: '',
		test: 'test/properties/undo.test.mts',
		name: 'never touches a value that somebody put in afterwards',
	},
	{
		promise: UNDO,
		file: 'sync/undo.ts',
		text: 'all[name] = { from: first ? first.from : from, to };',
		instead: 'all[name] = { from, to };',
		test: 'test/properties/undo.test.mts',
		name: 'restores every field and every switch the run wrote',
	},
	{
		promise: HOSTILE,
		file: 'nodes/host/http.ts',
		text: 'disableFollowRedirect: true,',
		instead: 'disableFollowRedirect: false,',
		test: 'test/nodes/hostile.test.mts',
		name: 'is refused when it is read',
	},
];
