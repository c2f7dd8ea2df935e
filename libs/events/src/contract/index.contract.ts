import { describeBookmarks } from './bookmarks.contract.js';
import { describeCommandDoor } from './command-door.contract.js';
import { describeCommandQueue } from './command-queue.contract.js';
import { describeDesiredState } from './desired-state.contract.js';
import { describeEventLog } from './event-log.contract.js';
import { describeExplain } from './explain.contract.js';
import { describeLogKeeper } from './log-keeper.contract.js';
import { describeLease } from './lease.contract.js';
import { describeOutage } from './outage.contract.js';
import { describeSignals } from './signals.contract.js';
import { describeSingleUse } from './single-use.contract.js';
import type { MakeWorld } from './world.contract.js';

/** All suites of the ports; a form passes all of them. */
export function describePorts(form: string, makeWorld: MakeWorld): void {
  describeEventLog(form, makeWorld);
  describeCommandQueue(form, makeWorld);
  describeCommandDoor(form, makeWorld);
  describeDesiredState(form, makeWorld);
  describeLease(form, makeWorld);
  describeLogKeeper(form, makeWorld);
  describeBookmarks(form, makeWorld);
  describeSingleUse(form, makeWorld);
  describeSignals(form, makeWorld);
  describeExplain(form, makeWorld);
  describeOutage(form, makeWorld);
}
