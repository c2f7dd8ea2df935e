import type { GroupView } from '../../views/index.js';

/**
 * The id of the group that a client means by its id or, what people write into settings, its name; of several with that name the
 * oldest. A text that is neither stays as it is, for the control plane to refuse.
 */
export async function groupIdOf(groups: GroupView, text: string): Promise<string> {
  if ((await groups.get(text)) !== undefined) return text;
  return (await groups.list()).find(({ name }) => name === text)?.id ?? text;
}

/** The same for several, at the cost of one list. */
export async function groupIdsOf(groups: GroupView, texts: readonly string[]): Promise<string[]> {
  const rows = await groups.list();
  const ids = new Set(rows.map(({ id }) => id));
  const byName = new Map(rows.map(({ id, name }) => [name, id] as const).reverse());
  return texts.map((text) => (ids.has(text) ? text : (byName.get(text) ?? text)));
}
