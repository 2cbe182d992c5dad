import type {
  ClaimedSource,
  HeldAnswer,
  RevocationShelf,
  RevocationSource,
  Settlement,
  SourceState,
} from '../../verification/index.ts';
import type { Collection, CollectionPlan, MongoDatabase } from './database.ts';
import { typedFailures } from './failures.ts';

interface SourceRow {
  /** The source's key. */
  _id: string;
  kind: RevocationSource['kind'];
  url: string;
  certificate: string | null;
  issuer: string | null;
  seenAt: string;
  nextAt: string;
  failures: number;
  reason: string | null;
  held: HeldAnswer | null;
}

/** A piece of an answer: lists of some authorities are larger than MongoDB lets a document be. */
interface PartRow {
  _id: { key: string; sha256: string; n: number };
  key: string;
  der: Buffer;
}

const SOURCES = 'revocation_sources';
const PARTS = 'revocation_parts';
const PART_BYTES = 4 * 1024 * 1024;

export const REVOCATION_PLANS: readonly CollectionPlan[] = [
  {
    name: SOURCES,
    indexes: [
      { key: { nextAt: 1 }, name: 'due' },
      { key: { seenAt: 1 }, name: 'seen' },
    ],
  },
  { name: PARTS, indexes: [{ key: { key: 1 }, name: 'key' }] },
];

/** Needs the collections of `REVOCATION_PLANS`. */
export function revocationShelf(mongo: MongoDatabase): RevocationShelf {
  const sources = mongo.collection<SourceRow>(SOURCES);
  const parts = mongo.collection<PartRow>(PARTS);
  return typedFailures<RevocationShelf>({
    want: async (wanted, at) => {
      if (wanted.length === 0) return;
      await sources.bulkWrite(
        wanted.map((source) => wanting(source, at)),
        { ordered: false },
      );
    },
    claim: ({ now, until, limit }) => claim(sources, now, until, limit),
    settle: (settlement) => settle(sources, parts, settlement),
    states: async () => {
      const rows = await sources
        .find({}, { projection: { certificate: 0, issuer: 0 } })
        .hint('_id_')
        .sort({ _id: 1 })
        .toArray();
      return rows.map(stateOf);
    },
    read: (key, sha256) => read(sources, parts, key, sha256),
    forget: async (before) => {
      const old = await sources.find({ seenAt: { $lt: before } }, { projection: { _id: 1 } }).toArray();
      const keys = old.map(({ _id }) => _id);
      const { deletedCount } = await sources.deleteMany({ _id: { $in: keys }, seenAt: { $lt: before } });
      await parts.deleteMany({ key: { $in: keys } });
      return deletedCount;
    },
  });
}

function wanting({ key, ...source }: RevocationSource, at: string) {
  return {
    updateOne: {
      filter: { _id: key },
      update: {
        $max: { seenAt: at },
        $setOnInsert: { ...source, nextAt: at, failures: 0, reason: null, held: null },
      },
      upsert: true,
    },
  };
}

/** Whoever moves the time that it has read has the source; another node found it moved. */
async function claim(
  sources: Collection<SourceRow>,
  now: string,
  until: string,
  limit: number,
): Promise<ClaimedSource[]> {
  const due = await sources
    .find({ nextAt: { $lte: now } })
    .sort({ nextAt: 1 })
    .limit(limit)
    .toArray();
  const claimed: ClaimedSource[] = [];
  for (const row of due) {
    const { modifiedCount } = await sources.updateOne(
      { _id: row._id, nextAt: row.nextAt },
      { $set: { nextAt: until } },
    );
    if (modifiedCount === 0) continue;
    const { certificate, issuer } = row;
    claimed.push({ ...stateOf({ ...row, nextAt: until }), certificate, issuer });
  }
  return claimed;
}

/** The parts come first, so that a source never names an answer that is not there as a whole. */
async function settle(
  sources: Collection<SourceRow>,
  parts: Collection<PartRow>,
  { key, nextAt, failures, reason, answer }: Settlement,
): Promise<void> {
  const outcome = { nextAt, failures, reason };
  await sources.updateOne({ _id: key }, { $set: outcome });
  if (!answer) return;
  const { held, der } = answer;
  const { sha256 } = held;
  for (let n = 0; n * PART_BYTES < der.length; n++) {
    const piece = Buffer.from(der.subarray(n * PART_BYTES, (n + 1) * PART_BYTES));
    await parts.replaceOne({ _id: { key, sha256, n } }, { key, der: piece }, { upsert: true });
  }
  const before = await sources.findOneAndUpdate(
    { _id: key, $or: [{ held: null }, { 'held.thisUpdate': { $lte: held.thisUpdate } }] },
    { $set: { held } },
    { projection: { held: 1 }, returnDocument: 'before' },
  );
  // Only what this answer took the place of, or itself where a newer one is there: other nodes may be storing theirs.
  const useless = before ? before.held?.sha256 : sha256;
  const current = before ? sha256 : await heldNow(sources, key);
  if (useless !== undefined && useless !== current) await parts.deleteMany({ key, '_id.sha256': useless });
}

async function heldNow(sources: Collection<SourceRow>, key: string): Promise<string | undefined> {
  return (await sources.findOne({ _id: key }, { projection: { held: 1 } }))?.held?.sha256;
}

async function read(
  sources: Collection<SourceRow>,
  parts: Collection<PartRow>,
  key: string,
  sha256: string,
): Promise<Buffer | null> {
  const held = (await sources.findOne({ _id: key }, { projection: { held: 1 } }))?.held;
  if (held?.sha256 !== sha256) return null;
  const rows = await parts.find({ key, '_id.sha256': sha256 }, { promoteBuffers: true }).toArray();
  const der = Buffer.concat(rows.sort((a, b) => a._id.n - b._id.n).map((row) => row.der));
  // Another node has put a newer answer in its place in between.
  return der.length === held.size ? der : null;
}

function stateOf(row: Omit<SourceRow, 'certificate' | 'issuer'>): SourceState {
  const { kind, url, seenAt, nextAt, failures, reason, held } = row;
  return { key: row._id, kind, url, seenAt, nextAt, failures, reason, held };
}
