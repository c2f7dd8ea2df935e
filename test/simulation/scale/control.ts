import {
  type Cluster,
  type Command,
  decide,
  nextDueAt,
  type NodeId,
  type Outcome,
  type RecordedCommand,
  type RecordedEvent,
} from '#domain';
import type { Agenda } from './agenda.js';

/** How often the control plane looks for timers that are due. */
const TIMER_TICK_MS = 1000;

/** Everything that is to be known of one decision. */
export interface Decided {
  readonly command: RecordedCommand;
  readonly outcome: Outcome;
  readonly events: readonly RecordedEvent[];
  /** Nodes whose desired state may have changed. */
  readonly touched: readonly NodeId[];
  /** Those, and nodes of which only what they reported themselves changed. */
  readonly changed: ReadonlySet<NodeId>;
}

/** The control plane without its streams: each command gets its place and its time, is decided, and everybody hears of it. */
export class Control {
  commands = 0;
  /** Wall time that deciding took, ms. */
  decidingMs = 0;
  private timerAt: number | undefined;

  constructor(
    readonly cluster: Cluster,
    private readonly agenda: Agenda,
    private readonly heard: (decided: Decided) => void,
    private readonly wallClock: () => number,
  ) {}

  say(command: Command, actor: string, correlationId?: string): Outcome {
    const sequence = ++this.commands;
    const id = `c${sequence}`;
    const cause = { sequence, id, commandType: command.type, actor, correlationId: correlationId ?? id };
    const recorded: RecordedCommand = { cause, time: this.agenda.now, command };
    const began = this.wallClock();
    const { outcome, events } = decide(this.cluster, recorded);
    this.decidingMs += this.wallClock() - began;
    this.heard({ command: recorded, outcome, events, ...this.takeNews() });
    this.armTimer();
    return outcome;
  }

  private takeNews(): Pick<Decided, 'touched' | 'changed'> {
    const { touched, noted } = this.cluster;
    const news = { touched: [...touched], changed: new Set([...touched, ...noted]) };
    touched.clear();
    noted.clear();
    return news;
  }

  private armTimer(): void {
    const dueAt = nextDueAt(this.cluster);
    if (dueAt === undefined) return;
    const at = Math.max(this.agenda.now + 1, Math.ceil(dueAt / TIMER_TICK_MS) * TIMER_TICK_MS);
    if (this.timerAt !== undefined && this.timerAt <= at) return;
    this.timerAt = at;
    this.agenda.at(at, () => {
      if (this.timerAt !== at) return;
      this.timerAt = undefined;
      this.say({ type: 'RunTimers' }, 'control-plane');
    });
  }
}
