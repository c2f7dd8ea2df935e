/** How long it is remembered that something was used, ms: no secret that may be used once is valid for longer. */
export const SINGLE_USE_KEPT_MS = 300_000;

/** Remembers, for all replicas of a process together, what may be used only once (ADR 0019). */
export interface SingleUse {
  /**
   * True for exactly one of all who ever ask with the same name within `keptMs`. The name has 1–128 letters, digits, `-` and `_`. Throws
   * `Unavailable`; the name then may or may not be used up.
   */
  use(name: string): Promise<boolean>;
  readonly keptMs: number;
}
