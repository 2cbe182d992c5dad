import { describe, expect, test } from '@jest/globals';
import type { EventBook } from '../../src/document/index.ts';
import { newId } from '../../src/kernel/index.ts';
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
