import type { Watch } from '../ports/desired-state.js';
import type { Heartbeat, Heartbeats } from '../ports/heartbeats.js';
import { HEARTBEAT_SUBJECTS, heartbeatSubject } from '../subjects.js';
import type { MemoryLink } from './memory-link.js';

export class MemoryHeartbeats implements Heartbeats {
  constructor(private readonly link: MemoryLink) {}

  publish(beat: Heartbeat): void {
    this.link.publish(heartbeatSubject(beat.nodeId), JSON.stringify(beat));
  }

  subscribe(onBeat: (beat: Heartbeat) => void): Watch {
    const all = HEARTBEAT_SUBJECTS.slice(0, -1);
    return { stop: this.link.subscribe(all, (text) => onBeat(JSON.parse(text) as Heartbeat)) };
  }
}
