import { beforeEach, describe, expect, test } from '@jest/globals';
import type { ClientBook } from '../../src/agency/index.ts';
import { aClient } from '../builders/records.ts';

/** What every book of client systems promises. `open` gives a fresh, empty one. */
export function clientBookContract(name: string, open: () => Promise<ClientBook>): void {
  describe(`client book: ${name}`, () => {
    let book: ClientBook;
    beforeEach(async () => {
      book = await open();
    });

    test('finds a system by its exact id and nothing else', async () => {
      const client = aClient({ clientId: 'qlvb-h53' });
      await book.put(client);
      expect(await book.find('qlvb-h53')).toEqual(client);
      expect(await book.find('QLVB-H53')).toBeNull();
      expect(await book.find('qlvb-h5')).toBeNull();
      expect(await book.find('')).toBeNull();
    });

    test('a disabled system, a new secret: reads see the last write', async () => {
      const client = aClient();
      const changed = { ...client, disabledAt: '2026-03-16T03:00:00.000Z', agencyIds: [] };
      await book.put(client);
      await book.put(changed);
      expect(await book.find(client.clientId)).toEqual(changed);
      expect(await book.list()).toEqual([changed]);
    });

    test('lists every system once, also when fifty are written at once', async () => {
      const clients = Array.from({ length: 50 }, (_, i) => aClient({ clientId: `qlvb-${i}` }));
      await Promise.all([...clients, ...clients].map((client) => book.put(client)));
      const listed = (await book.list()).map((one) => one.clientId);
      expect(listed.sort()).toEqual(clients.map((one) => one.clientId).sort());
    });

    test('what a reader does to its answer does not reach the book', async () => {
      const client = aClient();
      await book.put(client);
      (await book.find(client.clientId))?.scopes.push('admin');
      expect((await book.find(client.clientId))?.scopes).toEqual(client.scopes);
    });
  });
}
