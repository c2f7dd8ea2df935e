import {
  SETTINGS,
  type AppName,
  type Environment,
  type ListenAddress,
  type Setting,
} from '../../libs/events/src/settings/index.js';
import type { DriverName, LaunchSettings } from './settings.js';

/** What every process may know of its surroundings: how to find commands, speak, and get out through a proxy. */
const SURROUNDINGS = [
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'NODE_ENV', 'NODE_OPTIONS'],
  ...['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy'],
  'no_proxy',
];

/** What the launcher found out or started, for the apps to use. */
export interface Surroundings {
  /** Secret. */
  readonly natsUrl: string;
  /** The same server for the node agent. Secret. */
  readonly agentNatsUrl: string;
  /** Secret. */
  readonly databaseUrl: string;
  readonly blobDir: string;
  /** Secret. */
  readonly nodeToken: string;
  readonly nodeDir: string;
  readonly driver: DriverName;
  /** Where the registry's own routes are served. Undefined: nowhere. */
  readonly registryListen: ListenAddress | undefined;
}

/** The launcher read this file; in it are settings of every app. */
const READ_ALREADY = 'ANKA_CONFIG';

function namesFor(app: AppName): readonly string[] {
  return SETTINGS.filter((setting: Setting) => setting.apps.includes(app) && setting.name !== READ_ALREADY).flatMap(
    (setting: Setting) => [setting.name, ...(setting.aliases ?? [])],
  );
}

function picked(env: Environment, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}

function addressText({ host, port }: ListenAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function given(app: AppName, settings: LaunchSettings, around: Surroundings): Record<string, string> {
  const shared = { MUSTER_HOME: settings.home, MUSTER_NATS_URL: around.natsUrl };
  switch (app) {
    case 'api':
      return {
        ...shared,
        MUSTER_LISTEN: addressText(settings.listen),
        ...(around.registryListen && { MUSTER_REGISTRY_LISTEN: addressText(around.registryListen) }),
        MUSTER_DATABASE_URL: around.databaseUrl,
        MUSTER_BLOB_DIR: around.blobDir,
        MUSTER_NODE_TOKEN: around.nodeToken,
      };
    case 'node-agent':
      return {
        ...shared,
        MUSTER_NATS_URL: around.agentNatsUrl,
        MUSTER_API_URL: settings.apiUrl,
        MUSTER_NODE_DIR: around.nodeDir,
        MUSTER_NODE_TOKEN: around.nodeToken,
        MUSTER_DRIVER: around.driver,
      };
    case 'scheduler':
    case 'start':
      return shared;
  }
}

/**
 * The environment of one app: its surroundings, the settings that the catalogue gives to it, and what the launcher itself
 * decides. Settings of other apps, the password of the database above all, stay out.
 */
export function environmentOf(
  app: AppName,
  env: Environment,
  settings: LaunchSettings,
  around: Surroundings,
): Record<string, string> {
  const inherited = picked(env, [...SURROUNDINGS, ...namesFor(app)]);
  return { ...inherited, ...given(app, settings, around) };
}
