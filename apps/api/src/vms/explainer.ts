import { type Explained, type ExplainDoor, Unavailable } from '#events';

/** Asks the control plane about VMs for clients of this replica. */
export class Explainer {
  constructor(
    private readonly door: ExplainDoor,
    private readonly gate: { readonly reachedSequence: number },
  ) {}

  /**
   * Throws `Unavailable`, also when the answer is older than what this replica shows already: the writer is ahead of every projection,
   * so that only one that was deposed and does not know it yet would give such an answer.
   */
  async explain(vmId: string): Promise<Explained> {
    const shown = this.gate.reachedSequence;
    const answer = await this.door.explain(vmId);
    if (answer.asOf >= shown) return answer;
    const message = `The explanation of VM ${vmId} is as of event ${answer.asOf}: it must not be before ${shown}`;
    throw new Unavailable('control-plane', message);
  }
}
