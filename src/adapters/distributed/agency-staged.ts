import type { AgencyDraft } from '../../agency/index.ts';
import { newId, TrucError } from '../../kernel/index.ts';
import { type AgencyCollections, REGISTRY_ID } from './agency-rows.ts';
import { ownersOf, take, takeTurn, writeAgencies } from './agency-turn.ts';
import type { MongoDatabase } from './database.ts';

/** What one transaction carries well, also on a server with little memory. */
export const SLICE = 500;
const DAY_MS = 86_400_000;

/**
 * A change that is too large for one transaction, such as the import of a whole nation. Its drafts are laid aside in
 * slices; one transaction judges them and decides; then the slices are applied, by whoever comes: every later turn
 * finishes a decided change first. Its revision is seen when it is complete, its agencies one slice after the other.
 * @throws TrucError `agency.code-taken`; nothing was changed then
 */
export async function putStaged(
  database: MongoDatabase,
  collections: AgencyCollections,
  drafts: AgencyDraft[],
  recordedAt: string,
): Promise<number> {
  const putId = newId();
  const slices = await stage(collections, putId, drafts, recordedAt);
  for (;;) {
    const outcome = await decide(database, collections, { putId, slices, applied: 0, recordedAt }, drafts);
    if (outcome !== null && 'taken' in outcome) {
      await collections.slices.deleteMany({ putId });
      throw new TrucError('agency.code-taken', { code: outcome.taken });
    }
    await finishStaged(database, collections);
    if (outcome !== null) return outcome.revision;
  }
}

async function stage(
  { slices, registry }: AgencyCollections,
  putId: string,
  drafts: AgencyDraft[],
  recordedAt: string,
): Promise<number> {
  const pending = (await registry.findOne({ _id: REGISTRY_ID }))?.pending?.putId ?? '';
  const abandoned = { stagedAt: { $lt: new Date(Date.parse(recordedAt) - DAY_MS) }, putId: { $ne: pending } };
  await slices.deleteMany(abandoned, { hint: 'by_time' });
  const stagedAt = new Date(recordedAt);
  let no = 0;
  for (let i = 0; i < drafts.length; i += SLICE, no++)
    await slices.insertOne({ putId, no, stagedAt, drafts: drafts.slice(i, i + SLICE) });
  return no;
}

/** Null when another staged change must be finished first. */
function decide(
  database: MongoDatabase,
  collections: AgencyCollections,
  pending: { putId: string; slices: number; applied: number; recordedAt: string },
  drafts: AgencyDraft[],
): Promise<{ revision: number } | { taken: string } | null> {
  return database.atomically(async (session) => {
    const registry = await takeTurn(collections, session);
    if (registry.pending) return null;
    const owners = await ownersOf(collections, drafts, session);
    const taken = drafts.find((draft) => !take(owners, draft));
    if (taken) return { taken: taken.code };
    const there = await collections.slices.countDocuments({ putId: pending.putId }, { session });
    if (there !== pending.slices)
      throw new TrucError('adapters.store-failed', { store: 'mongodb', cause: 'slices-missing' });
    await collections.registry.updateOne({ _id: REGISTRY_ID }, { $set: { pending } }, { session });
    return { revision: registry.revision + 1 };
  });
}

/** Completes the staged change that was decided, if there is one. Safe for several nodes at once. */
export async function finishStaged(database: MongoDatabase, collections: AgencyCollections): Promise<void> {
  for (;;) {
    const { done, putId } = await applyNext(database, collections);
    if (!done) continue;
    if (putId) await collections.slices.deleteMany({ putId });
    return;
  }
}

function applyNext(database: MongoDatabase, collections: AgencyCollections) {
  return database.atomically(async (session) => {
    const { pending, revision } = await takeTurn(collections, session);
    if (!pending) return { done: true, putId: null };
    const { putId, applied, recordedAt } = pending;
    const slice = await collections.slices.findOne({ putId, no: applied }, { session });
    if (!slice) throw new TrucError('adapters.store-failed', { store: 'mongodb', cause: 'slices-missing' });
    const known = await ownersOf(collections, slice.drafts, session);
    const written = slice.drafts.map((draft) => ({
      agency: { ...draft, revision: revision + 1 },
      recordedAt,
    }));
    await writeAgencies(collections, written, new Set(known.codeOf.keys()), session);
    const done = applied + 1 === pending.slices;
    const step = done
      ? { $inc: { revision: 1 }, $set: { pending: null } }
      : { $inc: { 'pending.applied': 1 } };
    await collections.registry.updateOne({ _id: REGISTRY_ID }, step, { session });
    return { done, putId };
  });
}
