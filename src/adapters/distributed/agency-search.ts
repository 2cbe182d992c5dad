import { type AgencyQuery, normalCode } from '../../agency/index.ts';
import { type AgencyRow, BEYOND, foldedWords } from './agency-rows.ts';
import type { Collection } from './database.ts';

type Rows = Collection<AgencyRow>;
type Found = Pick<AgencyRow, 'record'>;

const MOST_WORDS = 8;
/** A word in fewer names than this is looked up by itself; with commoner ones the names are judged in code order. */
const RARE = 2_000;

/** The first `most` agencies in code order after `query.after` that fit the query. */
export async function searched(rows: Rows, query: AgencyQuery, most: number): Promise<Found[]> {
  const { text } = query;
  if (!text) return inCodeOrder(rows, query, [], most);
  const [byName, byCode] = await Promise.all([
    withName(rows, query, foldedWords(text).slice(0, MOST_WORDS), most),
    withCode(rows, query, normalCode(text), most),
  ]);
  const found = new Map([...byName, ...byCode].map((row) => [row.record.code, row]));
  return [...found.values()].sort((a, b) => (a.record.code < b.record.code ? -1 : 1)).slice(0, most);
}

/** Every word must begin some word of the name. */
async function withName(rows: Rows, query: AgencyQuery, words: string[], most: number): Promise<Found[]> {
  if (words.length === 0) return [];
  // An agency has at most a few thousand below it: fewer than a look-up by word would read.
  const rare = query.parentId ? null : await rareWord(rows, words);
  if (rare === null) return inCodeOrder(rows, query, words, most);
  const filter = { words: beginning(rare), ...narrowed(query), ...withWords(words) };
  return rows.find(filter, FOUND).hint('by_word').sort({ code: 1 }).limit(most).toArray();
}

function withCode(rows: Rows, query: AgencyQuery, code: string, most: number): Promise<Found[]> {
  const range = { $and: [narrowed(query), { code: { $gte: code, $lt: `${code}${BEYOND}` } }] };
  return rows.find(range, FOUND).hint(indexFor(query)).sort({ code: 1 }).limit(most).toArray();
}

/** Walks an index that is in code order and holds the words, so that only what fits is fetched. */
function inCodeOrder(rows: Rows, query: AgencyQuery, words: string[], most: number): Promise<Found[]> {
  const filter = { ...narrowed(query), ...withWords(words) };
  return rows.find(filter, FOUND).hint(indexFor(query)).sort({ code: 1 }).limit(most).toArray();
}

/** The word that begins words of the fewest names, or null when all are common. */
async function rareWord(rows: Rows, words: string[]): Promise<string | null> {
  const counts = await Promise.all(
    words.map((word) => rows.countDocuments({ words: beginning(word) }, { hint: 'by_word', limit: RARE })),
  );
  const fewest = Math.min(...counts);
  return fewest < RARE ? (words[counts.indexOf(fewest)] as string) : null;
}

function indexFor({ level, parentId }: AgencyQuery): string {
  if (parentId) return 'by_parent';
  return level ? 'by_level' : 'by_code';
}

const FOUND = { projection: { _id: 0, record: 1 } } as const;

function narrowed({ after = '', level, parentId }: AgencyQuery) {
  return { code: { $gt: after }, ...(level && { level }), ...(parentId && { parentId }) };
}

function withWords(words: string[]) {
  return words.length === 0 ? {} : { $and: words.map((word) => ({ search: new RegExp(` ${word}`) })) };
}

function beginning(word: string): RegExp {
  return new RegExp(`^${word}`);
}
