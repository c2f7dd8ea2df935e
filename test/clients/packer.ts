import type { Reads } from './parts/answers.js';
import { anything, struct, text } from './parts/go.js';
import { parsed, Refused } from './parts/rejected.js';
import type { RawAnswer, Wire } from './parts/wire.js';

/** The Packer plugin (anka.md §8.8): all but one thing it does with the command line of the host. */

const RESPONSE = struct({ status: text(), message: text(), body: anything() });

export class PackerPlugin {
  constructor(private readonly registry: Wire) {}

  /** Takes the newest version of a template back, so that the build can push it anew. */
  async revert(templateId: string): Promise<void> {
    const headers = { 'User-Agent': 'Go-http-client/1.1', 'Accept-Encoding': 'gzip' };
    readReverted(await this.registry.send({ method: 'DELETE', path: `/registry/revert?id=${templateId}`, headers }));
  }
}

function readReverted(answer: RawAnswer): void {
  if (answer.code !== 200) throw new Refused(answer.code, `unsupported http response code: ${answer.code}`);
  const { status, message } = RESPONSE(parsed(answer.text), 'answer');
  if (status !== 'OK') throw new Refused(answer.code, message);
}

export const packerReads: Reads = { reverted: readReverted };
