import { LogCut } from '../fault.js';

/**
 * A follower that waits for sequence 10 of a stream which ends with 7 would skip the new 8 and 9 for ever: the stream lost its tail,
 * or is another one of the same name. One that waits for 10 of a stream which begins with 12 would never know what it has missed.
 * Undefined when all is well.
 */
export function missingPast(stream: string, from: number, first: number, last: number): Error | undefined {
  if (from > last + 1)
    return new Error(
      `Cannot follow ${stream} from ${from}: it ends with ${last} and must end with ${from - 1} at least. ` +
        'It lost its newest messages or was made anew; what was built from it must be built again.',
    );
  if (from < first)
    return new LogCut(
      `Cannot follow ${stream} from ${from}: it begins with ${first}, what came before was cut off. ` +
        'What was built from it must be built again, from its beginning.',
    );
  return undefined;
}
