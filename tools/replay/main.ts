import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { JetStreamCommandQueue, JetStreamEventLog, JetStreamLogKeeper, NatsLink } from '#events/jetstream';
import { ownNatsUrl } from '../launch/own-services.js';
import { replay } from './replay.js';

/** `npm run replay -- --check`: folds the recorded COMMANDS through this build and compares with the recorded EVENTS. */
const { values } = parseArgs({ options: { check: { type: 'boolean' } } });
if (values.check !== true) {
  console.error('Usage: npm run replay -- --check');
  process.exit(2);
}

const root = join(import.meta.dirname, '../../..');
const link = await NatsLink.connect({ url: ownNatsUrl(process.env, root), name: 'muster-replay' });
const began = performance.now();
const report = await replay(new JetStreamCommandQueue(link), new JetStreamEventLog(link), new JetStreamLogKeeper(link));
await link.close();

for (const difference of report.differences) console.log(JSON.stringify(difference));
const found = report.differences.length + report.more;
const seconds = ((performance.now() - began) / 1000).toFixed(1);
console.log(
  `${report.commands} commands replayed, ${report.events} events compared in ${seconds} s: ${found} differences`,
);
if (report.beforeCut > 0)
  console.log(`${report.beforeCut} commands not looked at: their turn was before the streams were cut`);
if (report.repeated > 0)
  console.log(
    `${report.repeated} commands not looked at: they repeat one from before the cut, whose outcome is unknown`,
  );
process.exit(found === 0 ? 0 : 1);
