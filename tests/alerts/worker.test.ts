import { expect, test } from '@jest/globals';
import { DEFAULT_RULES, type Sample } from '../../src/alerts/index.ts';
import { makeLog } from '../../src/app/index.ts';
import { isoTime, sleep } from '../../src/kernel/index.ts';
import { alertWorker } from '../../src/workers/index.ts';
import { weakAlerts } from '../builders/weak-alerts.ts';

const START = Date.parse('2026-03-16T02:00:00.000Z');

/** A right that one of several has at a time. */
function turns() {
  let holder: object | null = null;
  return () => {
    const me = {};
    return {
      take: async () => {
        holder ??= me;
        return holder === me;
      },
      give: async () => {
        if (holder === me) holder = null;
      },
    };
  };
}

test('of two nodes one watches and tells, once; when it ends the other goes on, and tells nothing twice', async () => {
  const book = weakAlerts();
  const told: string[] = [];
  const reads: [number, number] = [0, 0];
  const node = (no: 0 | 1, turn: ReturnType<ReturnType<typeof turns>>) => {
    const read = async (): Promise<Sample> => {
      reads[no]++;
      return {
        at: isoTime(START + (reads[0] + reads[1]) * 60_000),
        measured: ['ledger-fault'],
        readings: [{ measure: 'ledger-fault', label: '', value: 1 }],
      };
    };
    const tellers = [async () => void told.push(`node ${no}`)];
    return alertWorker(read, { book, rules: DEFAULT_RULES, tellers, log: makeLog('silent') }, turn, 1);
  };
  const turn = turns();
  const [one, other] = [node(0, turn()), node(1, turn())];
  while (reads[0] + reads[1] < 5) await sleep(1);
  const first = reads[0] > 0 ? 0 : 1;
  const second = first === 0 ? 1 : 0;
  expect(reads[second]).toBe(0);
  const [busy, idle] = first === 0 ? [one, other] : [other, one];
  expect([busy.latest() === null, idle.latest() === null]).toEqual([false, true]);
  await busy.stop();
  while (reads[second] < 3) await sleep(1);
  await idle.stop();
  expect(told).toEqual([`node ${first}`]);
});
