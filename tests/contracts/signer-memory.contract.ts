import { beforeEach, describe, expect, test } from '@jest/globals';
import { sha256 } from '../../src/kernel/index.ts';
import type { SignedHead, SignerMemory } from '../../src/ledger/index.ts';

const headOf = (size: number): SignedHead => ({
  origin: 'test.example/ledger/1',
  size,
  root: sha256(String(size)),
});

/** What every memory of a signer promises. `open` gives a fresh, empty one. */
export function signerMemoryContract(name: string, open: () => Promise<SignerMemory>): void {
  describe(`signer memory: ${name}`, () => {
    let memory: SignerMemory;
    beforeEach(async () => {
      memory = await open();
    });

    test('remembers nothing at first', async () => {
      expect(await memory.load()).toBeNull();
    });

    test('gives the last of many heads, whole', async () => {
      await memory.load();
      for (let size = 1; size <= 20; size++) {
        await memory.save(headOf(size));
        expect(await memory.load()).toEqual(headOf(size));
      }
    });

    test('the same head again is the same head', async () => {
      await memory.load();
      for (let i = 0; i < 3; i++) await memory.save(headOf(7));
      expect(await memory.load()).toEqual(headOf(7));
    });

    test('what the caller does with its bytes afterwards changes nothing', async () => {
      await memory.load();
      const head = headOf(3);
      await memory.save(head);
      head.root.fill(0);
      expect((await memory.load())?.root).toEqual(headOf(3).root);
    });
  });
}
