import type { Refusal } from '../refusal.js';
import type { Turn } from '../turn.js';
import type { ImageReport } from './image-events.js';

/** What a node says of the saving of a VM. Never refused: about one that is over it says nothing new. */
export function judgeSaveReport(_turn: Turn, _report: ImageReport): Refusal | undefined {
  return undefined;
}
