import { type Candidate, editDistance } from '../../agency/index.ts';
import { type AgencyRow, foldedWords } from './agency-rows.ts';
import type { Collection } from './database.ts';

type Rows = Collection<AgencyRow>;

/** Bounds on what one wrong code may cost: whoever sends one must not make the registry be read from end to end. */
const MOST_ROOTS = 20;
const MOST_BELOW = 5_000;
const MOST_BY_NAME = 50;
const MOST_WORDS = 12;
const MOST_READ_BY_NAME = 5_000;
const COUNTED = 1_000;
const ROOT_EDITS = 2;

const CANDIDATE = { _id: 0, code: 1, 'record.name': 1 } as const;

/**
 * Agencies that a code nobody has could have meant: those below the same first group, the same code below a similar
 * first group, and those whose name has the words given.
 */
export async function candidatesFor(rows: Rows, wanted: string, name: string): Promise<Candidate[]> {
  const [root = '', ...rest] = wanted.split('.');
  const found = await Promise.all([twins(rows, root, rest), below(rows, root), named(rows, name)]);
  return found.flat().map((row) => ({ code: row.code, name: row.record.name }));
}

async function twins(rows: Rows, root: string, rest: string[]): Promise<AgencyRow[]> {
  const similar = (await rootsOf(rows)).filter((one) => editDistance(root, one, ROOT_EDITS) <= ROOT_EDITS);
  const codes = similar.slice(0, MOST_ROOTS).map((one) => [one, ...rest].join('.'));
  return rows
    .find({ code: { $in: codes } }, { projection: CANDIDATE })
    .hint('one_code')
    .toArray();
}

/** First groups of all codes: a few hundred ministries and provinces, found by skipping along the index. */
async function rootsOf(rows: Rows): Promise<string[]> {
  const groups = rows.aggregate<{ _id: string }>([{ $group: { _id: '$root' } }], { hint: 'by_root' });
  return (await groups.toArray()).map((group) => group._id).sort();
}

function below(rows: Rows, root: string): Promise<AgencyRow[]> {
  // The sign after the dot: beyond all codes below this root.
  const range = { code: { $gte: root, $lt: `${root}/` } };
  const cursor = rows.find(range, { projection: CANDIDATE }).hint('by_code').sort({ code: 1 });
  return cursor.limit(MOST_BELOW).batchSize(MOST_BELOW).toArray();
}

async function named(rows: Rows, name: string): Promise<AgencyRow[]> {
  const words = foldedWords(name).slice(0, MOST_WORDS);
  if (words.length === 0) return [];
  const steps = [
    { $match: { words: await rarest(rows, words) } },
    { $limit: MOST_READ_BY_NAME },
    { $match: { words: { $all: words } } },
    { $limit: MOST_BY_NAME },
    { $project: CANDIDATE },
  ];
  return rows.aggregate<AgencyRow>(steps, { hint: 'by_word' }).toArray();
}

/** The word in the fewest names; of common ones the longest. */
async function rarest(rows: Rows, words: string[]): Promise<string> {
  const counted = await Promise.all(
    words.map(async (word) => ({
      word,
      count: await rows.countDocuments({ words: word }, { hint: 'by_word', limit: COUNTED }),
    })),
  );
  counted.sort((a, b) => a.count - b.count || b.word.length - a.word.length);
  return counted[0]?.word as string;
}
