import type { ClientBook, ClientSystem } from '../../agency/index.ts';
import type { CollectionPlan, MongoDatabase } from './database.ts';
import { typedFailures } from './failures.ts';
import { type RecordRow, recordBook } from './record-book.ts';

export const CLIENT_PLANS: readonly CollectionPlan[] = [{ name: 'clients', indexes: [] }];

/** Client systems by id. Needs the collections of `CLIENT_PLANS`. */
export function clientBook(database: MongoDatabase): ClientBook {
  const book = recordBook(database.collection<RecordRow<ClientSystem>>('clients'));
  return typedFailures({
    find: (clientId) => book.get(clientId),
    put: (client) => book.put(client.clientId, client),
    list: () => book.all(),
  });
}
