/** The caller has not shown who it is, or not in a way that counts. Why is for our log, never for the caller. */
export class Unauthenticated extends Error {
  constructor(readonly why: string) {
    super('Authentication Required');
    this.name = 'Unauthenticated';
  }
}

/** The caller is known and may not do this. */
export class Forbidden extends Error {
  constructor(readonly need: string) {
    super(`Not permitted: ${need} is needed`);
    this.name = 'Forbidden';
  }
}

/** Too many wrong attempts came from there. */
export class TooManyAttempts extends Error {
  constructor(readonly retryAfterS: number) {
    super(`Too many failed attempts to log in: try again in ${retryAfterS} s`);
    this.name = 'TooManyAttempts';
  }
}
