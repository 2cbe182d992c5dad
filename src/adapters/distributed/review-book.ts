import type { LaterVerdict, Review, ReviewBook } from '../../document/index.ts';
import type { CollectionPlan, MongoDatabase } from './database.ts';
import { claimDue } from './due-rows.ts';
import { typedFailures } from './failures.ts';

export const REVIEWS = 'reviews';

export interface ReviewRow {
  /** documentId */
  _id: string;
  openedAt: string;
  dueAt: string | null;
  tries: number;
  announced: number;
  verdicts: LaterVerdict[];
}

export const REVIEW_PLANS: readonly CollectionPlan[] = [
  {
    name: REVIEWS,
    indexes: [{ key: { dueAt: 1 }, name: 'due', partialFilterExpression: { dueAt: { $type: 'string' } } }],
  },
];

/** Needs the collections of `REVIEW_PLANS`. */
export function reviewBook(mongo: MongoDatabase): ReviewBook {
  const rows = mongo.collection<ReviewRow>(REVIEWS);
  return typedFailures<ReviewBook>({
    open: async (documentId, openedAt, dueAt) => {
      await rows.updateOne(
        { _id: documentId },
        { $setOnInsert: { openedAt, dueAt, tries: 0, announced: 0, verdicts: [] } },
        { upsert: true },
      );
    },
    claim: async (turn) => (await claimDue(rows, turn)).map(reviewOf),
    get: async (documentId) => {
      const row = await rows.findOne({ _id: documentId });
      return row ? reviewOf(row) : null;
    },
    add: async (documentId, verdict) => {
      const { modifiedCount } = await rows.updateOne(
        { _id: documentId, verdicts: { $size: verdict.number - 1 } },
        { $push: { verdicts: verdict } },
      );
      return modifiedCount === 1;
    },
    settle: async (documentId, { dueAt, tries, announced }) => {
      await rows.updateOne({ _id: documentId }, { $set: { dueAt, tries }, $max: { announced } });
    },
  });
}

export function rowOf({ documentId, ...review }: Review): ReviewRow {
  return { _id: documentId, ...review };
}

function reviewOf({ _id, ...review }: ReviewRow): Review {
  return { documentId: _id, ...review };
}
