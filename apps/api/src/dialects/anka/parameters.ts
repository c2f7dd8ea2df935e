import type { DoorRequest } from '../../shell/request-context.js';
import { BadInput } from './failure.js';

/** Longest id that is looked up; ids are shorter, and a longer one leads nowhere. */
const MAX_ID_LENGTH = 256;

/** A parameter of the query; absent when empty. Of several the first counts. */
export function queried(request: DoorRequest, name: string): string | undefined {
  return textIn(request.query, name);
}

/**
 * The id that the request names, from query or body, whichever has it: documents and clients disagree about the place and partly about
 * the name. Throws {@link BadInput} when there is none.
 */
export function requiredId(request: DoorRequest, ...names: readonly [string, ...string[]]): string {
  for (const source of [request.query, request.body]) {
    for (const name of names) {
      const id = textIn(source, name);
      if (id !== undefined) return id;
    }
  }
  throw new BadInput(`${names[0]} must be given`);
}

/** Query and body as one, because documents and clients disagree about the place; the body has the last word. */
export function parametersOf({ query, body }: DoorRequest): object {
  if (typeof body !== 'object' || body === null) return { ...(query as object) };
  if (Array.isArray(body)) throw new BadInput('the request body must be a JSON object');
  return { ...(query as object), ...body };
}

function textIn(source: unknown, name: string): string | undefined {
  if (typeof source !== 'object' || source === null || !Object.hasOwn(source, name)) return undefined;
  const found = (source as Record<string, unknown>)[name];
  const value: unknown = Array.isArray(found) ? found[0] : found;
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw new BadInput(`${name} must be a string`);
  if (value.length > MAX_ID_LENGTH)
    throw new BadInput(`${name} must be a string of at most ${MAX_ID_LENGTH} characters`);
  return value;
}
