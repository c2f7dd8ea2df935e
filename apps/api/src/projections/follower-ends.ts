import type { EventLog } from '#events';

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

/** How far a follower has come. */
interface Place {
  /** Of the last event, 0 when there is none. */
  readonly sequence: number;
  /** Which log the events are from; undefined before the first. */
  readonly incarnation: string | undefined;
}

/** What a follower makes, in the words of its messages: "The archive", "ends". */
interface Made {
  readonly what: string;
  readonly stands: string;
  readonly Mismatch: new (message: string) => Mismatch;
}

/** Returns which log this is; throws a mismatch when it is not the one that this was made from, or has lost some of its events. */
export async function checkMadeFrom(
  log: Pick<EventLog, 'lastSequence' | 'incarnation'>,
  place: Place,
  { what, stands, Mismatch }: Made,
): Promise<string> {
  const [incarnation, lastSequence] = await Promise.all([log.incarnation(), log.lastSequence()]);
  if (place.incarnation !== undefined && place.incarnation !== incarnation)
    throw new Mismatch(`${what} was made from log ${place.incarnation}: the log that is here is ${incarnation}`);
  if (lastSequence < place.sequence)
    throw new Mismatch(
      `${what} ${stands} at sequence ${place.sequence}: the log ends at ${lastSequence}, so it has lost events`,
    );
  return incarnation;
}
