/** The laws that an auditor holds a log to, as people read them. */
export type Law =
  | 'the log has one order'
  | 'a VM lives one life'
  | 'a VM has one seat'
  | 'no node holds more than it can'
  | 'only open nodes of the right kind take VMs'
  | 'a VM of a group sits where the group admits it'
  | 'every row of a distribution ends once'
  | 'a save holds its VM, and ends once'
  | 'what is off was told of as off'
  | 'the terminated stay terminated'
  | 'nobody is overtaken by one of the same kind'
  | 'a VM lets others go first once, for a moment'
  | 'every start ends, runs, or has a reason to wait'
  | 'hosts hold what the log says'
  | 'the log folds to the same cluster'
  | 'the commands give the same events';

/** How many breaches are kept; beyond it they are only counted. */
const MAX_KEPT = 1000;

/** Which laws were looked at, how often, and every time one was broken. */
export class LawBook {
  readonly breaches: string[] = [];
  readonly checks = new Map<Law, number>();
  broken = 0;

  /** `otherwise` says what is wrong; only asked when something is. */
  expect(law: Law, holds: boolean, otherwise: () => string): void {
    this.checks.set(law, (this.checks.get(law) ?? 0) + 1);
    if (!holds) this.breach(otherwise());
  }

  breach(what: string): void {
    this.broken++;
    if (this.breaches.length < MAX_KEPT) this.breaches.push(what);
  }
}
