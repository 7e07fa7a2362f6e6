/** What the panel of PBX Target asks for while somebody sets it up. */
import type { IHttpRequestOptions, ILoadOptionsFunctions, INodeParameters } from 'n8n-workflow';
import { PbxTarget } from '../../nodes/PbxTarget/PbxTarget.node.ts';
import type { Sandbox } from '../../sandbox/sandbox.mts';
import { startSandbox } from '../../sandbox/sandbox.mts';
import { fetchPort } from '../http.mts';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox();
});
afterAll(async () => {
	await sandbox.stop();
});

const { listSearch, resourceMapping } = new PbxTarget().methods;

describe('the list of extensions to pick from', () => {
	it('shows number, name and mail address, and gives the id', async () => {
		const [some] = [...sandbox.control.yeastar.state.pbx.extensions.values()].filter(
			({ email_addr }) => email_addr !== '',
		);
		const { results } = await listSearch.findExtensions.call(panel({ system: 'yeastar' }));
		expect(results).toHaveLength(sandbox.control.yeastar.state.pbx.extensions.size);
		const shown = results.find(({ value }) => value === String(some?.id))?.name;
		for (const part of [some?.number, some?.first_name, some?.email_addr]) {
			expect(shown).toContain(part);
		}
		expect(sandbox.control.yeastar.state.sessions.open).toBe(0);
	});

	it('is narrowed down by what is typed', async () => {
		const context = panel({ system: 'scim' });
		const { results } = await listSearch.findExtensions.call(context, 'RECEPTION');
		expect(results.map(({ name }) => name)).toEqual(['reception']);
	});

	it('says what is missing when there is no credential', async () => {
		const context = panel({ system: 'scim' }, {});
		await expect(listSearch.findExtensions.call(context)).rejects.toThrow(
			'The node has no credential for SCIM 2.0.',
		);
	});
});

describe('the list of fields', () => {
	const fieldsOf = async (system: string, operation: string) =>
		(await resourceMapping.getFields.call(panel({ system, operation }))).fields;

	it('has the number, and wants it, only when an extension is made', async () => {
		const creating = await fieldsOf('yeastar', 'create');
		expect(creating.find(({ id }) => id === 'number')).toMatchObject({ required: true });
		const updating = await fieldsOf('yeastar', 'update');
		expect(updating.map(({ id }) => id)).toEqual(
			creating.map(({ id }) => id).filter((id) => id !== 'number' && id !== 'role'),
		);
		expect(updating.some(({ required }) => required)).toBe(false);
	});

	it('offers the values the phone system has for a field, and lets people type without them', async () => {
		const organizations = async (credentials?: object) => {
			const context = panel({ system: 'yeastar', operation: 'create' }, credentials);
			const { fields } = await resourceMapping.getFields.call(context);
			return fields.find(({ id }) => id === 'organization');
		};
		expect(await organizations()).toMatchObject({
			type: 'options',
			options: [
				{ name: 'Nordvik AB', value: 'Nordvik AB' },
				{ name: 'Nordvik Services', value: 'Nordvik Services' },
			],
		});
		expect(await organizations({})).toMatchObject({ type: 'string' });
		sandbox.control.yeastar.fault({
			path: 'organization/list',
			does: { kind: 'status', status: 403 },
		});
		expect(await organizations()).toMatchObject({ type: 'string' });
	});

	it('is that of the chosen phone system', async () => {
		const names = (await fieldsOf('scim', 'create')).map(({ id }) => id);
		expect(names).toContain('department');
		expect(names).not.toContain('number');
	});
});

/** As much of n8n's editor as these methods use, with fetch in place of its request helper. */
function panel(
	parameters: INodeParameters,
	credentials: object = { scimApi: {}, yeastarApi: {} },
): ILoadOptionsFunctions {
	const context = {
		getNode: () => ({ name: 'PBX Target', type: 'pbxTarget', credentials }),
		getCurrentNodeParameter: (name: string) => parameters[name],
		getCredentials: async (type: string) =>
			type === 'scimApi' ? sandbox.systems.scim : sandbox.systems.yeastar,
		logger: { info: () => {} },
		helpers: {
			httpRequestWithAuthentication: async (_type: string, request: IHttpRequestOptions) => {
				const authorization = `Bearer ${sandbox.systems.scim.token}`;
				const { status, headers, body } = await fetchPort({ authorization })({
					method: request.method === 'POST' ? 'POST' : 'GET',
					url: request.url,
					headers: request.headers as Record<string, string>,
					...(request.body ? { body: String(request.body) } : {}),
				});
				return { statusCode: status, headers, body };
			},
		},
	};
	// The rest of the interface is never touched.
	return context as unknown as ILoadOptionsFunctions;
}
