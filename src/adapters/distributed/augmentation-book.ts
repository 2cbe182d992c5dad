import type { Augmentation, AugmentationBook } from '../../document/index.ts';
import type { CollectionPlan, MongoDatabase } from './database.ts';
import { isDuplicateKey, typedFailures } from './failures.ts';

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

/** Needs the collection of `AUGMENTATION_PLANS`. */
export function augmentationBook(mongo: MongoDatabase): AugmentationBook {
  const rows = mongo.collection<AugmentationRow>(AUGMENTATIONS);
  return typedFailures<AugmentationBook>({
    add: async (augmentation) => {
      try {
        await rows.insertOne(rowOf(augmentation));
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },
    of: async (documentId) => {
      const found = await rows.find({ documentId }).sort({ attachment: 1, number: 1 }).toArray();
      return found.map(({ _id, ...augmentation }) => augmentation);
    },
  });
}

export function rowOf(augmentation: Augmentation): AugmentationRow {
  const { documentId, attachment, number } = augmentation;
  return { _id: `${documentId}|${attachment}|${number}`, ...augmentation };
}
