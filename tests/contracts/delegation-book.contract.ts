import { describe, expect, test } from '@jest/globals';
import type { EventBook } from '../../src/document/index.ts';
import { newId, sha256Hex } from '../../src/kernel/index.ts';
import type { DelegationBook } from '../../src/signing/index.ts';
import { anEvent } from '../builders/records.ts';
import { aDelegation } from '../builders/signing-records.ts';

/** What every book of delegations promises. `open` gives a fresh, empty one. */
export function delegationBookContract(
  name: string,
  open: () => Promise<{ delegations: DelegationBook; events: EventBook }>,
): void {
  describe(`delegation book: ${name}`, () => {
    test('delegations that come at once all come back as they were given, each with its event', async () => {
      const { delegations, events } = await open();
      const list = Array.from({ length: 20 }, () => aDelegation());
      await Promise.all(list.map((one) => delegations.add(one, anEvent(one.delegationId))));
      for (const one of list) {
        expect(await delegations.get(one.delegationId)).toEqual(one);
        expect(await events.of(one.delegationId)).toHaveLength(1);
      }
      expect(await delegations.get(newId())).toBeNull();
    });

    test('of withdrawals at once one is the first and stays, with its event; what is unknown is not withdrawn', async () => {
      const { delegations, events } = await open();
      const one = aDelegation();
      await delegations.add(one, anEvent(one.delegationId));
      const times = ['2026-03-02T00:00:00.000Z', '2026-03-03T00:00:00.000Z', '2026-03-04T00:00:00.000Z'];
      const outcomes = await Promise.all(
        times.map((at) =>
          delegations.withdraw(one.delegationId, at, anEvent(one.delegationId, { eventId: sha256Hex(at) })),
        ),
      );
      expect(outcomes.filter((outcome) => outcome?.withdrawn)).toHaveLength(1);
      const now = await delegations.get(one.delegationId);
      expect(now).toEqual({
        ...one,
        withdrawnAt: outcomes.find((outcome) => outcome?.withdrawn)?.delegation.withdrawnAt,
      });
      expect(outcomes.map((outcome) => outcome?.delegation)).toEqual([now, now, now]);
      expect(await delegations.of(one.agencyId, 1)).toEqual([now]);
      expect(await events.of(one.delegationId)).toHaveLength(2);
      const unknown = newId();
      expect(await delegations.withdraw(unknown, times[0] as string, anEvent(unknown))).toBeNull();
      expect(await events.of(unknown)).toEqual([]);
    });

    test('those of an agency, the newest first', async () => {
      const { delegations } = await open();
      const agencyId = newId();
      const list = Array.from({ length: 3 }, () => aDelegation({ agencyId }));
      for (const one of [...list, aDelegation()]) await delegations.add(one, anEvent(one.delegationId));
      expect(await delegations.of(agencyId, 10)).toEqual(list.toReversed());
      expect(await delegations.of(agencyId, 1)).toEqual(list.slice(-1));
      expect(await delegations.of(newId(), 10)).toEqual([]);
    });
  });
}
