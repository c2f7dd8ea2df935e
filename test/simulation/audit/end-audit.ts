import type { LogAudit } from './log-audit.js';

/**
 * Who was asked to end has ended; who has a seat has started; who waits does so because no node, or none of its group, could take it.
 * Every distribution has ended on every node, and every save.
 */
export function auditEnds(log: LogAudit): void {
  log.distributions.auditEnd();
  log.saves.auditEnd();
  for (const [id, story] of log.stories) {
    const expect = (holds: boolean, what: () => string) =>
      log.laws.expect('every start ends, runs, or has a reason to wait', holds, () => `${id} ${what()}`);
    expect(!story.terminateAsked || story.ended, () => 'was terminated and has not ended');
    if (story.node !== undefined)
      expect(story.announced || story.failed, () => `has a seat on ${story.node} and never started`);
    else if (!story.ended && !story.failed) {
      const open = log.openTo(id);
      const { groupId } = story;
      expect(groupId === undefined || log.groups.exists(groupId), () => `waits for ${groupId}, which is gone`);
      expect(open.length === 0, () => `waits though ${open.length} nodes could take it, such as ${open[0]}`);
    }
  }
}

/** Each seat is filled on its host, and nothing runs that holds no seat. */
export function auditHosts(log: LogAudit, held: ReadonlyMap<string, readonly string[]>): void {
  for (const [nodeId, vmIds] of held) {
    const seated = log.seatsOf(nodeId);
    const here = new Set(vmIds);
    const expect = (holds: boolean, what: () => string) => log.laws.expect('hosts hold what the log says', holds, what);
    for (const id of here) expect(seated.has(id), () => `${id} is on ${nodeId} and has no seat there`);
    for (const id of seated) expect(here.has(id), () => `${id} has a seat on ${nodeId} and is not there`);
    if (here.size === 0 && seated.size === 0) expect(true, () => '');
  }
}

/** A VM that was started, and whose end nobody knows of, runs on its host, unless it was told of as powered off. */
export function auditPower(log: LogAudit, running: ReadonlySet<string>): void {
  for (const [id, story] of log.stories) {
    if (story.node === undefined || !story.announced || story.failed || story.terminateAsked) continue;
    const is = running.has(id) ? 'on' : 'off';
    const told = story.off ? 'off' : 'on';
    log.laws.expect('what is off was told of as off', is === told, () => `${id} is ${is} and was told of as ${told}`);
  }
}
