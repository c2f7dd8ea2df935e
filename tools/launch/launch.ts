import { totalmem } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../../libs/events/src/settings/index.js';
import type { PushedTemplate } from '../template/push.js';
import { runToEnd, startApp } from './app-process.js';
import { nodeTokenIn } from './node-token.js';
import { waitUntilNodeActive, waitUntilReady } from './controller-api.js';
import { curlLine, provideDemoTemplate } from './demo-template.js';
import { environmentOf, type Surroundings } from './environment.js';
import type { Fleet } from './fleet.js';
import { heapArguments } from './heap.js';
import type { Home } from './home.js';
import { chooseDriver } from './host-packages.js';
import { assertPortsFree, chooseRegistryListen, logFileOf, provideDatabase, provideNats } from './infrastructure.js';
import { rotateLog } from './logs.js';
import { APPS, endOrphans, recordFileOf, type AppProcessName } from './orphans.js';
import type { Progress } from './progress.js';
import { type LaunchSettings, localUrl } from './settings.js';

/** How long the tables may take to be brought up to date. */
const MIGRATE_LIMIT_MS = 600_000;

/** Everything that the steps of a start need. */
export interface Launch {
  /** Folder of the clone, with the compiled programs in `dist`. */
  readonly root: string;
  readonly env: Environment;
  readonly settings: LaunchSettings;
  readonly home: Home;
  readonly fleet: Fleet;
  readonly progress: Progress;
  /** Aborted when a stop is asked for while the start is still under way. */
  readonly signal: AbortSignal;
}

function program(root: string, ...path: string[]): string {
  return join(root, 'dist', 'apps', ...path);
}

async function migrate({ root, env, settings, home, progress }: Launch, around: Surroundings): Promise<void> {
  const logFile = logFileOf(home, 'migrate');
  rotateLog(logFile);
  const script = program(root, 'api', 'src', 'projections', 'migrate.main.js');
  const order = { script, env: environmentOf('api', env, settings, around), logFile };
  await progress.step('Tables are up to date', () => runToEnd(order, MIGRATE_LIMIT_MS));
}

async function addApp(launch: Launch, name: AppProcessName, around: Surroundings): Promise<void> {
  const { root, env, settings, home, fleet } = launch;
  const logFile = logFileOf(home, name);
  rotateLog(logFile);
  const order = {
    script: program(root, name, 'src', 'main.js'),
    nodeArguments: heapArguments(name, totalmem()),
    env: environmentOf(name, env, settings, around),
    logFile,
    recordFile: recordFileOf(home, name),
    graceMs: settings.graceMs,
  };
  await fleet.add(name, logFile, () => startApp(order));
}

async function startApps(launch: Launch, around: Surroundings): Promise<void> {
  const { settings, progress, signal } = launch;
  await progress.step('Started api, scheduler and node agent', async () => {
    for (const name of APPS) await addApp(launch, name, around);
  });
  await progress.step(
    'The API is ready',
    () => waitUntilReady(settings.apiUrl, signal),
    () => `The API is ready at ${settings.apiUrl}`,
  );
  await progress.step(
    'A node is active',
    () => waitUntilNodeActive(settings.apiUrl, signal),
    (node) => `Node ${node} is active (${around.driver} driver)`,
  );
}

/** The demo template; without it everything else still works, so that its failure is told and not thrown. */
async function demo(
  { settings, home, progress, signal }: Launch,
  { driver }: Surroundings,
): Promise<PushedTemplate | undefined> {
  if (!settings.demoTemplate) return undefined;
  const order = { apiUrl: settings.apiUrl, driver, dir: home.demoDir };
  const build = (): Promise<PushedTemplate> => provideDemoTemplate(order, (line) => progress.say(`    ${line}`));
  try {
    return await progress.step('Demo template', build, ({ id }) => `Demo template ${id}`);
  } catch (cause) {
    signal.throwIfAborted();
    progress.say(`  ! There is no demo template: ${(cause as Error).message}`);
    progress.say('  ! Everything else works. MUSTER_DEMO_TEMPLATE=false leaves this step out.');
    return undefined;
  }
}

function announce(
  { settings, home, progress }: Launch,
  { registryListen }: Surroundings,
  template: PushedTemplate | undefined,
): void {
  progress.say('');
  progress.say(`  API          ${settings.apiUrl}`);
  if (registryListen !== undefined) progress.say(`  Registry     ${localUrl(registryListen)}`);
  progress.say(`  Logs         ${home.logDir}`);
  if (template !== undefined) {
    progress.say(`  Template     ${template.id}`);
    progress.say('  Start a VM:');
    progress.say(`    ${curlLine(settings.apiUrl, template.id)}`);
  }
  progress.say(
    '  Ctrl-C, or `npm run stop` elsewhere, stops Muster; VMs keep running. `npm run stop -- --all` ends them too.',
  );
  progress.say('');
  progress.say(`Muster is ready: ${settings.apiUrl}`);
}

/** Brings everything up, step by step, and says so. Throws at the first step that fails; what runs then is the caller's to stop. */
export async function bringUp(launch: Launch): Promise<void> {
  const { settings, home, fleet, progress, signal } = launch;
  await endOrphans(home, settings.graceMs, progress.say);
  await assertPortsFree(settings);
  const registryListen = await chooseRegistryListen(settings, progress);
  const driver = await chooseDriver(settings, progress);
  signal.throwIfAborted();
  const natsUrls = await provideNats(settings, home, fleet, progress);
  signal.throwIfAborted();
  const databaseUrl = await provideDatabase(settings, home, fleet, progress);
  signal.throwIfAborted();
  const nodeToken = process.env['MUSTER_NODE_TOKEN'] || nodeTokenIn(home.dir);
  const around = {
    ...natsUrls,
    databaseUrl,
    blobDir: home.blobDir,
    nodeDir: home.nodeDir,
    driver,
    registryListen,
    nodeToken,
  };
  await migrate(launch, around);
  signal.throwIfAborted();
  await startApps(launch, around);
  const template = await demo(launch, around);
  signal.throwIfAborted();
  announce(launch, around, template);
}
