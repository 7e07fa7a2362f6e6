/** Everything a phone system has to do, by what it says in the tests. */
import { changing } from './behaviours/changing.mts';
import { creating } from './behaviours/creating.mts';
import { leaving } from './behaviours/leaving.mts';
import { reading } from './behaviours/reading.mts';
import { trouble } from './behaviours/trouble.mts';

export type Behaviour = keyof typeof behaviours;

export const behaviours = { ...reading, ...creating, ...changing, ...leaving, ...trouble };
