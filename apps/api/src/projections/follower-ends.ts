/** What was made of the log and the log do not belong together. Nobody can repair that but an operator; the message says how. */
export class Mismatch extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Mismatch';
  }
}

/** Another follower moved what we write. Not an error: read the position again and go on from there. */
export class Overtaken extends Error {
  constructor(what: string, sequence: number) {
    super(`The ${what} no longer stands at sequence ${sequence}`);
    this.name = 'Overtaken';
  }
}
