import { type Clock } from '#events';
import { compose } from '../compose.js';
import { DeliveryEngine, type EngineParts } from '../delivery-engine.js';
import type { Sender } from '../sender.js';
import type { DeliveryStore } from '../store/delivery-store.js';

export interface RunningEngine {
  readonly engine: DeliveryEngine;
  /** In an orderly way. */
  stop(): Promise<void>;
  /** As SIGKILL does: whatever it asks for is never answered. */
  kill(): void;
  readonly troubles: string[];
}

/** One process that delivers, on parts that a test chose. */
export function runEngine(
  parts: Pick<EngineParts, 'store' | 'sender' | 'worker'> & { readonly clock: Clock } & Partial<EngineParts>,
): RunningEngine {
  const end = new AbortController();
  const life = { isOver: false };
  const troubles: string[] = [];
  const engine = new DeliveryEngine({
    chance: () => 0.5,
    rules: { retryScheduleMs: [100, 1_000, 5_000], disableAfterMs: 0 },
    compose: (endpoint, events) => compose(endpoint, events, 'test'),
    disable: async () => undefined,
    meter: { attempt: () => undefined },
    onTrouble: (message) => troubles.push(message),
    ...parts,
    store: mortal(parts.store, life) as DeliveryStore,
    sender: mortal(parts.sender, life) as Sender,
  });
  const running = engine.run(end.signal);
  return {
    engine,
    troubles,
    stop: () => {
      end.abort();
      return running;
    },
    kill: () => {
      life.isOver = true;
      end.abort();
    },
  };
}

/** Asks and hears as the original does, until the life is over. */
function mortal(original: object, life: { readonly isOver: boolean }): object {
  const never = new Promise(() => undefined);
  return new Proxy(original, {
    get: (target, name) => {
      const member = Reflect.get(target, name) as unknown;
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        if (life.isOver) return never;
        const answer: unknown = Reflect.apply(member, target, args);
        return answer instanceof Promise ? answer.then((value: unknown) => (life.isOver ? never : value)) : answer;
      };
    },
  });
}
