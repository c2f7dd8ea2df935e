import type { Watch } from '../ports/desired-state.js';
import type { ProjectionSignal } from '../ports/projection-signal.js';
import { PROJECTION_SUBJECT } from '../subjects.js';
import { utf8 } from '../wire/stored-event.js';
import type { NatsLink } from './link.jetstream.js';

export class CoreProjectionSignal implements ProjectionSignal {
  constructor(
    private readonly link: NatsLink,
    private readonly subject = PROJECTION_SUBJECT,
  ) {}

  announce(sequence: number): void {
    this.link.tell(this.subject, String(sequence));
  }

  subscribe(onProgress: (sequence: number) => void): Watch {
    const subscription = this.link.nc.subscribe(this.subject, {
      callback: (error, message) => {
        const sequence = error ? NaN : Number(utf8(message.data));
        if (Number.isSafeInteger(sequence)) onProgress(sequence);
      },
    });
    return { stop: () => subscription.unsubscribe() };
  }
}
