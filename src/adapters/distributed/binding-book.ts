import type { BindingBook, CertificateBinding } from '../../agency/index.ts';
import { batcher } from '../../kernel/index.ts';
import type { CollectionPlan, MongoDatabase } from './database.ts';
import { typedFailures } from './failures.ts';
import { type LookUp, sharedReads } from './shared-reads.ts';

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
      { name: 'by_agency', key: { agencyId: 1, validFrom: -1, certificateSha256: -1 } },
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
    of: sharedReads(database, BY_CERTIFICATE),
    ofAgency: async (agencyId: string, limit: number) => {
      const found = rows.find({ agencyId }).sort({ validFrom: -1, certificateSha256: -1 });
      return (await found.limit(limit).toArray()).map((row) => row.record);
    },
    put: (bindings: CertificateBinding[]) => writes.add(bindings),
  });
}

const BY_CERTIFICATE: LookUp<string, BindingRow, CertificateBinding[]> = {
  collection: 'bindings',
  match: (certificates) => ({ certificateSha256: { $in: [...new Set(certificates)] } }),
  fields: { certificateSha256: 1, validFrom: 1, agencyId: 1, record: 1 },
  answer: (found, certificates) => {
    const order = ({ validFrom, agencyId }: BindingRow) => `${validFrom} ${agencyId}`;
    const sorted = [...found].sort((a, b) => (order(a) < order(b) ? -1 : 1));
    const ofEach = Map.groupBy(sorted, (row) => row.certificateSha256);
    return certificates.map((one) => (ofEach.get(one) ?? []).map((row) => row.record));
  },
};

/** In order, so that of two writes of one binding in a batch the later one stays. */
function replacing(record: CertificateBinding) {
  const { certificateSha256, validFrom, agencyId } = record;
  const key = { certificateSha256, validFrom, agencyId };
  return { replaceOne: { filter: key, replacement: { ...key, record }, upsert: true } };
}
