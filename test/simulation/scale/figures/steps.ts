/** A value that changes in steps, kept as its mean and peak in equal parts of time. */
export class Steps {
  readonly means: number[] = [];
  readonly peaks: number[] = [];
  private readonly sums: number[] = [];
  private value = 0;
  private since: number;

  constructor(
    private readonly start: number,
    private readonly partMs: number,
  ) {
    this.since = start;
  }

  get now(): number {
    return this.value;
  }

  set(value: number, time: number): void {
    this.pass(time);
    this.value = value;
    const part = this.partOf(time);
    if (part >= 0) this.peaks[part] = Math.max(this.peaks[part] ?? 0, value);
  }

  /** Nothing changes any more; `parts` parts are wanted. */
  close(parts: number): this {
    this.pass(this.start + parts * this.partMs);
    for (let part = 0; part < parts; part++) {
      this.means[part] = (this.sums[part] ?? 0) / this.partMs;
      this.peaks[part] ??= this.means[part] ?? 0;
    }
    this.peaks.length = parts;
    return this;
  }

  /** Accounts for the time until then. */
  private pass(time: number): void {
    while (this.since < time) {
      const part = this.partOf(this.since);
      const end = Math.min(time, this.start + (part + 1) * this.partMs);
      if (part >= 0) this.sums[part] = (this.sums[part] ?? 0) + this.value * (end - this.since);
      if (part >= 0) this.peaks[part] = Math.max(this.peaks[part] ?? 0, this.value);
      this.since = end;
    }
  }

  private partOf(time: number): number {
    return Math.floor((time - this.start) / this.partMs);
  }
}

/** How often something happened in equal parts of time. */
export class Counts {
  readonly counts: number[] = [];

  constructor(
    private readonly start: number,
    private readonly partMs: number,
  ) {}

  add(time: number, by = 1): void {
    const part = Math.floor((time - this.start) / this.partMs);
    if (part >= 0) this.counts[part] = (this.counts[part] ?? 0) + by;
  }

  close(parts: number): readonly number[] {
    return Array.from({ length: parts }, (_, part) => this.counts[part] ?? 0);
  }
}

export const meanOf = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

export const maxOf = (values: readonly number[]): number => values.reduce((max, value) => Math.max(max, value), 0);
