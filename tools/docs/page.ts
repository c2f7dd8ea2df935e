/** A document that is generated from the code: its path from the root, and its text as it should be now. */
export interface Page {
  readonly path: string;
  readonly text: string;
}
