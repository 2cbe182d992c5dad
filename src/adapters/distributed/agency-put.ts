import type { Agency, AgencyDraft } from '../../agency/index.ts';
import { batcher, TrucError } from '../../kernel/index.ts';
import { type AgencyCollections, agencyCollections, REGISTRY_ID, rowOf } from './agency-rows.ts';
import type { MongoDatabase, Session } from './database.ts';

interface Change {
  drafts: AgencyDraft[];
  recordedAt: string;
}

type Outcome = { revision: number } | { error: TrucError };

/** Which code belongs to which agency, both ways, for the agencies and codes of one transaction. */
interface Owners {
  codeOf: Map<string, string>;
  idOf: Map<string, string>;
}

interface Accepted {
  agencies: Agency[];
  recordedAt: string;
}

const CHANGES_PER_TURN = 64;
const DRAFTS_PER_TURN = 5_000;

/**
 * Registry changes, one after the other over all nodes: every turn first moves the registry's only row, so a second
 * turn at the same time is a write conflict and begins again. Revisions therefore become visible in their order and
 * without gaps. Changes that wait for a turn of this node share it; each fails alone.
 */
export function agencyChanges(database: MongoDatabase): (change: Change) => Promise<number> {
  const collections = agencyCollections(database);
  const turns = batcher<Change, Outcome>(
    async (changes) => {
      const outcomes: Outcome[] = [];
      for (const group of turnsOf(changes)) outcomes.push(...(await turn(database, collections, group)));
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
      room = DRAFTS_PER_TURN;
    }
    groups.at(-1)?.push(change);
    room -= change.drafts.length;
  }
  return groups;
}

function turn(database: MongoDatabase, collections: AgencyCollections, changes: Change[]) {
  return database.atomically(async (session) => {
    const revision = await takeTurn(collections, session);
    const known = await ownersOf(collections, changes, session);
    const { outcomes, accepted } = judge(changes, known, revision);
    if (accepted.length > 0) await write(collections, accepted, known, session);
    return outcomes;
  });
}

/** The revision before this turn. From here to the commit no other turn can commit. */
async function takeTurn({ registry }: AgencyCollections, session: Session): Promise<number> {
  const row = await registry.findOneAndUpdate(
    { _id: REGISTRY_ID },
    { $inc: { turns: 1 }, $setOnInsert: { revision: 0 } },
    { upsert: true, returnDocument: 'after', session },
  );
  return row?.revision ?? 0;
}

async function ownersOf({ rows }: AgencyCollections, changes: Change[], session: Session): Promise<Owners> {
  const drafts = changes.flatMap((change) => change.drafts);
  const filter = {
    $or: [
      { _id: { $in: drafts.map((draft) => draft.id) } },
      { code: { $in: drafts.map((draft) => draft.code) } },
    ],
  };
  const found = await rows.find(filter, { projection: { code: 1 }, session }).toArray();
  return {
    codeOf: new Map(found.map((row) => [row._id, row.code])),
    idOf: new Map(found.map((row) => [row.code, row._id])),
  };
}

function judge(changes: Change[], known: Owners, before: number) {
  const accepted: Accepted[] = [];
  let owners = known;
  const outcomes = changes.map(({ drafts, recordedAt }): Outcome => {
    const after = { codeOf: new Map(owners.codeOf), idOf: new Map(owners.idOf) };
    const taken = drafts.find((draft) => !take(after, draft));
    if (taken) return { error: new TrucError('agency.code-taken', { code: taken.code }) };
    owners = after;
    const revision = before + accepted.length + 1;
    accepted.push({ agencies: drafts.map((draft) => ({ ...draft, revision })), recordedAt });
    return { revision };
  });
  return { outcomes, accepted };
}

/** False when the code is another agency's; otherwise the agency has it and gives up the one it had. */
function take({ codeOf, idOf }: Owners, { id, code }: AgencyDraft): boolean {
  const owner = idOf.get(code);
  if (owner !== undefined && owner !== id) return false;
  const former = codeOf.get(id);
  if (former !== undefined) idOf.delete(former);
  codeOf.set(id, code);
  idOf.set(code, id);
  return true;
}

/** In the order of the changes, since a code may pass from one agency to the next within them. */
async function write(
  { rows, states, registry }: AgencyCollections,
  accepted: Accepted[],
  known: Owners,
  session: Session,
): Promise<void> {
  const agencies = accepted.flatMap((change) => change.agencies);
  const present = new Set(known.codeOf.keys());
  const operations = agencies.map((agency) => {
    const row = rowOf(agency);
    if (present.has(row._id)) return { replaceOne: { filter: { _id: row._id }, replacement: row } };
    present.add(row._id);
    return { insertOne: { document: row } };
  });
  if (operations.length > 0) await rows.bulkWrite(operations, { session });
  const recorded = accepted.flatMap(statesOf);
  if (recorded.length > 0) await states.insertMany(recorded, { session });
  await registry.updateOne({ _id: REGISTRY_ID }, { $inc: { revision: accepted.length } }, { session });
}

/** An agency that is named twice in one change has one state: the last. */
function statesOf({ agencies, recordedAt }: Accepted) {
  const last = new Map(agencies.map((agency) => [agency.id, agency]));
  return [...last.values()].map((record) => ({
    agencyId: record.id,
    revision: record.revision,
    recordedAt,
    record,
  }));
}
