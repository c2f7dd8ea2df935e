import type { DesiredNode } from '#domain';
import type { DesiredState, Watch } from '../ports/desired-state.js';
import { token } from '../subjects.js';
import { desiredText, readDesired } from '../wire/desired-text.js';
import type { MemoryLink } from './memory-link.js';

/** After this time a lost delivery is noticed and made up for, ms. */
const MAKE_UP_MS = 1000;

export class MemoryDesiredState implements DesiredState {
  constructor(private readonly link: MemoryLink) {}

  async put(nodeId: string, desired: DesiredNode): Promise<void> {
    const text = desiredText(desired);
    await this.link.request(`desired.put.${token(nodeId)}`, () => this.link.server.desired.put(token(nodeId), text));
  }

  async get(nodeId: string): Promise<DesiredNode | undefined> {
    const key = token(nodeId);
    const text = await this.link.request(`desired.get.${key}`, () => this.link.server.desired.get(key)?.text);
    return text === undefined ? undefined : readDesired(text);
  }

  async watch(nodeId: string, onChange: (desired: DesiredNode) => void): Promise<Watch> {
    const { link } = this;
    const { desired } = link.server;
    const key = token(nodeId);
    let seen = 0;
    let stopped = false;
    const look = (): void => {
      if (stopped || link.closed) return;
      link.carry(
        { direction: 'to-client', kind: 'delivery', subject: `desired.${key}` },
        () => {
          const entry = desired.get(key);
          if (stopped || !entry || entry.revision <= seen) return;
          seen = entry.revision;
          const value = readDesired(entry.text);
          if (value !== undefined) onChange(value);
        },
        () => link.connected && link.clock.after(MAKE_UP_MS, look),
      );
    };
    const ends = [desired.listen((changed) => changed === key && look()), link.onChange(look)];
    look();
    return {
      stop: () => {
        stopped = true;
        for (const end of ends) end();
      },
    };
  }
}
