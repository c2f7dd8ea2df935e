import type { SingleUse } from '../ports/single-use.js';
import type { MemoryLink } from './memory-link.js';

export class MemorySingleUse implements SingleUse {
  constructor(private readonly link: MemoryLink) {}

  get keptMs(): number {
    return this.link.server.singleUseKeptMs;
  }

  use(name: string): Promise<boolean> {
    return this.link.request('single-use', () => this.link.server.singleUse.update(name, '', 0) !== undefined);
  }
}
