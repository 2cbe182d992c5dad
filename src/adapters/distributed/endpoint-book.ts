import type { Endpoint, EndpointBook } from '../../agency/index.ts';
import type { CollectionPlan, MongoDatabase } from './database.ts';
import { typedFailures } from './failures.ts';
import { type RecordRow, recordBook } from './record-book.ts';

export const ENDPOINT_PLANS: readonly CollectionPlan[] = [{ name: 'endpoints', indexes: [] }];

/** Webhook endpoints by agency. Needs the collections of `ENDPOINT_PLANS`. */
export function endpointBook(database: MongoDatabase): EndpointBook {
  const book = recordBook(database.collection<RecordRow<Endpoint>>('endpoints'));
  return typedFailures({
    of: (agencyId) => book.get(agencyId),
    put: (endpoint) => book.put(endpoint.agencyId, endpoint),
    list: () => book.all(),
  });
}
