import { beforeEach, describe, expect, test } from '@jest/globals';
import type { SessionStore } from '../../src/agency/index.ts';
import { newId, sha256Hex } from '../../src/kernel/index.ts';
import { aSession } from '../builders/records.ts';

/** What every store of sessions promises. `open` gives a fresh, empty one. */
export function sessionStoreContract(name: string, open: () => Promise<SessionStore>): void {
  describe(`session store: ${name}`, () => {
    let store: SessionStore;
    beforeEach(async () => {
      store = await open();
    });

    test('a session comes back as given, and is seen', async () => {
      const session = aSession({ idToken: 'a.b.c' });
      await store.add(session);
      expect(await store.find(session.sessionSha256)).toEqual(session);
      const seen = { lastSeenAt: '2026-03-16T02:00:00.000Z', expiresAt: '2026-03-16T02:30:00.000Z' };
      await store.touch(session.sessionSha256, seen);
      expect(await store.find(session.sessionSha256)).toEqual({ ...session, ...seen });
      expect(await store.find(sha256Hex('another'))).toBeNull();
    });

    test('who ends a session gets it, one caller only; seeing it afterwards does not bring it back', async () => {
      const session = aSession();
      await store.add(session);
      const taken = await Promise.all(Array.from({ length: 5 }, () => store.take(session.sessionSha256)));
      expect(taken.filter((one) => one !== null)).toEqual([session]);
      await store.touch(session.sessionSha256, session);
      expect(await store.find(session.sessionSha256)).toBeNull();
    });

    test("all of one person, oldest first, end together; others' stay", async () => {
      const personId = newId();
      const times = ['2026-03-16T03:00:00.000Z', '2026-03-16T01:00:00.000Z', '2026-03-16T02:00:00.000Z'];
      const own = times.map((createdAt) => aSession({ personId, createdAt }));
      const other = aSession();
      await Promise.all([...own, other].map((one) => store.add(one)));
      const found = await store.ofPerson(personId);
      expect(found.map((one) => one.createdAt)).toEqual(times.toSorted());
      expect(await store.removeOfPerson(personId)).toBe(3);
      expect(await store.ofPerson(personId)).toEqual([]);
      expect(await store.removeOfPerson(personId)).toBe(0);
      expect(await store.find(other.sessionSha256)).toEqual(other);
    });

    test('what expired before a time goes, what ends then or later stays', async () => {
      const ends = ['2026-03-16T01:59:59.999Z', '2026-03-16T02:00:00.000Z', '2026-03-16T02:00:00.001Z'];
      const sessions = ends.map((expiresAt) => aSession({ expiresAt }));
      await Promise.all(sessions.map((one) => store.add(one)));
      expect(await store.removeExpired('2026-03-16T02:00:00.000Z')).toBe(1);
      const left = await Promise.all(sessions.map((one) => store.find(one.sessionSha256)));
      expect(left.map((one) => one !== null)).toEqual([false, true, true]);
    });
  });
}
