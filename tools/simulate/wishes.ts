import { parseArgs } from 'node:util';
import type { Plan, Scenario } from '../../test/simulation/scale/plan.js';
import { SCENARIOS } from '../../test/simulation/scale/scenarios/index.js';

/** What `npm run simulate` was asked to do. */
export type Wish =
  | { readonly kind: 'troubled'; readonly seeds: number; readonly first: number }
  | {
      readonly kind: 'scale';
      readonly plan: Plan;
      readonly scenario: Scenario;
      readonly out?: string;
      readonly against: Against;
    };

/** Whose placement: the domain's, one baseline, or all of them side by side. */
export type Against = 'ours' | 'all' | { readonly baseline: string };

/** The command line makes no sense; the message says why. */
export class UsageError extends Error {}

export const USAGE = `Usage:
  npm run simulate -- [--seeds COUNT] [--first SEED]
  npm run simulate -- --scenario NAME [--nodes N] [--vms M] [--seed S] [--out DIR] [--baseline first-fit|random | --compare]
Scenarios:
${SCENARIOS.map(({ name, about }) => `  ${name.padEnd(18)} ${about}`).join('\n')}`;

const MAX_NODES = 20_000;
const MAX_VMS = 2_000_000;
const MAX_SEED = 2 ** 32 - 1;
const TEXT = { type: 'string' } as const;
const OPTIONS = {
  seeds: TEXT,
  first: TEXT,
  scenario: TEXT,
  nodes: TEXT,
  vms: TEXT,
  seed: TEXT,
  out: TEXT,
  baseline: TEXT,
  compare: { type: 'boolean' },
} as const;
const SCALE_ONLY = ['nodes', 'vms', 'seed', 'out', 'baseline', 'compare'] as const;

type Given = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

/** Reads the command line. Throws {@link UsageError}. `baselines` are the names that may be compared with. */
export function wishOf(args: readonly string[], baselines: readonly string[]): Wish {
  const given = parsed(args);
  if (given.scenario === undefined) {
    const stray = SCALE_ONLY.find((name) => given[name] !== undefined);
    if (stray !== undefined) throw new UsageError(`--${stray} needs a --scenario`);
    return {
      kind: 'troubled',
      seeds: whole('seeds', given.seeds, 100, 1, Number.MAX_SAFE_INTEGER),
      first: whole('first', given.first, 1, 0, Number.MAX_SAFE_INTEGER),
    };
  }
  if (given.seeds !== undefined || given.first !== undefined)
    throw new UsageError('--seeds and --first are for troubled fleets and do not go with --scenario');
  const scenario = SCENARIOS.find(({ name }) => name === given.scenario);
  if (scenario === undefined) {
    const names = SCENARIOS.map(({ name }) => name).join(', ');
    throw new UsageError(`--scenario is "${given.scenario}": must be one of ${names}`);
  }
  const plan: Plan = {
    scenario: scenario.name,
    nodes: whole('nodes', given.nodes, scenario.usual.nodes, 1, MAX_NODES),
    vms: whole('vms', given.vms, scenario.usual.vms, 1, MAX_VMS),
    seed: whole('seed', given.seed, 1, 0, MAX_SEED),
  };
  const out = given.out === undefined ? {} : { out: given.out };
  return { kind: 'scale', plan, scenario, ...out, against: againstOf(given, baselines) };
}

function parsed(args: readonly string[]): Given {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function againstOf({ baseline, compare }: Given, baselines: readonly string[]): Against {
  if (compare === true && baseline !== undefined)
    throw new UsageError('--compare runs all baselines: leave --baseline out');
  if (compare === true) return 'all';
  if (baseline === undefined) return 'ours';
  if (!baselines.includes(baseline))
    throw new UsageError(`--baseline is "${baseline}": must be one of ${baselines.join(', ')}`);
  return { baseline };
}

function whole(name: string, text: string | undefined, usual: number, min: number, max: number): number {
  if (text === undefined) return usual;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw new UsageError(`--${name} is "${text}": must be a whole number from ${min} to ${max}`);
}
