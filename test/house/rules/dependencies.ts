/** The parts of package.json that these rules read. */
export interface Manifest {
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** The parts of package-lock.json that these rules read. */
export interface Lock {
  readonly packages: Readonly<Record<string, { readonly license?: string; readonly dev?: boolean }>>;
}

/** A row of docs/dependencies.md: the package in backquotes, then its reason. */
const ROW = /^\| `([^`]+)` +\| *([^|]*?) *\|/gm;
/** A reason shorter than this says nothing. */
const SHORTEST_REASON_CHARS = 15;
/** Licences under which a package may be part of what we ship. */
const PERMISSIVE =
  /^\(?(MIT|MIT-0|ISC|Apache-2\.0|BSD-2-Clause|BSD-3-Clause|0BSD|BlueOak-1\.0\.0|PostgreSQL|Python-2\.0|Unlicense|CC0-1\.0)\b/;

/** Every package we name has a reason in the document, and the document names no other. */
export function dependencyReasons(manifest: Manifest, document: string): readonly string[] {
  const reasons = new Map([...document.matchAll(ROW)].map(([, name = '', reason = '']) => [name, reason]));
  const named = Object.keys({
    ...manifest.dependencies,
    ...manifest.devDependencies,
    ...manifest.optionalDependencies,
  });
  return [
    ...named
      .filter((name) => (reasons.get(name) ?? '').length < SHORTEST_REASON_CHARS)
      .map((name) => `docs/dependencies.md gives no reason for ${name}`),
    ...[...reasons.keys()]
      .filter((name) => !named.includes(name))
      .map((name) => `docs/dependencies.md names ${name}, which package.json does not`),
  ];
}

/** Our own licence is the one we state, and what we ship with us is free to be shipped. */
export function licences(manifest: Manifest, lock: Lock, licence: string | undefined): readonly string[] {
  const own = [
    ...(manifest.license === 'Apache-2.0'
      ? []
      : [`package.json states licence ${manifest.license}; it must be Apache-2.0`]),
    ...(licence?.includes('Apache License') && licence.includes('Version 2.0') && licence.includes('END OF TERMS')
      ? []
      : ['LICENSE must hold the whole text of the Apache License, Version 2.0']),
  ];
  const foreign = Object.entries(lock.packages)
    .filter(([path, entry]) => path !== '' && entry.dev !== true && !PERMISSIVE.test(entry.license ?? ''))
    .map(([path, entry]) => `${path} has licence ${entry.license ?? '(none)'}, under which we may not ship it`);
  return [...own, ...foreign];
}
