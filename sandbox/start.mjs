// Starts the sandbox from a fresh clone: plain JavaScript, because nothing may be installed yet.
import { ensureDependencies } from '../set-up.mjs';

ensureDependencies();
// tsx in this very process: there is no second one to forward signals to or to leave behind.
const { register } = await import('tsx/esm/api');
register();
const { main } = await import('./main.mts');
process.exitCode = await main(process.argv.slice(2));
