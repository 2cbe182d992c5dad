import type { BindingBook, CertificateBinding } from '../../agency/index.ts';
import { batcher } from '../../kernel/index.ts';
import type { CollectionPlan, MongoDatabase } from './database.ts';
import { typedFailures } from './failures.ts';
import { sharedReads } from './shared-reads.ts';

interface BindingRow {
  certificateSha256: string;
  validFrom: string;
  agencyId: string;
  record: CertificateBinding;
}

/** Unique, and in the order in which the bindings of one certificate are read. */
export const BINDING_PLANS: readonly CollectionPlan[] = [
  {
    name: 'bindings',
    indexes: [
      { name: 'one_binding', key: { certificateSha256: 1, validFrom: 1, agencyId: 1 }, unique: true },
    ],
  },
];

const WRITES_PER_TRIP = 256;

/** Bindings of certificates. Needs the collections of `BINDING_PLANS`. */
export function bindingBook(database: MongoDatabase): BindingBook {
  const rows = database.collection<BindingRow>('bindings');
  const writes = batcher<CertificateBinding[], void>(
    async (batch) => {
      const operations = batch.flat().map(replacing);
      if (operations.length > 0) await rows.bulkWrite(operations);
      return batch.map(() => undefined);
    },
    { maxItems: WRITES_PER_TRIP },
  );
  return typedFailures({
    of: sharedReads(async (certificates: readonly string[]) => {
      const found = await rows
        .find({ certificateSha256: { $in: [...new Set(certificates)] } })
        .sort({ certificateSha256: 1, validFrom: 1, agencyId: 1 })
        .toArray();
      const ofEach = Map.groupBy(found, (row) => row.certificateSha256);
      return certificates.map((one) => (ofEach.get(one) ?? []).map((row) => row.record));
    }),
    put: (bindings) => writes.add(bindings),
  });
}

/** In order, so that of two writes of one binding in a batch the later one stays. */
function replacing(record: CertificateBinding) {
  const { certificateSha256, validFrom, agencyId } = record;
  const key = { certificateSha256, validFrom, agencyId };
  return { replaceOne: { filter: key, replacement: { ...key, record }, upsert: true } };
}
