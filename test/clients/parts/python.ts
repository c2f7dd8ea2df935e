import { isObject, Rejected, shown } from './rejected.js';

/** `holder.get(key, fallback)`: null stays null, as None does; what is no dict has no such method. */
export function get(holder: unknown, key: string, at: string, fallback?: unknown): unknown {
  if (!isObject(holder)) throw new Rejected(`${at}.get(${key})`, `${shown(holder)} is not a dict`);
  return Object.hasOwn(holder, key) ? holder[key] : fallback;
}

/** `for element in value`. */
export function iterated(value: unknown, at: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Rejected(at, `${shown(value)} is not iterable as a list`);
  return value as unknown[];
}
