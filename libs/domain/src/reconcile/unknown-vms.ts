/** How often in a row each unknown VM was seen, by the name that its hypervisor gives it. */
export type Sightings = ReadonlyMap<string, number>;

/** One more look at the host: what is there was seen once more; what is not is forgotten, and would begin anew. */
export function lookedAgain(before: Sightings, seen: readonly string[]): Sightings {
  return new Map(seen.map((name) => [name, (before.get(name) ?? 0) + 1]));
}

/**
 * Unknown VMs that were seen `threshold` times in a row and are to be ended (anka.md §4.4: 30 reports). Until then somebody may want
 * them: a VM that is being taken over, or one that an operator tries out by hand. 0: they are never ended.
 */
export function overstayed(sightings: Sightings, threshold: number): string[] {
  if (threshold === 0) return [];
  return [...sightings].filter(([, times]) => times >= threshold).map(([name]) => name);
}
