import { completeEnvironment, wordsOnIgnored } from '#events';
import { readApiConfig } from './api.config.js';
import { openLog } from './shell/log.system.js';
import { startApi } from './start-api.main.js';

// What reads its settings later finds what flags and the file add, too.
process.env = { ...completeEnvironment(process.env, process.argv.slice(2)) };
const config = readApiConfig();
const log = openLog('api', config.logLevel);
if (config.ignoredSettings.length > 0) {
  const names = Object.fromEntries(config.ignoredSettings.map((name) => [name, wordsOnIgnored(name)]));
  log.warn('settings of Anka Build Cloud without a meaning here', { names });
}
const { app } = await startApi(config, log);
app.enableShutdownHooks([], { useProcessExit: true });
