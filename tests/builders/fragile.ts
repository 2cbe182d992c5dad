import type { Stores } from '../../src/app/compose.ts';
import { TrucError } from '../../src/kernel/index.ts';

/** Where the power goes: at which port call (from 1), before it was done or when only its answer is still to come. */
export interface Loss {
  at: number;
  when: 'before' | 'after';
  /** Only this call fails, or every call from then on: the process is gone. */
  extent: 'once' | 'for-good';
}

export interface FragileStores {
  stores: Stores;
  /** Counts from now on; null loses nothing. */
  arm(loss: Loss | null): void;
  /** Port calls since. */
  calls(): number;
  struck(): boolean;
}

type Call = (...given: unknown[]) => unknown;

/** Stores that lose power once. What lies in the stores given outlives it. */
export function fragile(stores: Stores): FragileStores {
  let loss: Loss | null = null;
  let calls = 0;
  let struck = false;
  const lose = () => {
    struck = true;
    throw new TrucError('adapters.store-failed', { store: 'lost' });
  };
  const guarded = (call: () => unknown): unknown => {
    const number = ++calls;
    if (struck && loss?.extent === 'for-good') return lose();
    if (number !== loss?.at) return call();
    if (loss.when === 'before') return lose();
    const answer = call();
    return answer instanceof Promise ? answer.then(lose) : lose();
  };
  const wrapped = (port: object) =>
    new Proxy(port, {
      get: (target, name) => {
        const member = Reflect.get(target, name) as unknown;
        return typeof member === 'function'
          ? (...given: unknown[]) => guarded(() => (member as Call)(...given))
          : member;
      },
    });
  const ports = Object.entries(stores).map(([name, port]) => [
    name,
    typeof port === 'object' ? wrapped(port) : port,
  ]);
  return {
    stores: Object.fromEntries(ports) as Stores,
    arm: (wanted) => {
      loss = wanted;
      calls = 0;
      struck = false;
    },
    calls: () => calls,
    struck: () => struck,
  };
}
