import { replay } from '../../../tools/replay/replay.js';
import type { World } from '../world.js';
import { auditEnds, auditHosts, auditPower } from './end-audit.js';
import { LogAudit } from './log-audit.js';

/** Goes through everything that a finished world left behind, and lists every law that was broken. Empty: all held. */
export async function audit(world: World): Promise<string[]> {
  const log = new LogAudit();
  for (const event of world.events()) log.read(event);
  const stories = [...log.stories];
  const accepted = new Set(stories.map(([id]) => id));
  const terminated = new Set(stories.filter(([, story]) => story.terminateAsked).map(([id]) => id));
  auditHosts(log, await heldBy(world));
  auditPower(log, await runningIn(world));
  auditEnds(log);
  return [
    ...log.breaches,
    ...world.twins.breaches,
    ...world.ledger.breaches({ accepted, terminated, distributions: log.distributions.ids }),
    ...rowsAgree(world, log),
    ...(await replayAgrees(world)),
  ];
}

/** The VMs that each host holds. */
async function heldBy(world: World): Promise<Map<string, string[]>> {
  const held = new Map<string, string[]>();
  for (const { identity, driver } of world.hosts)
    held.set(
      identity.nodeId,
      (await driver.list()).map((vm) => vm.vmId),
    );
  return held;
}

async function runningIn(world: World): Promise<Set<string>> {
  const lists = await Promise.all(world.hosts.map(({ driver }) => driver.list()));
  return new Set(lists.flat().flatMap(({ vmId, status }) => (status === 'running' ? [vmId] : [])));
}

/** The projection shows what the log says. */
function rowsAgree(world: World, log: LogAudit): string[] {
  const rows = new Map(world.store.all('vm').map((row) => [row.id, row]));
  return [...log.stories].flatMap(([id, story]) => {
    const row = rows.get(id);
    if (story.removed) return row === undefined ? [] : [`${id} was removed and is still shown`];
    if (row === undefined) return [`${id} is not shown`];
    const seat = row.epoch === undefined ? undefined : row.nodeId;
    return seat === story.node ? [] : [`${id} is shown on ${seat} and has its seat on ${story.node}`];
  });
}

/** Law 4: the same commands give the same events. */
async function replayAgrees(world: World): Promise<string[]> {
  const { commands, log, keeper, clock } = world.onlooker();
  let report: Awaited<ReturnType<typeof replay>> | undefined;
  void replay(commands, log, keeper).then((done) => (report = done));
  for (let second = 0; second < 60 && report === undefined; second++) await world.clock.advanceBy(1000);
  if (report === undefined) return [`the replay did not end by ${clock.now()}`];
  return report.differences.map(
    (difference) => `replay of command ${difference.commandSequence} differs: ${JSON.stringify(difference)}`,
  );
}
