import { beforeEach, describe, expect, test } from '@jest/globals';
import { isoTime, sha256Hex } from '../../src/kernel/index.ts';
import type { HeldAnswer, RevocationShelf, RevocationSource } from '../../src/verification/index.ts';

const NOW = Date.parse('2026-03-16T02:00:00Z');
const at = (minutes: number) => isoTime(NOW + minutes * 60_000);

const crl = (n: number): RevocationSource => ({
  key: `crl|http://crl.example/${n}`,
  kind: 'crl',
  url: `http://crl.example/${n}`,
  certificate: null,
  issuer: 'AQ==',
});
const ocsp: RevocationSource = {
  key: 'ocsp|aa|http://ocsp.example/',
  kind: 'ocsp',
  url: 'http://ocsp.example/',
  certificate: 'MAA=',
  issuer: 'MAE=',
};

function answer(der: Buffer, thisUpdate: string): { held: HeldAnswer; der: Buffer } {
  return {
    der,
    held: {
      sha256: sha256Hex(der),
      size: der.length,
      thisUpdate,
      nextUpdate: at(600),
      etag: '"1"',
      lastModified: null,
      fetchedAt: at(0),
    },
  };
}

/** What every shelf of revocation data promises. `open` gives a fresh, empty one. */
export function revocationShelfContract(name: string, open: () => Promise<RevocationShelf>): void {
  describe(`revocation shelf: ${name}`, () => {
    let shelf: RevocationShelf;
    beforeEach(async () => {
      shelf = await open();
    });
    const claim = (minute: number, limit = 100) =>
      shelf.claim({ now: at(minute), until: at(minute + 5), limit });
    const settled = (key: string, der: Buffer, thisUpdate: string) =>
      shelf.settle({ key, nextAt: at(60), failures: 0, reason: null, answer: answer(der, thisUpdate) });

    test('a wanted source is there once, and is to be asked at once', async () => {
      await shelf.want([crl(1), ocsp], at(0));
      await shelf.want([crl(1)], at(3));
      await shelf.want([crl(1)], at(2));
      expect(await shelf.states()).toEqual([
        {
          ...{ key: crl(1).key, kind: 'crl', url: crl(1).url, seenAt: at(3), nextAt: at(0) },
          ...{ failures: 0, reason: null, held: null },
        },
        {
          ...{ key: ocsp.key, kind: 'ocsp', url: ocsp.url, seenAt: at(0), nextAt: at(0) },
          ...{ failures: 0, reason: null, held: null },
        },
      ]);
      await shelf.want([], at(4));
      expect(await shelf.states()).toHaveLength(2);
    });

    test('who claims gets the question, and the source is due again at the time given', async () => {
      await shelf.want([ocsp, crl(1)], at(0));
      expect(await shelf.claim({ now: at(-1), until: at(5), limit: 9 })).toEqual([]);
      const claimed = await claim(0);
      expect(claimed.find((one) => one.key === ocsp.key)).toMatchObject({ ...ocsp, nextAt: at(5) });
      expect(claimed.find((one) => one.key === crl(1).key)).toMatchObject(crl(1));
      expect(await claim(4)).toEqual([]);
      expect(await claim(5)).toHaveLength(2);
    });

    test('the longest due come first, as many as were asked for', async () => {
      await shelf.want([crl(2)], at(2));
      await shelf.want([crl(1)], at(1));
      await shelf.want([crl(3)], at(3));
      expect((await claim(9, 2)).map((one) => one.key)).toEqual([crl(1).key, crl(2).key]);
      expect((await claim(9, 2)).map((one) => one.key)).toEqual([crl(3).key]);
    });

    test('of callers at one time each source is handed to one', async () => {
      const all = Array.from({ length: 40 }, (_, n) => crl(n));
      await shelf.want(all, at(0));
      const hands = await Promise.all(Array.from({ length: 8 }, () => claim(1)));
      const keys = hands.flat().map((one) => one.key);
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys.sort()).toEqual(all.map((one) => one.key).sort());
    });

    test('an answer comes back, octet for octet, with what is known of it', async () => {
      await shelf.want([crl(1)], at(0));
      const der = Buffer.from('3003020105', 'hex');
      await settled(crl(1).key, der, at(-10));
      const [state] = await shelf.states();
      expect(state).toMatchObject({ nextAt: at(60), held: answer(der, at(-10)).held });
      expect(await shelf.read(crl(1).key, sha256Hex(der))).toEqual(der);
      expect(await shelf.read(crl(1).key, sha256Hex('other'))).toBeNull();
      expect(await shelf.read(crl(2).key, sha256Hex(der))).toBeNull();
    });

    test('a list of seventeen megabytes is kept as a whole', async () => {
      await shelf.want([crl(1)], at(0));
      const der = Buffer.alloc(17 * 1024 * 1024, 'danh sách');
      await settled(crl(1).key, der, at(-10));
      const kept = await shelf.read(crl(1).key, sha256Hex(der));
      expect(kept && sha256Hex(kept)).toBe(sha256Hex(der));
    });

    test('a newer answer takes the place of the older; an older one never does, whatever the order', async () => {
      await shelf.want([crl(1)], at(0));
      const [old, young] = [Buffer.from('cũ'), Buffer.from('mới')];
      await settled(crl(1).key, old, at(-20));
      await settled(crl(1).key, young, at(-10));
      await settled(crl(1).key, old, at(-20));
      expect(await shelf.read(crl(1).key, sha256Hex(young))).toEqual(young);
      expect(await shelf.read(crl(1).key, sha256Hex(old))).toBeNull();
      expect((await shelf.states())[0]?.held?.thisUpdate).toBe(at(-10));
    });

    test('the same answer again keeps it', async () => {
      await shelf.want([crl(1)], at(0));
      const der = Buffer.from('một');
      await settled(crl(1).key, der, at(-10));
      await settled(crl(1).key, der, at(-10));
      expect(await shelf.read(crl(1).key, sha256Hex(der))).toEqual(der);
    });

    test('a failure keeps the answer that is held', async () => {
      await shelf.want([crl(1)], at(0));
      const der = Buffer.from('một');
      await settled(crl(1).key, der, at(-10));
      await shelf.settle({ key: crl(1).key, nextAt: at(2), failures: 3, reason: 'http-503' });
      expect((await shelf.states())[0]).toMatchObject({ failures: 3, reason: 'http-503', nextAt: at(2) });
      expect(await shelf.read(crl(1).key, sha256Hex(der))).toEqual(der);
    });

    test('what nobody has seen for long is forgotten, with its answer', async () => {
      await shelf.want([crl(1), crl(2)], at(0));
      const der = Buffer.from('một');
      await settled(crl(1).key, der, at(-10));
      await shelf.want([crl(2)], at(100));
      expect(await shelf.forget(at(50))).toBe(1);
      expect((await shelf.states()).map((one) => one.key)).toEqual([crl(2).key]);
      expect(await shelf.read(crl(1).key, sha256Hex(der))).toBeNull();
      await shelf.settle({ key: crl(1).key, nextAt: at(2), failures: 0, reason: null });
      expect(await shelf.states()).toHaveLength(1);
      await shelf.want([crl(1)], at(101));
      expect((await shelf.states())[0]?.held).toBeNull();
    });
  });
}
