/** Facts about the one pool of MAC addresses. VMs keep the addresses that they have. */
export type MacEvent =
  /** From now on these are given out, and no others. */
  { type: 'FillMacPool'; from: string; to: string } | { type: 'PurgeMacPool' };

/** What operators ask of it. Addresses are six hexadecimal pairs with colons. */
export type MacCommand = { type: 'FillMacPool'; from: string; to: string } | { type: 'PurgeMacPool' };
