import type { AugmentationSchedule, ScheduledAugmentation } from '../../document/index.ts';
import type { CollectionPlan, MongoDatabase } from './database.ts';
import { claimDue } from './due-rows.ts';
import { typedFailures } from './failures.ts';

const SCHEDULE = 'augmentation_schedule';
const MARKS = 'augmentation_marks';

interface ScheduleRow extends Omit<ScheduledAugmentation, 'subjectId'> {
  /** subjectId */
  _id: string;
}

interface MarkRow {
  /** Name of the walk. */
  _id: string;
  mark: string;
}

export const AUGMENTATION_SCHEDULE_PLANS: readonly CollectionPlan[] = [
  {
    name: SCHEDULE,
    indexes: [
      { key: { dueAt: 1 }, name: 'due', partialFilterExpression: { dueAt: { $type: 'string' } } },
      { key: { failure: 1 }, name: 'failing', partialFilterExpression: { failure: { $type: 'string' } } },
    ],
  },
  { name: MARKS, indexes: [] },
];

/** Needs the collections of `AUGMENTATION_SCHEDULE_PLANS`. */
export function augmentationSchedule(mongo: MongoDatabase): AugmentationSchedule {
  const rows = mongo.collection<ScheduleRow>(SCHEDULE);
  const marks = mongo.collection<MarkRow>(MARKS);
  return typedFailures<AugmentationSchedule>({
    open: async (wanted, dueAt) => {
      if (wanted.length === 0) return;
      await rows.bulkWrite(
        wanted.map(({ subjectId, kind }) => ({
          updateOne: {
            filter: { _id: subjectId },
            update: { $setOnInsert: { kind, dueAt, tries: 0, failure: null } },
            upsert: true,
          },
        })),
        { ordered: false },
      );
    },
    claim: async (turn) => (await claimDue(rows, turn)).map(scheduledOf),
    settle: async ({ subjectId, ...outcome }) => {
      await rows.updateOne({ _id: subjectId }, { $set: outcome });
    },
    get: async (subjectId) => {
      const row = await rows.findOne({ _id: subjectId });
      return row ? scheduledOf(row) : null;
    },
    count: async (now) => ({
      due: await rows.countDocuments({ dueAt: { $lte: now, $type: 'string' } }),
      failing: await rows.countDocuments({ failure: { $type: 'string' }, dueAt: { $type: 'string' } }),
    }),
    mark: async (walk) => (await marks.findOne({ _id: walk }))?.mark ?? '',
    moveMark: async (walk, to) => {
      await marks.updateOne({ _id: walk }, { $max: { mark: to } }, { upsert: true });
    },
  });
}

function scheduledOf({ _id, ...row }: ScheduleRow): ScheduledAugmentation {
  return { subjectId: _id, ...row };
}
