import { type SavedView, VIEWS_KEPT, type ViewBook } from '../../agency/index.ts';
import type { CollectionPlan, MongoDatabase } from './database.ts';
import { typedFailures } from './failures.ts';

const VIEWS = 'saved_views';

interface ViewRow {
  /** personId: all of a person in one row, so that they are counted and written at once. */
  _id: string;
  views: Omit<SavedView, 'personId'>[];
}

export const VIEW_PLANS: readonly CollectionPlan[] = [{ name: VIEWS, indexes: [] }];

/** Needs the collection of `VIEW_PLANS`. */
export function viewBook(mongo: MongoDatabase): ViewBook {
  const rows = mongo.collection<ViewRow>(VIEWS);
  return typedFailures<ViewBook>({
    of: async (personId) => {
      const row = await rows.findOne({ _id: personId });
      const views = (row?.views ?? []).map((one) => ({ personId, ...one }));
      return views.sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    put: async ({ personId, ...view }) => {
      const others = {
        $filter: {
          input: { $ifNull: ['$views', []] },
          cond: { $ne: ['$$this.name', { $literal: view.name }] },
        },
      };
      const fits = { $lt: [{ $size: others }, VIEWS_KEPT] };
      const next = { $concatArrays: [others, [{ $literal: view }]] };
      const row = await rows.findOneAndUpdate(
        { _id: personId },
        [{ $set: { views: { $cond: [fits, next, '$views'] } } }],
        { upsert: true, returnDocument: 'after' },
      );
      return row?.views.some((one) => one.name === view.name && one.savedAt === view.savedAt) ?? false;
    },
    remove: async (personId, name) => {
      await rows.updateOne({ _id: personId }, { $pull: { views: { name } } });
    },
  });
}
