/** `docker-compose.yml` is what `npm run test:queue` starts n8n with, and fits this package and this n8n. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { filledIn, imageOf, readCompose } from '../queue/compose.mts';

const ROOT = process.cwd();
const compose = readCompose(ROOT);
const { n8n, worker, postgres, redis } = compose.services;
const text = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
const json = (file: string) => JSON.parse(text(file)) as Record<string, unknown>;

it('makes one image for main and workers: the n8n the tests run, with this version of the package', () => {
	const { name, version } = json('package.json');
	const tested = (json('demo/n8n/package.json')['dependencies'] as { n8n: string }).n8n;
	const image = imageOf(compose);
	expect(image.n8n).toBe(tested);
	expect(image.install).toMatch(/--ignore-scripts/);
	expect(image.install.split(' ').at(-1)).toBe(`${String(name)}@${String(version)}`);
	expect(worker.build).toEqual(n8n.build);
	expect(worker.image).toBe(n8n.image);
});

it('gives main and workers the same settings, the key above all', () => {
	expect(worker.environment).toEqual(n8n.environment);
	expect(n8n.environment).toMatchObject({ EXECUTIONS_MODE: 'queue', DB_TYPE: 'postgresdb' });
	expect(worker.command).toMatch(/^worker --concurrency=\d+$/);
	expect(worker.deploy?.replicas).toBe(2);
});

it('leads n8n to the servers beside it, which keep what they have in a volume', () => {
	expect(n8n.environment).toMatchObject({
		DB_POSTGRESDB_HOST: 'postgres',
		DB_POSTGRESDB_USER: postgres.environment['POSTGRES_USER'],
		DB_POSTGRESDB_DATABASE: postgres.environment['POSTGRES_DB'],
		DB_POSTGRESDB_PASSWORD: postgres.environment['POSTGRES_PASSWORD'],
		QUEUE_BULL_REDIS_HOST: 'redis',
	});
	const volumes = [...postgres.volumes, ...redis.volumes].map((each) => each.split(':')[0]);
	expect(volumes).toEqual(Object.keys(compose.volumes));
});

it('starts workers when the main process has made the tables, and that when the servers answer', () => {
	expect(n8n.depends_on).toEqual({
		postgres: { condition: 'service_healthy' },
		redis: { condition: 'service_healthy' },
	});
	expect(worker.depends_on).toEqual({ n8n: { condition: 'service_healthy' } });
	for (const each of [n8n, worker, postgres, redis]) expect(each.healthcheck).toBeDefined();
});

it('does not start without a key and a password of your own, and says where they belong', () => {
	const texts = Object.values({ ...n8n.environment, ...postgres.environment });
	for (const name of ['N8N_ENCRYPTION_KEY', 'POSTGRES_PASSWORD']) {
		const asked = texts.filter((each) => each.includes(`\${${name}:?`));
		expect(asked.length).toBeGreaterThan(0);
		for (const each of asked) expect(() => filledIn(each, {})).toThrow(/\.env/);
	}
	expect(filledIn('${TIMEZONE:-UTC} ${A}', { A: 'b' })).toBe('UTC b');
});

it('listens on this machine only: who wants more puts a proxy with a certificate before it', () => {
	expect(n8n.ports).toEqual(['127.0.0.1:5678:5678']);
	for (const each of [worker, postgres, redis]) expect(each.ports).toEqual([]);
});

it('has the servers that GitHub runs the tests with, and that the page about it names', () => {
	const workflow = text('.github/workflows/ci.yml');
	for (const { image = '' } of [postgres, redis]) {
		expect(workflow).toContain(`image: ${image}`);
		const [name, tag] = image.split(':');
		const said = { postgres: 'PostgreSQL', redis: 'Redis' }[name ?? ''];
		expect(text('docs/queue-mode.md')).toContain(`${String(said)} ${parseInt(tag ?? '', 10)}`);
	}
});
