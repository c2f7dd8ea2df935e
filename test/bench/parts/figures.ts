/** Numbers in order, smallest first; `share` 0.5 is the median. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** Measured in the same run, under the same load. */
  readonly reference?: { readonly what: string; readonly value: number };
  readonly target?: { readonly atMost: number } | { readonly atLeast: number };
}

const rounded = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2));

function verdict({ value, target }: Figure): string {
  if (target === undefined) return '';
  const [text, met] =
    'atMost' in target
      ? [`≤ ${target.atMost}`, value <= target.atMost]
      : [`≥ ${target.atLeast}`, value >= target.atLeast];
  return `target ${text}: ${met ? 'met' : 'MISSED'}`;
}

/** One line per figure: what, value, reference, ratio, target. */
export function printFigures(figures: readonly Figure[]): void {
  for (const figure of figures) {
    const { what, value, unit, reference } = figure;
    const against =
      reference === undefined
        ? ''
        : `${reference.what} ${rounded(reference.value)} ${unit}, ratio ${rounded(value / reference.value)}`;
    console.log(
      [what.padEnd(44), `${rounded(value)} ${unit}`.padStart(12), against, verdict(figure)].join('  ').trimEnd(),
    );
  }
}

/** CPU by process, as a share of one core and per unit of work. */
export function printCpu(spent: ReadonlyMap<string, number>, units: number, seconds: number, unit: string): void {
  console.log(`CPU per ${unit}, and share of one core:`);
  for (const [name, ms] of spent) {
    console.log(
      `  ${name.padEnd(16)} ${((ms * 1000) / units).toFixed(0).padStart(6)} µs  ${(ms / seconds / 10).toFixed(0).padStart(4)} %`,
    );
  }
  const total = [...spent.values()].reduce((sum, ms) => sum + ms, 0);
  console.log(
    `  ${'all'.padEnd(16)} ${((total * 1000) / units).toFixed(0).padStart(6)} µs  ${(total / seconds / 10).toFixed(0).padStart(4)} %`,
  );
}
