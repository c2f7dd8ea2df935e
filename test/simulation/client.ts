import type { Command } from '#domain';
import type { Clock } from '#events';
import type { Asker } from './asker.js';
import type { Random } from './random.js';

/** How many of the starts ask for a group, when there is one. */
const GROUP_SHARE = 0.35;
/** How many of the starts have a priority from the whole range; the others share a few, so that they compete. */
const ANY_PRIORITY_SHARE = 0.3;
const MAX_PRIORITY = 10_000;

/** What runs in a guest before it is saved; hosts that only pretend need no more of it. */
const SCRIPT = { digest: `sha256:${'5'.repeat(64)}`, sizeBytes: 1 };

export interface ClientPlan {
  readonly requests: number;
  /** Requests are spread over this time. */
  readonly overMs: number;
  readonly templates: readonly string[];
  /** Those that exist, as far as anybody was told; others come and go. */
  readonly groups: readonly string[];
}

/** Somebody who starts, ends, restarts and renames VMs. */
export class Client {
  private readonly own: string[] = [];
  private started = 0;
  private saved = 0;

  constructor(
    private readonly plan: ClientPlan,
    private readonly asker: Asker,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  async run(): Promise<void> {
    const { requests, overMs } = this.plan;
    for (let n = 0; n < requests; n++) {
      await this.clock.sleep(this.random.between(0, (2 * overMs) / requests));
      await this.asker.ask(`${this.asker.name}-${n}`, this.nextCommand());
    }
  }

  private nextCommand(): Command {
    const vmId = this.random.pick(this.own);
    if (vmId === undefined || this.random.chance(0.35)) return this.start();
    const roll = this.random.next();
    if (roll < 0.55) return { type: 'TerminateVM', vmId };
    if (roll < 0.75) return this.save(vmId);
    if (roll < 0.87) return { type: 'RestartVM', vmId };
    return { type: 'UpdateVM', vmId, metadata: { run: this.started } };
  }

  /** Into a template of its own or into the VM's, by chance under a tag that is there already. */
  private save(vmId: string): Command {
    const number = ++this.saved;
    const id = `${this.asker.name}-image-${number}`;
    const isNew = this.random.chance(0.3);
    return {
      type: 'SaveImage',
      requestId: `${this.asker.name}-save-${number}`,
      vmId,
      target: isNew
        ? { newTemplateId: id, newTemplateName: id }
        : { templateId: this.random.pick(this.plan.templates) ?? 'none' },
      tag: this.random.chance(0.2) ? 'v1' : id,
      description: '',
      suspend: false,
      ...(this.random.chance(0.5) && { script: SCRIPT }),
      scriptTimeoutMs: 10_000,
      cancelOnScriptFailure: this.random.chance(0.5),
      revertBeforePush: this.random.chance(0.1),
      suspendSanityTest: false,
    };
  }

  private start(): Command {
    const vmIds = Array.from({ length: this.random.between(1, 3) }, () => `${this.asker.name}-vm-${++this.started}`);
    this.own.push(...vmIds);
    const templateId = this.random.pick(this.plan.templates) ?? 'none';
    const priority = this.random.chance(ANY_PRIORITY_SHARE)
      ? this.random.between(1, MAX_PRIORITY)
      : this.random.between(1, 5) * 100;
    const groupId = this.random.chance(GROUP_SHARE) ? this.random.pick(this.plan.groups) : undefined;
    return {
      type: 'StartVM',
      vmIds,
      request: { templateId, priority, ...(groupId !== undefined && { groupId }) },
    };
  }
}
