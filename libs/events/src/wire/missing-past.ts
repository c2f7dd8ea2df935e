/**
 * A follower that waits for sequence 10 of a stream which ends with 7 would skip the new 8 and 9 for ever: the stream lost its tail,
 * or is another one of the same name. Undefined when all is well.
 */
export function missingPast(stream: string, from: number, last: number): Error | undefined {
  if (from <= last + 1) return undefined;
  return new Error(
    `Cannot follow ${stream} from ${from}: it ends with ${last} and must end with ${from - 1} at least. ` +
      'It lost its newest messages or was made anew; what was built from it must be built again.',
  );
}
