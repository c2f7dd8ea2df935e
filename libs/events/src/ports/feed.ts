/** Messages in order, for as long as somebody reads. Ends after `stop()`, or by throwing when the source is gone for good. */
export interface Feed<T> extends AsyncIterable<T> {
  stop(): void;
}
