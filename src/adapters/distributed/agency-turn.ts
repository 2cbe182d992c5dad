import type { Agency, AgencyDraft } from '../../agency/index.ts';
import { type AgencyCollections, REGISTRY_ID, type RegistryRow, rowOf } from './agency-rows.ts';
import type { Session } from './database.ts';

/** Which code belongs to which agency, both ways. */
export interface Owners {
  codeOf: Map<string, string>;
  idOf: Map<string, string>;
}

const READ_AT_ONCE = 10_000;

/**
 * The registry before this turn. It moves the registry's only row, so that a second turn at the same time is a write
 * conflict and begins again: from here to the commit no other turn can commit, and revisions become visible in order.
 */
export async function takeTurn({ registry }: AgencyCollections, session: Session): Promise<RegistryRow> {
  const row = await registry.findOneAndUpdate(
    { _id: REGISTRY_ID },
    { $inc: { turns: 1 }, $setOnInsert: { revision: 0, pending: null } },
    { upsert: true, returnDocument: 'after', session },
  );
  return row as RegistryRow;
}

/** What the drafts' ids and codes are now. */
export async function ownersOf(
  { rows }: AgencyCollections,
  drafts: AgencyDraft[],
  session: Session,
): Promise<Owners> {
  const owners: Owners = { codeOf: new Map(), idOf: new Map() };
  for (let i = 0; i < drafts.length; i += READ_AT_ONCE) {
    const some = drafts.slice(i, i + READ_AT_ONCE);
    const ids = some.map((draft) => draft.id);
    const codes = some.map((draft) => draft.code);
    const filter = { $or: [{ _id: { $in: ids } }, { code: { $in: codes } }] };
    for await (const row of rows.find(filter, { projection: { code: 1 }, session })) {
      owners.codeOf.set(row._id, row.code);
      owners.idOf.set(row.code, row._id);
    }
  }
  return owners;
}

/** False when the code is another agency's; otherwise the agency has it and gives up the one it had. */
export function take({ codeOf, idOf }: Owners, { id, code }: AgencyDraft): boolean {
  const owner = idOf.get(code);
  if (owner !== undefined && owner !== id) return false;
  const former = codeOf.get(id);
  if (former !== undefined) idOf.delete(former);
  codeOf.set(id, code);
  idOf.set(code, id);
  return true;
}

/** In the order given, since a code may pass from one agency to the next. `known`: the ids that have a row. */
export async function writeAgencies(
  { rows, states }: AgencyCollections,
  written: { agency: Agency; recordedAt: string }[],
  known: ReadonlySet<string>,
  session: Session,
): Promise<void> {
  if (written.length === 0) return;
  const present = new Set(known);
  const rowWrites = written.map(({ agency }) => {
    const row = rowOf(agency);
    if (present.has(row._id)) return { replaceOne: { filter: { _id: row._id }, replacement: row } };
    present.add(row._id);
    return { insertOne: { document: row } };
  });
  await rows.bulkWrite(rowWrites, { session });
  // An agency that is named twice in one change has one state: the last.
  const stateWrites = written.map(({ agency, recordedAt }) => {
    const key = { agencyId: agency.id, revision: agency.revision };
    return { replaceOne: { filter: key, replacement: { ...key, recordedAt, record: agency }, upsert: true } };
  });
  await states.bulkWrite(stateWrites, { session });
}
