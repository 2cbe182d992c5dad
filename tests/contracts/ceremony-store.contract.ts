import { beforeEach, describe, expect, test } from '@jest/globals';
import { newId, sha256Hex } from '../../src/kernel/index.ts';
import type { CeremonyStore } from '../../src/signing/index.ts';
import { aCeremony, aPrepared, aTicket } from '../builders/signing-records.ts';

/** What every store of ceremonies promises. `open` gives a fresh, empty one. */
export function ceremonyStoreContract(name: string, open: () => Promise<CeremonyStore>): void {
  describe(`ceremony store: ${name}`, () => {
    let ceremonies: CeremonyStore;
    beforeEach(async () => {
      ceremonies = await open();
    });

    test('of twenty who come with one ticket at once one is the first', async () => {
      const ticket = aTicket();
      await ceremonies.addTicket(ticket);
      const takes = await Promise.all(
        Array.from({ length: 20 }, () => ceremonies.takeTicket(ticket.ticketSha256)),
      );
      expect(takes.filter((one) => one?.first)).toHaveLength(1);
      expect(takes.every((one) => one?.ticket.grant.userSha256 === ticket.grant.userSha256)).toBe(true);
      expect((await ceremonies.takeTicket(ticket.ticketSha256))?.first).toBe(false);
      expect(await ceremonies.takeTicket(sha256Hex('another'))).toBeNull();
    });

    test('a ticket that is a way to one file says so, and is used up as others are', async () => {
      const pass = { way: 'upload', sessionId: newId(), documentId: newId(), uploadId: newId() } as const;
      const ticket = aTicket({ pass });
      await ceremonies.addTicket(ticket);
      expect(await ceremonies.takeTicket(ticket.ticketSha256)).toEqual({ ticket, first: true });
      expect((await ceremonies.takeTicket(ticket.ticketSha256))?.first).toBe(false);
    });

    test('what is opened and what is prepared come back as they were given', async () => {
      const [ceremony, prepared] = [aCeremony(), aPrepared()];
      await ceremonies.addCeremony(ceremony);
      await ceremonies.addPrepared(prepared);
      expect(await ceremonies.ceremony(ceremony.sessionId)).toEqual(ceremony);
      expect(await ceremonies.prepared(prepared.prepareId)).toEqual(prepared);
      expect(await ceremonies.ceremony(newId())).toBeNull();
      expect(await ceremonies.prepared(newId())).toBeNull();
    });

    test('the three kinds never answer for each other, whatever their keys', async () => {
      const id = newId();
      await ceremonies.addCeremony(aCeremony({ sessionId: id }));
      expect(await ceremonies.prepared(id)).toBeNull();
      expect(await ceremonies.takeTicket(id)).toBeNull();
    });

    test('what expired before a time goes, what expires later stays', async () => {
      const [old, later] = [aPrepared({ expiresAt: at(1) }), aPrepared({ expiresAt: at(3) })];
      const ticket = aTicket({ expiresAt: at(1) });
      await ceremonies.addPrepared(old);
      await ceremonies.addPrepared(later);
      await ceremonies.addTicket(ticket);
      expect(await ceremonies.removeExpired(at(2))).toBe(2);
      expect(await ceremonies.prepared(old.prepareId)).toBeNull();
      expect(await ceremonies.takeTicket(ticket.ticketSha256)).toBeNull();
      expect(await ceremonies.prepared(later.prepareId)).toEqual(later);
      expect(await ceremonies.removeExpired(at(2))).toBe(0);
    });
  });
}

const at = (minute: number) => `2026-03-16T02:0${minute}:00.000Z`;
