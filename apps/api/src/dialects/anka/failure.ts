/** An answer with `status: FAIL`, thrown so that every way to it ends in the same place. The message is for the client. */
export class Failure extends Error {
  constructor(
    readonly httpStatus: number,
    message: string,
  ) {
    super(message);
    this.name = 'Failure';
  }
}

/** The request cannot be read as what its route takes. The message holds no value of the request: it may be a secret. */
export class BadInput extends Failure {
  constructor(message: string) {
    super(400, message);
    this.name = 'BadInput';
  }
}

/** The id leads nowhere. Clients compare the text letter by letter and expect 200 (anka.md §1.3). */
export const notFound = (): Failure => new Failure(200, 'Not found');

/** What the id leads to; throws {@link notFound} when that is nothing. */
export function found<T>(value: T | undefined): T {
  if (value === undefined) throw notFound();
  return value;
}
