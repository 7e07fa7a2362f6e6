/** The profiles that come with the package: one JSON file and one line each. */
import lynes from './profiles/lynes.json';
import yeastar from './profiles/yeastar.json';

export const PROFILES: Readonly<Record<string, unknown>> = { lynes, yeastar };
