import type { AgencyDraft } from '../../agency/index.ts';
import { batcher, isTrucError, TrucError } from '../../kernel/index.ts';
import { type AgencyCollections, agencyCollections, REGISTRY_ID } from './agency-rows.ts';
import { finishStaged, putStaged, SLICE } from './agency-staged.ts';
import { type Owners, ownersOf, take, takeTurn, writeAgencies } from './agency-turn.ts';
import type { MongoDatabase } from './database.ts';

interface Change {
  drafts: AgencyDraft[];
  recordedAt: string;
}

type Outcome = { revision: number } | { error: TrucError };

const CHANGES_PER_TURN = 64;

/**
 * Registry changes, one after the other over all nodes. Changes that wait for a turn of this node share it; each
 * fails alone.
 */
export function agencyChanges(database: MongoDatabase): (change: Change) => Promise<number> {
  const collections = agencyCollections(database);
  const turns = batcher<Change, Outcome>(
    async (changes) => {
      const outcomes: Outcome[] = [];
      for (const group of turnsOf(changes)) outcomes.push(...(await inTurn(database, collections, group)));
      return outcomes;
    },
    { maxItems: CHANGES_PER_TURN },
  );
  return async (change) => {
    const outcome = await turns.add(change);
    if ('error' in outcome) throw outcome.error;
    return outcome.revision;
  };
}

/** Changes that share a turn stay within what one transaction carries well; one that is larger has a turn for itself. */
function turnsOf(changes: Change[]): Change[][] {
  const groups: Change[][] = [];
  let room = 0;
  for (const change of changes) {
    if (groups.length === 0 || change.drafts.length > room) {
      groups.push([]);
      room = SLICE;
    }
    groups.at(-1)?.push(change);
    room -= change.drafts.length;
  }
  return groups;
}

async function inTurn(
  database: MongoDatabase,
  collections: AgencyCollections,
  changes: Change[],
): Promise<Outcome[]> {
  const [first] = changes as [Change];
  if (first.drafts.length > SLICE) return [await staged(database, collections, first)];
  for (;;) {
    const outcomes = await together(database, collections, changes);
    if (outcomes) return outcomes;
    await finishStaged(database, collections);
  }
}

async function staged(
  database: MongoDatabase,
  collections: AgencyCollections,
  { drafts, recordedAt }: Change,
): Promise<Outcome> {
  try {
    return { revision: await putStaged(database, collections, drafts, recordedAt) };
  } catch (error) {
    if (isTrucError(error, 'agency.code-taken')) return { error };
    throw error;
  }
}

/** Null when a staged change must be finished first. */
function together(
  database: MongoDatabase,
  collections: AgencyCollections,
  changes: Change[],
): Promise<Outcome[] | null> {
  return database.atomically(async (session) => {
    const { revision, pending } = await takeTurn(collections, session);
    if (pending) return null;
    const drafts = changes.flatMap((change) => change.drafts);
    const owners = await ownersOf(collections, drafts, session);
    const outcomes = judge(changes, owners, revision);
    const written = changes.flatMap((change, i) => agenciesOf(change, outcomes[i] as Outcome));
    await writeAgencies(collections, written, new Set(owners.codeOf.keys()), session);
    const accepted = outcomes.filter((outcome) => 'revision' in outcome).length;
    await collections.registry.updateOne({ _id: REGISTRY_ID }, { $inc: { revision: accepted } }, { session });
    return outcomes;
  });
}

function judge(changes: Change[], known: Owners, before: number): Outcome[] {
  let owners = known;
  let revision = before;
  return changes.map(({ drafts }) => {
    const after = { codeOf: new Map(owners.codeOf), idOf: new Map(owners.idOf) };
    const taken = drafts.find((draft) => !take(after, draft));
    if (taken) return { error: new TrucError('agency.code-taken', { code: taken.code }) };
    owners = after;
    revision += 1;
    return { revision };
  });
}

function agenciesOf({ drafts, recordedAt }: Change, outcome: Outcome) {
  if ('error' in outcome) return [];
  return drafts.map((draft) => ({ agency: { ...draft, revision: outcome.revision }, recordedAt }));
}
