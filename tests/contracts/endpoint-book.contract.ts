import { beforeEach, describe, expect, test } from '@jest/globals';
import type { EndpointBook } from '../../src/agency/index.ts';
import { newId } from '../../src/kernel/index.ts';
import { anEndpoint } from '../builders/records.ts';

/** What every book of webhook endpoints promises. `open` gives a fresh, empty one. */
export function endpointBookContract(name: string, open: () => Promise<EndpointBook>): void {
  describe(`endpoint book: ${name}`, () => {
    let book: EndpointBook;
    beforeEach(async () => {
      book = await open();
    });

    test('an agency without an endpoint has none', async () => {
      await book.put(anEndpoint());
      expect(await book.of(newId())).toBeNull();
    });

    test('one endpoint per agency: a later one takes the place of the earlier', async () => {
      const first = anEndpoint();
      const later = anEndpoint({ agencyId: first.agencyId, push: 'content', ca: 'PEM', active: false });
      await book.put(first);
      await book.put(later);
      expect(await book.of(first.agencyId)).toEqual(later);
      expect(await book.list()).toEqual([later]);
    });

    test('an agency whose arrivals the pages take in has no address', async () => {
      const office = anEndpoint({ push: 'office', url: '' });
      await book.put(office);
      expect(await book.of(office.agencyId)).toEqual(office);
    });

    test('lists the endpoints of all agencies', async () => {
      const endpoints = Array.from({ length: 50 }, () => anEndpoint());
      await Promise.all(endpoints.map((one) => book.put(one)));
      expect(new Set((await book.list()).map((one) => one.agencyId))).toEqual(
        new Set(endpoints.map((one) => one.agencyId)),
      );
    });
  });
}
