import type { Msg } from '@nats-io/transport-node';
import type { Watch } from '../ports/desired-state.js';
import type { Heartbeat, Heartbeats } from '../ports/heartbeats.js';
import { HEARTBEAT_SUBJECTS, heartbeatSubject } from '../subjects.js';
import { utf8 } from '../wire/stored-event.js';
import type { NatsLink } from './link.jetstream.js';

export class CoreHeartbeats implements Heartbeats {
  constructor(private readonly link: NatsLink) {}

  publish(beat: Heartbeat): void {
    this.link.tell(heartbeatSubject(beat.nodeId), JSON.stringify(beat));
  }

  subscribe(onBeat: (beat: Heartbeat) => void): Watch {
    const subscription = this.link.nc.subscribe(HEARTBEAT_SUBJECTS, {
      callback: (error, message) => {
        const beat = error ? undefined : beatOf(message);
        if (beat) onBeat(beat);
      },
    });
    return { stop: () => subscription.unsubscribe() };
  }
}

/** A node may beat for itself only, and permissions are given by subject. What is no beat is not for us. */
function beatOf({ subject, data }: Msg): Heartbeat | undefined {
  try {
    const beat = JSON.parse(utf8(data)) as Partial<Heartbeat> | null;
    const isOwn = typeof beat?.nodeId === 'string' && subject === heartbeatSubject(beat.nodeId);
    return isOwn ? (beat as Heartbeat) : undefined;
  } catch {
    return undefined;
  }
}
