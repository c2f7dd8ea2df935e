import {
  JetStreamCommandQueue,
  JetStreamEventLog,
  JetStreamLogKeeper,
  NatsLink,
} from '../../libs/events/src/jetstream/index.js';
import { replay, type ReplayReport } from '../../tools/replay/replay.js';
import type { Fleet } from './fleet.js';

/** The fleet's recorded commands, decided again by this build, against its recorded events. */
export async function replayOf(fleet: Fleet): Promise<ReplayReport> {
  const link = await NatsLink.connect({ url: fleet.natsUrl, name: 'replay' });
  try {
    return await replay(new JetStreamCommandQueue(link), new JetStreamEventLog(link), new JetStreamLogKeeper(link));
  } finally {
    await link.close();
  }
}
