import type { Augmentation, AugmentationBook, PendingEvent } from '../../document/index.ts';
import type { Collection, CollectionPlan, MongoDatabase } from './database.ts';
import { typedFailures } from './failures.ts';
import type { Step, WriteLane, Written } from './write-lane.ts';

export const AUGMENTATIONS = 'augmentations';

export interface AugmentationRow extends Augmentation {
  /** What there can be one of. */
  _id: string;
}

export const AUGMENTATION_PLANS: readonly CollectionPlan[] = [
  {
    name: AUGMENTATIONS,
    indexes: [{ key: { documentId: 1, attachment: 1, number: 1 }, name: 'by_document' }],
  },
];

interface Adding {
  augmentation: Augmentation;
  event: PendingEvent;
}

/** Needs the collection of `AUGMENTATION_PLANS`. */
export function augmentationBook(mongo: MongoDatabase, lane: WriteLane): AugmentationBook {
  const rows = mongo.collection<AugmentationRow>(AUGMENTATIONS);
  const adding = add(rows);
  return typedFailures<AugmentationBook>({
    add: (augmentation, event) => lane.write(adding, { augmentation, event }),
    of: async (documentId) => {
      const found = await rows.find({ documentId }).sort({ attachment: 1, number: 1 }).toArray();
      return found.map(({ _id, ...augmentation }) => augmentation);
    },
  });
}

/** Of two nodes that add one number at once, one meets the other's row, and looks again. */
function add(rows: Collection<AugmentationRow>): Step<Adding, boolean> {
  return async (items, session) => {
    const wanted = items.map(({ augmentation }) => rowOf(augmentation));
    const known = await rows
      .find({ _id: { $in: wanted.map((row) => row._id) } }, { session, projection: { _id: 1 } })
      .toArray();
    const taken = new Set(known.map((row) => row._id));
    const fresh: AugmentationRow[] = [];
    const outcomes = items.map(({ event }, i): Written<boolean> => {
      const row = wanted[i] as AugmentationRow;
      if (taken.has(row._id)) return { result: false };
      taken.add(row._id);
      fresh.push(row);
      return { result: true, events: [event] };
    });
    if (fresh.length > 0) await rows.insertMany(fresh, { session });
    return outcomes;
  };
}

export function rowOf(augmentation: Augmentation): AugmentationRow {
  const { documentId, attachment, number } = augmentation;
  return { _id: `${documentId}|${attachment}|${number}`, ...augmentation };
}
