import { isDeepStrictEqual } from 'node:util';
import { type Cluster, decide, emptyCluster, evolve, type RecordedCommand } from '#domain';
import { causeOf, type CloudEvent, decodeCommand, decodeEvent, encodeEvent } from '#events';
import { canonicalJson } from '../../../libs/domain/src/testing/canonical.js';
import { auditEnds, auditHosts } from '../audit/end-audit.js';
import type { LawBook } from '../audit/law-book.js';
import { LogAudit } from '../audit/log-audit.js';
import type { LineBook } from './books.js';
import type { Remains } from './world.js';

/** What a finished run left behind. */
export interface Evidence {
  readonly commandBook: LineBook;
  readonly eventBook: LineBook;
  /** As it was when the run ended. */
  readonly cluster: Cluster;
  /** A cluster that nothing has happened to, placing as the run did. */
  readonly blank: () => Cluster;
  readonly remains: Remains;
}

/** Goes through the written books, line by line, and holds them to every law. */
export function verify(evidence: Evidence): LawBook {
  const audit = new LogAudit();
  const folded = emptyCluster();
  const replayed = evidence.blank();
  const told = replay(replayed, evidence.commandBook);
  let sequence = 0;
  for (const line of evidence.eventBook.lines()) {
    sequence++;
    const cloud = JSON.parse(line) as CloudEvent;
    audit.read(cloud);
    const recorded = decodeEvent(cloud, sequence);
    if (recorded !== undefined) evolve(folded, recorded);
    const again = told.next().value;
    audit.laws.expect('the commands give the same events', again === line, () => differs(sequence, again));
  }
  const surplus = told.next().value;
  audit.laws.expect('the commands give the same events', surplus === undefined, () => differs(sequence + 1, surplus));
  sameCluster(audit.laws, evidence.cluster, folded, 'the fold of the log');
  sameCluster(audit.laws, evidence.cluster, replayed, 'the replay of the commands');
  auditHosts(audit, evidence.remains.held);
  auditEnds(audit);
  auditReasons(audit.laws, evidence);
  return audit.laws;
}

/** The lines of the log that the commands give when they are decided again. */
function* replay(cluster: Cluster, commands: LineBook): Generator<string, undefined> {
  let sequence = 0;
  for (const line of commands.lines()) {
    for (const event of decide(cluster, commandOn(line, ++sequence)).events) yield JSON.stringify(encodeEvent(event));
  }
  return undefined;
}

function commandOn(line: string, sequence: number): RecordedCommand {
  const envelope = decodeCommand(JSON.parse(line) as CloudEvent);
  const { time, command } = envelope;
  return { cause: causeOf(sequence, envelope, command.type), time, command };
}

const differs = (sequence: number, again: string | undefined): string =>
  `event ${sequence} is not what its command gives when it is decided again: ${again ?? 'nothing'}`;

function sameCluster(laws: LawBook, was: Cluster, is: Cluster, what: string): void {
  const holds = isDeepStrictEqual(canonicalJson(is), canonicalJson(was));
  laws.expect('the log folds to the same cluster', holds, () => `${what} is another cluster than the one that decided`);
}

/** Whoever still waits is told of every node why. */
function auditReasons(laws: LawBook, { cluster, remains }: Evidence): void {
  for (const [vmId, refusing] of remains.waiting) {
    laws.expect(
      'every start ends, runs, or has a reason to wait',
      refusing === cluster.nodes.size,
      () => `${vmId} waits, and only ${refusing} of ${cluster.nodes.size} nodes say why`,
    );
  }
}
