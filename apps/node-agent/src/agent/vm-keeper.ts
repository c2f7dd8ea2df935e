import type { Assignment } from '#domain';
import type { HostVm } from '../drivers/driver.js';
import { Backoff } from './backoff.js';
import { nextStep, type VmView } from './next-step.js';
import type { VmRef } from './observer.js';
import type { Site } from './site.js';
import { startFailure } from './start-failure.js';
import { isBackgroundScriptDue, runInBackground } from './startup-script.js';
import { isTelling, newsOf, type TellingStep } from './vm-reports.js';
import { work, type VmInHand, type WorkEnd, type WorkingStep } from './vm-work.js';

interface Work {
  readonly step: WorkingStep;
  readonly epoch: number;
  /** Of a saving. */
  readonly requestId?: string;
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

/**
 * Brings one VM of this node towards its wish, one step at a time, and looks again after each. It keeps no plan: what is to be done
 * follows from wish, host and notes alone.
 */
export class VmKeeper implements VmInHand {
  wish: Assignment | undefined;
  actual: HostVm | undefined;
  /** Which desired value named the VM last, by its number. */
  named = 0;
  /** Stamp of the last time that something was done to the VM: an older look at the host knows less. */
  touched = 0;
  #work: Work | undefined;
  #background: { readonly abort: AbortController; isOver: boolean } | undefined;
  /** The news that was told last. */
  #told = '';
  #announcedEpoch = 0;
  readonly #backoff: Backoff;

  /** `onGone` is called when there is neither a wish nor anything on the host. */
  constructor(
    readonly vmId: string,
    private readonly site: Site,
    private readonly onGone: (vmId: string) => void,
  ) {
    const { firstRetryMs, lastRetryMs } = site.options;
    this.#backoff = new Backoff(site.ports.clock, firstRetryMs, lastRetryMs);
  }

  /** The work that is under way; settles, never rejects. */
  get busy(): Promise<void> | undefined {
    return this.#work?.done;
  }

  /** Compares wish and host, and begins or tells what follows from it. Cheap when nothing does. */
  look(): void {
    if (this.#work !== undefined) {
      if (this.#isMoot(this.#work)) this.#work.abort.abort(new Error('the wish changed'));
      return;
    }
    if (!this.site.accepting) return;
    const view = this.#view();
    const step = nextStep(view);
    if (step === 'nothing') this.#rest(view);
    else if (isTelling(step)) this.#tell(step, view);
    else if (!this.#backoff.holds(step)) this.#begin(step, view);
    this.#runBackgroundScript(view);
  }

  /** Looks as if for the first time: what failed in passing may be tried again. */
  review(): void {
    if (this.#background?.isOver) this.#background = undefined;
    this.look();
  }

  /** Gives up what is under way; the VM stays as it is. */
  abandon(reason: Error): void {
    this.#work?.abort.abort(reason);
    this.#background?.abort.abort(reason);
    this.#backoff.reset();
  }

  #view(): VmView {
    const note = this.site.ports.notes.get(this.vmId);
    return { wish: this.wish, actual: this.actual, note, asOf: this.site.asOf, announcedEpoch: this.#announcedEpoch };
  }

  /** Whether what is being done leads away from the present wish. */
  #isMoot({ step, epoch, requestId }: Work): boolean {
    if (step === 'destroy' || step === 'halt') return false;
    if (this.wish === undefined) return this.site.asOf >= epoch;
    if (step === 'save' && this.wish.save?.requestId !== requestId) return true;
    return this.wish.epoch > epoch || (this.wish.epoch === epoch && this.wish.wish === 'absent');
  }

  #rest({ wish, actual, note }: VmView): void {
    this.#backoff.reset();
    if (wish !== undefined || actual !== undefined) return;
    if (note !== undefined && !note.ended && note.epoch <= this.site.asOf) this.#end(note.epoch);
    this.onGone(this.vmId);
  }

  #tell(step: TellingStep, view: VmView): void {
    const { nodeId, facts } = this.site.identity;
    const news = newsOf(step, view, nodeId, facts.host);
    if (news === undefined || news.key === this.#told || !this.site.tell(news.report)) return;
    this.#told = news.key;
    if (step === 'report-terminated') this.#end(news.report.epoch);
  }

  #begin(step: WorkingStep, { wish, actual }: VmView): void {
    const epoch = (step === 'destroy' ? actual?.epoch : wish?.epoch) ?? 0;
    const abort = new AbortController();
    const { clock, observer } = this.site.ports;
    const vm = this.#ref(epoch);
    const beganAt = clock.now();
    this.touched = this.site.stamp();
    if (step === 'destroy') this.#endBackground();
    observer.began(step, vm);
    const done = work(this.site, step, this, abort.signal).then(
      (end) => {
        observer.ended(step, vm, 'done', clock.now() - beganAt);
        this.#ended(step, epoch, end);
      },
      async (cause: unknown) => {
        const end = abort.signal.aborted ? 'cancelled' : 'failed';
        observer.ended(step, vm, end, clock.now() - beganAt, cause);
        if (end === 'failed') await this.#failed(step, epoch, cause);
      },
    );
    const requestId = step === 'save' ? wish?.save?.requestId : undefined;
    this.#work = {
      step,
      epoch,
      ...(requestId !== undefined && { requestId }),
      abort,
      done: done.then(() => this.#lookAgain()),
    };
  }

  #lookAgain(): void {
    this.#work = undefined;
    this.touched = this.site.stamp();
    this.look();
  }

  #ended(step: WorkingStep, epoch: number, end: WorkEnd): void {
    if (end === 'untold') return this.#backoff.failed(step, () => this.look());
    if (end === 'announced') this.#announcedEpoch = epoch;
    this.#backoff.reset();
  }

  /** A failed start is noted, and what follows from the note is the next step; anything else must succeed in the end. */
  async #failed(step: WorkingStep, epoch: number, cause: unknown): Promise<void> {
    if (step === 'start' || step === 'announce') {
      await this.site.ports.notes
        .put(this.vmId, { epoch, failure: startFailure(cause) })
        .catch((error: unknown) => this.#fault('write notes', error));
      return;
    }
    if (step === 'restart' && this.actual?.status === 'stopped') this.#tell('report-stopped', this.#view());
    this.#backoff.failed(step, () => this.look());
  }

  #end(epoch: number): void {
    this.site.ports.notes.end(this.vmId, epoch).catch((error: unknown) => this.#fault('write notes', error));
  }

  #runBackgroundScript({ note }: VmView): void {
    const { wish, actual, site } = this;
    if (this.#background !== undefined || this.#work !== undefined || wish === undefined || actual === undefined)
      return;
    if (!wish.started && this.#announcedEpoch !== wish.epoch) return;
    if (!isBackgroundScriptDue(wish, actual, note)) return;
    const background = { abort: new AbortController(), isOver: false };
    this.#background = background;
    void runInBackground(site, wish, actual, background.abort.signal).then(() => (background.isOver = true));
  }

  #endBackground(): void {
    this.#background?.abort.abort(new Error('the VM is being destroyed'));
    this.#background = undefined;
  }

  #fault(doing: string, cause: unknown): void {
    this.site.ports.observer.fault(`${doing} of VM ${this.vmId}`, this.site.identity.nodeId, cause);
  }

  #ref(epoch: number): VmRef {
    return { nodeId: this.site.identity.nodeId, vmId: this.vmId, epoch };
  }
}
