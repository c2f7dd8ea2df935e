/** The request cannot be read as what its route takes. The message is for the client and holds no value of the request. */
export class BadInput extends Error {
  constructor(
    message: string,
    readonly status: 400 | 413 = 400,
  ) {
    super(message);
    this.name = 'BadInput';
  }
}
