import type { Figures } from '../figures/figures.js';
import type { Waits } from '../figures/waits.js';
import { bytesText, countText, shareText, timeText } from './words.js';

/** One figure as people read it. */
export interface Row {
  readonly what: string;
  readonly text: (figures: Figures) => string;
}

/** What is compared between ways of placing. */
export const COMPARED: readonly Row[] = [
  { what: 'wait p50', text: ({ wait }) => timeText(wait.p50Ms) },
  { what: 'wait p90', text: ({ wait }) => timeText(wait.p90Ms) },
  { what: 'wait p99', text: ({ wait }) => timeText(wait.p99Ms) },
  { what: 'wait max', text: ({ wait }) => timeText(wait.maxMs) },
  { what: 'pulls', text: ({ pulls }) => countText(pulls) },
  { what: 'pulled', text: ({ pulledBytes }) => bytesText(pulledBytes) },
  { what: 'starts on a cached node', text: cachedText },
  { what: 'utilisation, mean', text: ({ utilisation }) => shareText(utilisation.mean) },
  { what: 'utilisation, peak', text: ({ utilisation }) => shareText(utilisation.peak) },
  { what: 'attempts that failed', text: ({ retries, failed }) => countText(retries + failed) },
  { what: 'failed for good', text: ({ failed }) => countText(failed) },
  { what: 'lost with their node', text: ({ lost }) => countText(lost) },
];

/** All figures of one run. */
export const ALL: readonly Row[] = [
  { what: 'VMs asked for', text: ({ accepted }) => countText(accepted) },
  { what: 'VMs started', text: ({ started }) => countText(started) },
  ...COMPARED,
  { what: 'wait for a node, p50', text: ({ queued }) => timeText(queued.p50Ms) },
  { what: 'wait for a node, p99', text: ({ queued }) => timeText(queued.p99Ms) },
  { what: 'queue, mean', text: ({ queue }) => countText(queue.mean) },
  { what: 'queue, peak', text: ({ queue }) => countText(queue.peak) },
  { what: 'cancelled before they ran', text: ({ cancelled }) => countText(cancelled) },
  { what: 'commands refused', text: ({ refused }) => countText(refused) },
  { what: 'still waiting at the end', text: ({ waitingAtEnd }) => countText(waitingAtEnd) },
  { what: 'fairness of waits by priority (Jain)', text: ({ fairness }) => fairness.byClass.toFixed(3) },
  { what: 'fairness of waits by template (Jain)', text: ({ fairness }) => fairness.byTemplate.toFixed(3) },
];

/** A row for each class of priority, under {@link WAIT_HEADS}. */
export const WAIT_HEADS = ['priority', 'starts', 'p50', 'p90', 'p99', 'max'];

export function waitRows({ wait, waitByClass }: Figures): string[][] {
  const classes = Object.entries(waitByClass);
  return [...classes.map(([name, waits]) => waitRow(name, waits)), waitRow('all', wait)];
}

const waitRow = (name: string, { count, p50Ms, p90Ms, p99Ms, maxMs }: Waits): string[] => [
  name,
  countText(count),
  ...[p50Ms, p90Ms, p99Ms, maxMs].map(timeText),
];

function cachedText({ pullsAvoided, started }: Figures): string {
  return `${countText(pullsAvoided)} (${shareText(started === 0 ? 0 : pullsAvoided / started)})`;
}
