import { readApiConfig } from './api.config.js';
import { openLog } from './shell/log.system.js';
import { startApi } from './start-api.main.js';

const config = readApiConfig();
const log = openLog('api', config.logLevel);
if (config.ignoredSettings.length > 0)
  log.warn('settings of Anka Build Cloud without a meaning here', { names: config.ignoredSettings });
const { app } = await startApi(config, log);
app.enableShutdownHooks([], { useProcessExit: true });
