/** The listener of the registry's own routes. */
export const REGISTRY = 'registry';

/** Through which listener a request came, by its raw form; absent: through the main one. */
const LISTENERS = new WeakMap<object, string>();

/** Notes that the request came through a listener beside the main one. Before it is routed. */
export function cameThrough(request: object, listener: string): void {
  LISTENERS.set(request, listener);
}

/** The listener beside the main one through which the raw request came; undefined: it came through the main one. */
export const listenerOf = (request: object): string | undefined => LISTENERS.get(request);

/**
 * How the router tells listeners apart. A route that names a listener answers there and nowhere else; all other routes answer on the
 * main listener only. So the same path may mean different things, and no path leads from one listener to the routes of another.
 */
export const LISTENER_CONSTRAINT = {
  name: 'listener',
  mustMatchWhenDerived: true,
  storage: () => {
    const handlers = new Map<unknown, unknown>();
    return {
      get: (listener: unknown) => handlers.get(listener) ?? null,
      set: (listener: unknown, handler: unknown) => void handlers.set(listener, handler),
    };
  },
  deriveConstraint: (request: object) => listenerOf(request),
} as const;

/** Longest address and headers of a request together, on every listener. */
export const LONGEST_HEADER_BYTES = 32 * 1024;
