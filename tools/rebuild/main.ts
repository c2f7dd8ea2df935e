import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ownServices } from '../launch/own-services.js';

/** A rebuild makes much short-lived garbage; a larger nursery saves about a tenth of its time. */
const NURSERY = '--max-semi-space-size=64';

/** `npm run rebuild`: the API's own rebuild, told where the services of this installation are. Secrets go by the environment. */
const dist = join(import.meta.dirname, '../..');
const env = { ...process.env, ...ownServices(process.env, join(dist, '..')) };
const child = spawn(process.execPath, [NURSERY, join(dist, 'apps/api/src/projections/rebuild.main.js')], {
  env,
  stdio: 'inherit',
});
// A terminal sends Ctrl-C to both; the child decides how to end, and this process ends as the child did.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));
