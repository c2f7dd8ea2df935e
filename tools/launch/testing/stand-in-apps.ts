import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Every stand-in writes what happens to it as lines of this file in MUSTER_HOME. */
export const TRACE = 'trace';

const PROLOGUE = `
import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
const trace = (line) => appendFileSync(join(process.env.MUSTER_HOME, '${TRACE}'), line + '\\n');
const live = (name, close = (done) => done()) => {
  trace(name + ' up ' + process.pid);
  process.on('SIGTERM', () => close(() => { trace(name + ' drained'); process.exit(0); }));
  setInterval(() => {}, 1000);
};
`;

const MIGRATE = `
import pg from '${import.meta.resolve('pg')}';
const client = new pg.Client({ connectionString: process.env.MUSTER_DATABASE_URL });
await client.connect();
await client.query('CREATE TABLE IF NOT EXISTS starts (at timestamptz DEFAULT now())');
await client.query('INSERT INTO starts DEFAULT VALUES');
const { rows } = await client.query('SELECT count(*)::int AS n FROM starts');
await client.end();
trace('migrated ' + rows[0].n);
`;

/** Serves just what the launcher asks of the API; a VM is Terminated the second time somebody looks after its DELETE. */
const API = `
import { createServer } from 'node:http';
const [host, port] = process.env.MUSTER_LISTEN.split(':');
const vms = [{ instance_id: 'vm-1', vm: { instance_state: 'Started' } }, { instance_id: 'vm-0', vm: { instance_state: 'Terminated' } }];
const json = (res, body) => res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ status: 'OK', message: '', body }));
const server = createServer(async (req, res) => {
  const agentIsUp = existsSync(join(process.env.MUSTER_HOME, 'agent-up'));
  if (req.url === '/readyz') return res.writeHead(200).end();
  if (req.url === '/api/v1/node') return json(res, [{ node_id: 'n-1', node_name: 'stand-in', state: agentIsUp ? 'Active' : 'Offline' }]);
  if (req.url === '/api/v1/vm' && req.method === 'DELETE') {
    let text = '';
    for await (const chunk of req) text += chunk;
    trace('DELETE ' + text);
    vms.find((one) => one.instance_id === JSON.parse(text).id).vm.instance_state = 'Terminating';
    return json(res);
  }
  if (req.url === '/api/v1/vm') {
    json(res, vms);
    for (const { vm } of vms) if (vm.instance_state === 'Terminating') vm.instance_state = 'Terminated';
    return;
  }
  res.writeHead(404).end();
});
server.listen(Number(port), host, () => live('api', (done) => { server.closeAllConnections(); server.close(done); }));
`;

const SCHEDULER = `live('scheduler');`;

const AGENT = `
import { writeFileSync } from 'node:fs';
writeFileSync(join(process.env.MUSTER_HOME, 'agent-up'), process.env.MUSTER_DRIVER);
live('node-agent');
`;

/**
 * Writes a clone's `dist/apps` below `root` with small programs in the place of Muster's, which behave towards the launcher
 * as those do. They let the launcher be tested with real processes, a real NATS and a real Postgres, but without the product.
 */
export function writeStandInApps(root: string): void {
  const programs: Record<string, string> = {
    'api/src/projections/migrate.main.js': MIGRATE,
    'api/src/main.js': API,
    'scheduler/src/main.js': SCHEDULER,
    'node-agent/src/main.js': AGENT,
  };
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, 'package.json'), JSON.stringify({ type: 'module' }));
  for (const [path, text] of Object.entries(programs)) {
    const file = join(root, 'dist', 'apps', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, PROLOGUE + text);
  }
}
