/** A generated document differs from what its generator writes now, or is not there at all. */
export function stalePages(
  wanted: readonly { readonly path: string; readonly text: string }[],
  stored: (path: string) => string | undefined,
): readonly string[] {
  return wanted.flatMap(({ path, text }) => {
    const found = stored(path);
    if (found === text) return [];
    return [`${path} is ${found === undefined ? 'missing' : 'stale'}`];
  });
}
