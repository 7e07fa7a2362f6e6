/**
 * The sandbox: an Entra tenant and two phone systems as HTTP servers on 127.0.0.1, in this process.
 * `sandbox/README.md` says what is faithful and what is invented.
 */
import { threeCxStandIn } from './3cx/3cx.mts';
import type { ThreeCxState } from './3cx/3cx.mts';
import type { ThreeCxSettings } from './3cx/pbx.mts';
import { csvStandIn } from './csv/csv.mts';
import type { CsvPbx, CsvSettings } from './csv/csv.mts';
import { entraStandIn } from './entra/entra.mts';
import type { EntraSettings, Tenant } from './entra/tenant.mts';
import { freePbxStandIn } from './freepbx/freepbx.mts';
import type { FreePbx, FreePbxSettings } from './freepbx/pbx.mts';
import { messageMediaStandIn } from './messagemedia/messagemedia.mts';
import type { Account, MessageMediaSettings } from './messagemedia/account.mts';
import { LYNES_TOKEN, lynesStandIn } from './rest/lynes.mts';
import type { LynesSettings } from './rest/lynes.mts';
import restProfile from './rest/profile.json' with { type: 'json' };
import { REST_CREDENTIAL, restStandIn } from './rest/rest.mts';
import type { RestSettings, RestState } from './rest/rest.mts';
import type { RestStore } from './rest/store.mts';
import { SCIM_TOKEN, scimStandIn } from './scim/scim.mts';
import type { ScimSettings } from './scim/scim.mts';
import type { ScimStore } from './scim/store.mts';
import { openServer } from './server.mts';
import type { Control, RunningServer } from './server.mts';
import { telavoxStandIn } from './telavox/telavox.mts';
import type { Organization, TelavoxSettings } from './telavox/organization.mts';
import { vodiaStandIn } from './vodia/vodia.mts';
import type { VodiaState } from './vodia/vodia.mts';
import type { VodiaSettings } from './vodia/tenant.mts';
import { yeastarStandIn } from './yeastar/yeastar.mts';
import type { YeastarState } from './yeastar/yeastar.mts';
import type { YeastarSettings } from './yeastar/pbx.mts';

export interface SandboxOptions {
	/** Absent or 0: a free port is found. */
	readonly ports?: {
		readonly entra?: number;
		readonly yeastar?: number;
		readonly scim?: number;
		readonly lynes?: number;
		readonly customRest?: number;
		readonly vodia?: number;
		readonly '3cx'?: number;
		readonly messagemedia?: number;
		readonly telavox?: number;
		readonly freepbx?: number;
	};
	/** Milliseconds since 1970; tests turn it to let tokens expire. */
	readonly clock?: () => number;
}

/** What a client needs to connect: this is what `npm run sandbox -- --json` prints. */
export interface Connections {
	readonly entra: {
		/** Stands for https://login.microsoftonline.com: `{authority}/{tenantId}/oauth2/v2.0/token`. */
		readonly authority: string;
		/** Stands for https://graph.microsoft.com: `{graph}/v1.0/users`. */
		readonly graph: string;
		readonly tenantId: string;
		readonly clientId: string;
		readonly clientSecret: string;
	};
	readonly systems: {
		readonly yeastar: {
			readonly baseUrl: string;
			readonly clientId: string;
			readonly clientSecret: string;
		};
		readonly scim: { readonly baseUrl: string; readonly token: string };
		readonly lynes: { readonly baseUrl: string; readonly token: string };
		readonly customRest: {
			readonly baseUrl: string;
			readonly account: string;
			readonly secret: string;
			/** JSON text, as it is pasted into the credential. */
			readonly profile: string;
		};
		readonly '3cx': {
			readonly baseUrl: string;
			readonly clientId: string;
			readonly clientSecret: string;
		};
		readonly vodia: {
			readonly baseUrl: string;
			readonly domain: string;
			readonly username: string;
			readonly password: string;
		};
		/** No interface, two addresses for files: GET an export, POST an import. */
		readonly csv: { readonly exportUrl: string; readonly importUrl: string };
		readonly messagemedia: {
			/** 'custom': its address is in `baseUrl`. */
			readonly region: 'custom';
			readonly baseUrl: string;
			readonly apiKey: string;
			readonly apiSecret: string;
		};
		/** Allowed to create, which takes licences nobody pays for here. */
		readonly telavox: {
			readonly baseUrl: string;
			readonly token: string;
			readonly allowCreate: true;
		};
		/** Allowed to update, which makes extensions anew. */
		readonly freepbx: {
			readonly baseUrl: string;
			readonly clientId: string;
			readonly clientSecret: string;
			readonly allowUpdate: true;
		};
	};
}

export interface Sandbox extends Connections {
	readonly control: {
		readonly entra: Control<EntraSettings, Tenant>;
		readonly yeastar: Control<YeastarSettings, YeastarState>;
		readonly scim: Control<ScimSettings, ScimStore>;
		readonly lynes: Control<LynesSettings, RestStore>;
		readonly customRest: Control<RestSettings, RestState>;
		readonly vodia: Control<VodiaSettings, VodiaState>;
		readonly '3cx': Control<ThreeCxSettings, ThreeCxState>;
		readonly csv: Control<CsvSettings, CsvPbx>;
		readonly messagemedia: Control<MessageMediaSettings, Account>;
		readonly telavox: Control<TelavoxSettings, Organization>;
		readonly freepbx: Control<FreePbxSettings, FreePbx>;
	};
	stop(): Promise<void>;
}

/** Rejects, with nothing left running, when one of the ports is taken. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const { ports = {}, clock = Date.now } = options;
	const running: Pick<RunningServer<object, unknown>, 'stop'>[] = [];
	const stop = async () => {
		await Promise.all(running.map((server) => server.stop()));
	};
	const keep = <Settings, State>(server: RunningServer<Settings, State>) => {
		running.push(server);
		return server;
	};
	try {
		const entra = keep(await openServer(entraStandIn(clock), ports.entra ?? 0));
		const tenant = entra.control.state;
		const yeastar = keep(await openServer(yeastarStandIn(clock, tenant), ports.yeastar ?? 0));
		const scim = keep(await openServer(scimStandIn(clock, tenant), ports.scim ?? 0));
		const threeCx = keep(await openServer(threeCxStandIn(clock, tenant), ports['3cx'] ?? 0));
		const vodia = keep(await openServer(vodiaStandIn(clock, tenant), ports.vodia ?? 0));
		const csv = keep(await openServer(csvStandIn(tenant), 0));
		const messagemedia = keep(
			await openServer(messageMediaStandIn(clock, tenant), ports.messagemedia ?? 0),
		);
		const telavox = keep(await openServer(telavoxStandIn(tenant), ports.telavox ?? 0));
		const freepbx = keep(await openServer(freePbxStandIn(clock, tenant), ports.freepbx ?? 0));
		const lynes = keep(await openServer(lynesStandIn(tenant), ports.lynes ?? 0));
		const customRest = keep(await openServer(restStandIn(clock, tenant), ports.customRest ?? 0));
		const { tenantId, clientId, clientSecret } = tenant;
		const { pbx } = yeastar.control.state;
		return {
			entra: { authority: entra.url, graph: entra.url, tenantId, clientId, clientSecret },
			systems: {
				yeastar: {
					baseUrl: yeastar.url,
					clientId: pbx.clientId,
					clientSecret: pbx.clientSecret,
				},
				scim: { baseUrl: `${scim.url}/scim/v2`, token: SCIM_TOKEN },
				lynes: { baseUrl: `${lynes.url}/api/v1`, token: LYNES_TOKEN },
				customRest: {
					baseUrl: `${customRest.url}/v2`,
					...REST_CREDENTIAL,
					profile: JSON.stringify(restProfile, null, '\t'),
				},
				'3cx': {
					baseUrl: threeCx.url,
					clientId: threeCx.control.state.pbx.clientId,
					clientSecret: threeCx.control.state.pbx.clientSecret,
				},
				vodia: {
					baseUrl: vodia.url,
					domain: vodia.control.state.tenant.domain,
					username: vodia.control.state.access.username,
					password: vodia.control.state.access.password,
				},
				csv: { exportUrl: `${csv.url}/export.csv`, importUrl: `${csv.url}/import` },
				messagemedia: {
					region: 'custom',
					baseUrl: messagemedia.url,
					apiKey: messagemedia.control.state.apiKey,
					apiSecret: messagemedia.control.state.apiSecret,
				},
				telavox: {
					baseUrl: `${telavox.url}/api/capi`,
					token: telavox.control.state.token,
					allowCreate: true,
				},
				freepbx: {
					baseUrl: freepbx.url,
					clientId: freepbx.control.state.clientId,
					clientSecret: freepbx.control.state.clientSecret,
					allowUpdate: true,
				},
			},
			control: {
				entra: entra.control,
				lynes: lynes.control,
				customRest: customRest.control,
				yeastar: yeastar.control,
				scim: scim.control,
				vodia: vodia.control,
				'3cx': threeCx.control,
				csv: csv.control,
				messagemedia: messagemedia.control,
				telavox: telavox.control,
				freepbx: freepbx.control,
			},
			stop,
		};
	} catch (cause) {
		await stop();
		throw cause;
	}
}
