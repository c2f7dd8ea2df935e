import type { Clock } from '#events';

export const PARTS = ['nats', 'postgres', 'control-plane', 'projection', 'archive'] as const;
export type Part = (typeof PARTS)[number];

/** Without these the doors answer on; what they cannot tell meanwhile is late, not lost. */
export const SPARABLE: ReadonlySet<Part> = new Set<Part>(['archive']);

/** Looks at one part; resolves to what is wrong with it, or undefined. May throw instead. */
export type Probe = () => Promise<string | undefined>;

export const LOOK_EVERY_MS = 1_000;
/** A part that does not answer a look in this time is away. */
export const LOOK_LIMIT_MS = 3_000;

/** Looks at every part once a second, so that a question about readiness costs nothing and cannot hang. */
export class HealthWatch {
  private readonly wrong = new Map<Part, string>(PARTS.map((part) => [part, 'not looked at yet']));

  constructor(
    private readonly probes: Readonly<Record<Part, Probe>>,
    private readonly clock: Clock,
    private readonly onChange: (part: Part, wrong: string | undefined) => void = () => undefined,
  ) {}

  /** What is wrong, by part; empty when all is well. */
  away(): Partial<Record<Part, string>> {
    return Object.fromEntries(this.wrong);
  }

  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(PARTS.map((part) => this.watch(part, signal)));
  }

  private async watch(part: Part, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.note(part, await this.look(part));
      await this.clock.sleep(LOOK_EVERY_MS, signal).catch(() => undefined);
    }
  }

  private async look(part: Part): Promise<string | undefined> {
    const looking = this.probes[part]().catch((error: unknown) => messageOf(error));
    let late: (message: string) => void = () => undefined;
    const alarm = this.clock.after(LOOK_LIMIT_MS, () => late(`does not answer within ${LOOK_LIMIT_MS} ms`));
    const seen = await Promise.race([looking, new Promise<string>((resolve) => (late = resolve))]);
    alarm.cancel();
    return seen;
  }

  private note(part: Part, wrong: string | undefined): void {
    const before = this.wrong.get(part);
    if (wrong === undefined) this.wrong.delete(part);
    else this.wrong.set(part, wrong);
    if (before !== wrong) this.onChange(part, wrong);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
