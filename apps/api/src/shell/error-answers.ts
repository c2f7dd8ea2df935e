/** What a door says instead of an answer. The body is sent as it stands when it is a string, else as JSON. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Words one error for the clients of a dialect: refusals of the body parser, `Unavailable`, unknown routes, bugs. */
export type ErrorWording = (error: unknown, request: { readonly method: string; readonly url: string }) => ErrorAnswer;

/**
 * Who words the errors of which paths. The shell asks here for everything that no controller has caught: a body that is too large or no
 * JSON, an unknown route, a fault, a bug. A dialect claims its prefix when its module is made.
 */
export class ErrorAnswers {
  private readonly claims: { prefix: string; wording: ErrorWording }[] = [];
  private readonly listeners = new Map<string, ErrorWording>();

  /** `prefix` is a path without a slash at its end; it claims that path and all below it. The longest claim wins. */
  claim(prefix: string, wording: ErrorWording): void {
    this.claims.push({ prefix, wording });
    this.claims.sort((a, b) => b.prefix.length - a.prefix.length);
  }

  /** Claims all that comes through this listener, whatever its path. */
  claimListener(listener: string, wording: ErrorWording): void {
    this.listeners.set(listener, wording);
  }

  /** `listener`: through which the request came, unless it was the main one. */
  wordingFor(url: string, listener?: string): ErrorWording | undefined {
    if (listener !== undefined) return this.listeners.get(listener);
    const path = url.split('?', 1)[0] ?? url;
    return this.claims.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`))?.wording;
  }
}

/** The body of a request cannot be read. `status` is 400 or 413. */
export class UnreadableBody extends Error {
  constructor(
    readonly status: 400 | 413,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'UnreadableBody';
  }
}

/** No route answers this method and path. */
export class RouteUnknown extends Error {
  constructor(method: string, path: string) {
    super(`Nothing answers ${method} ${path}`);
    this.name = 'RouteUnknown';
  }
}
