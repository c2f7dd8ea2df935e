/** Resolves when all promises that could go on without time passing have done so. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
