/** One part of the bench in a process of its own; started by `run.mjs`, which gets the rows as they come. */
import process from 'node:process';

const [file, options] = process.argv.slice(2);
const { measure } = await import(file);
const measuring = measure(JSON.parse(options));
if (Symbol.asyncIterator in measuring) for await (const rows of measuring) process.send(rows);
else process.send(await measuring);
process.disconnect();
