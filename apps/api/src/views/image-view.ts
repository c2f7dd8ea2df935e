import type { SaveImageEvent, ScriptResult } from '#domain';
import type { SmallRow, SmallView } from './small-view.js';

/** One order to save a VM as a new tag. One that was forgotten has no row. Times are unix ms. */
export interface ImageRow extends SmallRow {
  readonly order: Omit<SaveImageEvent, 'type' | 'requestId'>;
  readonly state: 'pending' | 'done' | 'error';
  /** Only, and always, with state `error`. */
  readonly error?: string;
  /** Of the script that ran in the guest before it was stopped. */
  readonly script?: ScriptResult;
  /** 0-based number of the version that it became; only with state `done`. */
  readonly version?: number;
  readonly requestedAt: number;
  readonly updatedAt: number;
}

export type ImageView = SmallView<ImageRow>;
