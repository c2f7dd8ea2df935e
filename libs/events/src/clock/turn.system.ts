/** Calls back at the end of this turn of the event loop: everything that has arrived is handled by then, and nothing has been waited for. */
export const atEndOfTurn = (callback: () => void): void => void setImmediate(callback);
