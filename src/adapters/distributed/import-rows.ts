import type { MovedRows, RowSink } from '../moved-rows.ts';
import { agencyCollections, rowOf as agencyRow, REGISTRY_ID } from './agency-rows.ts';
import { AUGMENTATIONS, type AugmentationRow, rowOf as augmentationRow } from './augmentation-book.ts';
import type { Collection, MongoDatabase } from './database.ts';
import { DELEGATIONS, type DelegationRow, rowOf as delegationRow } from './delegation-book.ts';
import { DELIVERIES, DELIVERY_COUNTS, type DeliveryRow, rowOf as deliveryRow } from './delivery-rows.ts';
import { DOCUMENTS, type DocumentRow, rowOf as documentRow } from './document-rows.ts';
import { DRAFTS, type DraftRow, rowOf as draftRow } from './draft-store.ts';
import { EVENTS, type EventRow, movedRow as eventRow, raisePositions } from './event-rows.ts';
import { importLedger } from './import-ledger.ts';
import { importStatuses } from './import-statuses.ts';
import { PERSONS, type PersonRow, rowOf as personRow } from './person-book.ts';
import type { RecordRow } from './record-book.ts';
import { REFUSALS, type RefusalRow, rowOf as refusalRow } from './refusal-book.ts';
import { REVIEWS, type ReviewRow, rowOf as reviewRow } from './review-book.ts';
import { WORK_FILES, type WorkRow, rowOf as workRow } from './work-book.ts';

type Parts = Omit<RowSink, 'ledger'>;

/** The way in of an installation that moves here (docs/spec/export.md). */
export interface Moving {
  sink: RowSink;
  /** How many rows of each part there are. */
  counts(): Promise<{ [Part in keyof RowSink]: number }>;
  /** Figures that follow from the rows. @param revision of the registry of agencies */
  finish(revision: number): Promise<void>;
}

/** @param epoch fencing number of the ledger that moves */
export function importRows(
  mongo: MongoDatabase,
  journal: Parameters<typeof importLedger>[0],
  epoch: number,
): Moving {
  const registry = agencyCollections(mongo);
  const documents = mongo.collection<DocumentRow>(DOCUMENTS);
  const events = mongo.collection<EventRow>(EVENTS);
  const deliveries = mongo.collection<DeliveryRow>(DELIVERIES);
  const refusals = mongo.collection<RefusalRow>(REFUSALS);
  const persons = mongo.collection<PersonRow>(PERSONS);
  const augmentations = mongo.collection<AugmentationRow>(AUGMENTATIONS);
  const reviews = mongo.collection<ReviewRow>(REVIEWS);
  const statuses = importStatuses(mongo);
  const records = <Value>(name: string) => mongo.collection<RecordRow<Value>>(name);
  let position = 0;

  const parts: Parts = {
    agencies: (rows) => put(registry.rows, rows.map(agencyRow)),
    'agency-history': async (rows) => {
      await registry.states.bulkWrite(rows.map(stateWrite), { ordered: false });
    },
    bindings: async (rows) => {
      await mongo.collection('bindings').bulkWrite(rows.map(bindingWrite), { ordered: false });
    },
    clients: (rows) =>
      put(
        records('clients'),
        rows.map((record) => ({ _id: record.clientId, record })),
      ),
    endpoints: (rows) =>
      put(
        records('endpoints'),
        rows.map((record) => ({ _id: record.agencyId, record })),
      ),
    persons: (rows) => put(persons, rows.map(personRow)),
    documents: (rows) => put(documents, rows.map(documentRow)),
    drafts: (rows) => put(mongo.collection<DraftRow>(DRAFTS), rows.map(draftRow)),
    delegations: (rows) => put(mongo.collection<DelegationRow>(DELEGATIONS), rows.map(delegationRow)),
    'work-files': (rows) => put(mongo.collection<WorkRow>(WORK_FILES), rows.map(workRow)),
    events: async (rows) => {
      const ids = [...new Set(rows.map((event) => event.subjectId))];
      const found = await documents.find({ _id: { $in: ids } }).toArray();
      const subjects = new Map(found.map((row) => [row._id, row]));
      await put(
        events,
        rows.map((event) => eventRow(event, subjects.get(event.subjectId))),
      );
      position = Math.max(position, ...rows.map((event) => event.position));
    },
    deliveries: (rows) => put(deliveries, rows.map(deliveryRow)),
    statuses: statuses.put,
    refusals: (rows) => put(refusals, rows.map(refusalRow)),
    reviews: (rows) => put(reviews, rows.map(reviewRow)),
    augmentations: (rows) => put(augmentations, rows.map(augmentationRow)),
  };

  return {
    sink: { ...parts, ledger: importLedger(journal, epoch) },
    counts: async () => ({
      agencies: await registry.rows.countDocuments(),
      'agency-history': await registry.states.countDocuments(),
      bindings: await mongo.collection('bindings').countDocuments(),
      clients: await records('clients').countDocuments(),
      endpoints: await records('endpoints').countDocuments(),
      persons: await persons.countDocuments(),
      ledger: (await journal.head()).size,
      documents: await documents.countDocuments(),
      drafts: await mongo.collection(DRAFTS).countDocuments(),
      delegations: await mongo.collection(DELEGATIONS).countDocuments(),
      'work-files': await mongo.collection(WORK_FILES).countDocuments(),
      events: await events.countDocuments(),
      deliveries: await deliveries.countDocuments(),
      statuses: await statuses.count(),
      refusals: await refusals.countDocuments(),
      reviews: await reviews.countDocuments(),
      augmentations: await augmentations.countDocuments(),
    }),
    finish: async (revision) => {
      const registryRow = { revision, turns: 0, pending: null };
      await registry.registry.replaceOne({ _id: REGISTRY_ID }, registryRow, { upsert: true });
      await raisePositions(mongo, position);
      await countDeliveries(mongo, deliveries);
    },
  };
}

/** Under their ids, so that a page that comes again is the same rows. */
async function put<Row extends { _id: string }>(into: Collection<Row>, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  await into.bulkWrite(
    rows.map(({ _id, ...replacement }) => ({
      replaceOne: { filter: { _id } as never, replacement: replacement as never, upsert: true },
    })),
    { ordered: false },
  );
}

function stateWrite({ agency, recordedAt }: MovedRows['agency-history']) {
  const key = { agencyId: agency.id, revision: agency.revision };
  return { replaceOne: { filter: key, replacement: { ...key, recordedAt, record: agency }, upsert: true } };
}

function bindingWrite(record: MovedRows['bindings']) {
  const { certificateSha256, validFrom, agencyId } = record;
  const key = { certificateSha256, validFrom, agencyId };
  return { replaceOne: { filter: key, replacement: { ...key, record }, upsert: true } };
}

async function countDeliveries(mongo: MongoDatabase, rows: Collection<DeliveryRow>): Promise<void> {
  const found = await rows
    .aggregate<{ _id: string; count: number }>([{ $sortByCount: '$state' }], { hint: 'by_state' })
    .toArray();
  const sums = Object.fromEntries(found.map(({ _id, count }) => [_id, count]));
  await mongo.collection<{ _id: number }>(DELIVERY_COUNTS).replaceOne({ _id: 0 }, sums, { upsert: true });
}
