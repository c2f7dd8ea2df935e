import { replay } from '../../../tools/replay/replay.js';
import type { World } from '../world.js';
import { LogAudit } from './log-audit.js';

/** Goes through everything that a finished world left behind, and lists every law that was broken. Empty: all held. */
export async function audit(world: World): Promise<string[]> {
  const log = new LogAudit();
  for (const event of world.events()) log.read(event);
  const stories = [...log.stories];
  const accepted = new Set(stories.map(([id]) => id));
  const terminated = new Set(stories.filter(([, story]) => story.terminateAsked).map(([id]) => id));
  return [
    ...log.breaches,
    ...world.twins.breaches,
    ...world.ledger.breaches(accepted, terminated),
    ...(await hostsAgree(world, log)),
    ...endsAreReached(log),
    ...rowsAgree(world, log),
    ...(await replayAgrees(world)),
  ];
}

/** After the calm each seat is filled on its host, and nothing runs that holds no seat. */
async function hostsAgree(world: World, log: LogAudit): Promise<string[]> {
  const breaches: string[] = [];
  for (const { identity, driver } of world.hosts) {
    const here = new Set((await driver.list()).map((vm) => vm.vmId));
    const seated = log.seatsOf(identity.nodeId);
    for (const id of here) if (!seated.has(id)) breaches.push(`${id} is on ${identity.nodeId} and has no seat there`);
    for (const id of seated)
      if (!here.has(id)) breaches.push(`${id} has a seat on ${identity.nodeId} and is not there`);
  }
  return breaches;
}

/** Who was asked to end has ended; who has a seat has started; who waits does so because all seats are taken. */
function endsAreReached(log: LogAudit): string[] {
  return [...log.stories].flatMap(([id, story]) => {
    if (story.terminateAsked && !story.ended) return [`${id} was terminated and has not ended`];
    if (story.node !== undefined && !story.announced && !story.failed)
      return [`${id} has a seat on ${story.node} and never started`];
    if (story.node === undefined && !story.ended && !story.failed && log.freeSeats() > 0) {
      return [`${id} waits though ${log.freeSeats()} seats are free`];
    }
    return [];
  });
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
  const { commands, log, clock } = world.onlooker();
  let report: Awaited<ReturnType<typeof replay>> | undefined;
  void replay(commands, log).then((done) => (report = done));
  for (let second = 0; second < 60 && report === undefined; second++) await world.clock.advanceBy(1000);
  if (report === undefined) return [`the replay did not end by ${clock.now()}`];
  return report.differences.map(
    (difference) => `replay of command ${difference.commandSequence} differs: ${JSON.stringify(difference)}`,
  );
}
