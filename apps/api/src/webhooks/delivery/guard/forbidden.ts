/** The rules of this installation say no to where a connection would lead. Nothing has been sent. */
export class Forbidden extends Error {}
