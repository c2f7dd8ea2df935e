import { Unavailable } from '#events';
import { JetStreamEventLog, NatsLink } from '#events/jetstream';
import type { PresentLog } from '../../apps/api/src/archive/compared.js';
import { DamagedArchive, type StoredArchive } from '../../apps/api/src/archive/stored-archive.js';

/** Looks at EVENTS beside the archive. `undefined` is handed over when no server answers. */
export async function withPresentLog<T>(
  natsUrl: string,
  archive: StoredArchive,
  work: (log: PresentLog | undefined) => Promise<T>,
): Promise<T> {
  const link = await NatsLink.connect({ url: natsUrl, name: 'muster-verify' }).catch((cause: unknown) => {
    if (cause instanceof Unavailable) return undefined;
    throw cause;
  });
  if (link === undefined) return work(undefined);
  try {
    return await work(await open(new JetStreamEventLog(link), archive));
  } finally {
    await link.close();
  }
}

async function open(log: JetStreamEventLog, { head, first }: StoredArchive): Promise<PresentLog> {
  const [incarnation, last, firstInLog] = [
    await log.incarnation(),
    await log.lastSequence(),
    await log.firstSequence(),
  ];
  if (head.incarnation !== undefined && head.incarnation !== incarnation)
    throw new DamagedArchive(head.sequence, `it was made from log ${head.incarnation}, and EVENTS is ${incarnation}`);
  if (last < head.sequence)
    throw new DamagedArchive(last + 1, `EVENTS ends at ${last} and the archive at ${head.sequence}`);
  const begin = Math.max(firstInLog, first ?? 1);
  return { first: begin, events: log.follow(begin) };
}
