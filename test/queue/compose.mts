/** What `docker-compose.yml` says, so that the tests start n8n as it would. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const service = z.object({
	image: z.string().optional(),
	build: z.object({ dockerfile_inline: z.string() }).optional(),
	command: z.string().optional(),
	environment: z.record(z.string()).default({}),
	deploy: z.object({ replicas: z.number() }).optional(),
	depends_on: z.record(z.object({ condition: z.string() })).default({}),
	healthcheck: z.object({ test: z.array(z.string()) }).optional(),
	volumes: z.array(z.string()).default([]),
	ports: z.array(z.string()).default([]),
});
const file = z.object({
	services: z.object({ n8n: service, worker: service, postgres: service, redis: service }).strict(),
	volumes: z.record(z.unknown()),
});

export type Compose = z.infer<typeof file>;

export function readCompose(root: string): Compose {
	const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
	return file.parse(parse(text, { merge: true }));
}

/**
 * The text with `${NAME}`, `${NAME:-default}` and `${NAME:?what to do}` filled in, as Compose does.
 * Throws what to do when a value is needed and not given.
 */
export function filledIn(text: string, values: Readonly<Record<string, string>>): string {
	return text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, kind, rest: string) => {
		const value = values[name] ?? '';
		if (value !== '') return value;
		if (kind === '?') throw new Error(rest);
		return rest ?? '';
	});
}

/** The version of n8n that the image is made of, and the line that installs the package into it. */
export function imageOf({ services }: Compose): { n8n: string; install: string } {
	const lines = services.n8n.build?.dockerfile_inline ?? '';
	const n8n = /^FROM \S+\/n8n:(\S+)$/m.exec(lines)?.[1];
	const install = /^RUN (npm install .+)$/m.exec(lines)?.[1];
	if (n8n === undefined || install === undefined) {
		throw new Error('docker-compose.yml makes no image of n8n with the package installed.');
	}
	return { n8n, install };
}
