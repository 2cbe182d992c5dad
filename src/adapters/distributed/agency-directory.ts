import {
  type Agency,
  type AgencyDirectory,
  type AgencyPage,
  type AgencyQuery,
  nearestCodes,
  normalCode,
  suggestNewForm,
} from '../../agency/index.ts';
import { isoTime } from '../../kernel/index.ts';
import { candidatesFor } from './agency-candidates.ts';
import { agencyChanges } from './agency-put.ts';
import { type AgencyCollections, type AgencyRow, agencyCollections, REGISTRY_ID } from './agency-rows.ts';
import { searched } from './agency-search.ts';
import type { MongoDatabase } from './database.ts';
import { typedFailures } from './failures.ts';
import { type LookUp, sharedReads } from './shared-reads.ts';

export { AGENCY_PLANS } from './agency-rows.ts';

const RECORD = { projection: { _id: 0, record: 1 } } as const;

/** The registry on MongoDB. Needs the collections of `AGENCY_PLANS`. */
export function agencyDirectory(database: MongoDatabase): AgencyDirectory {
  const collections = agencyCollections(database);
  const { rows, states, registry } = collections;
  const change = agencyChanges(database);
  const resolved = sharedReads(database, BY_FORM);
  return typedFailures({
    resolve: (code, at) => resolved({ code: normalCode(code), at: isoTime(at) }),
    get: sharedReads(database, BY_ID),
    list: (query) =>
      query.since === undefined
        ? listByCode(collections, query)
        : listChanges(collections, query, query.since),
    history: async (id) => {
      const found = await states.find({ agencyId: id }).sort({ revision: 1 }).toArray();
      return found.map(({ recordedAt, record }) => ({ recordedAt, agency: record }));
    },
    put: (drafts, at) => change({ drafts, recordedAt: isoTime(at) }),
    revision: async () => (await registry.findOne({ _id: REGISTRY_ID }))?.revision ?? 0,
    nearest: async (code, name, limit) => {
      const wanted = suggestNewForm(normalCode(code)) ?? normalCode(code);
      return nearestCodes(wanted, name, await candidatesFor(rows, wanted, name), limit);
    },
  });
}

interface Asked {
  code: string;
  at: string;
}

type Forms = Pick<AgencyRow, '_id' | 'forms' | 'record'>;

/** One query for canonical codes and aliases, so that a code which passes from one kind to the other is never nobody's. */
const BY_FORM: LookUp<Asked, Forms, Agency | null> = {
  collection: 'agencies',
  match: (asked) => ({ 'forms.code': { $in: [...new Set(asked.map(({ code }) => code))] } }),
  fields: { _id: 1, forms: 1, record: 1 },
  answer: (found, asked) => asked.map((one) => meant(found, one)),
};

const BY_ID: LookUp<string, Pick<AgencyRow, '_id' | 'record'>, Agency | null> = {
  collection: 'agencies',
  match: (ids) => ({ _id: { $in: [...new Set(ids)] } }),
  fields: { _id: 1, record: 1 },
  answer: (found, ids) => ids.map((id) => found.find((row) => row._id === id)?.record ?? null),
};

/** The agency's own code goes before an alias, a later alias before an earlier one. */
function meant(found: readonly Forms[], { code, at }: Asked): Agency | null {
  const valid = found.flatMap((row) =>
    row.forms
      .filter((form) => form.code === code && form.validFrom <= at && (!form.validTo || form.validTo > at))
      .map((form) => ({ row, form })),
  );
  const earlier = (a: string, b: string) => (a < b ? -1 : Number(a > b));
  const [first] = valid.sort(
    (a, b) =>
      Number(b.form.own) - Number(a.form.own) ||
      earlier(b.form.validFrom, a.form.validFrom) ||
      earlier(a.row._id, b.row._id),
  );
  return first?.row.record ?? null;
}

async function listByCode({ rows }: AgencyCollections, query: AgencyQuery): Promise<AgencyPage> {
  const found = await searched(rows, query, query.limit + 1);
  return page(found, query.limit, (last) => last.code);
}

/** Up to the last complete change: what belongs to one that is being applied comes when all of it is there. */
async function listChanges(
  { rows, registry }: AgencyCollections,
  query: AgencyQuery,
  since: number,
): Promise<AgencyPage> {
  const complete = (await registry.findOne({ _id: REGISTRY_ID }))?.revision ?? 0;
  const [revision = '', code = ''] = query.after?.split('~') ?? [];
  const later = (than: number) => ({ revision: { $gt: than, $lte: complete } });
  const filter = query.after
    ? { $or: [{ revision: Number(revision), code: { $gt: code } }, later(Number(revision))] }
    : later(since);
  const cursor = rows.find(filter, RECORD).hint('by_revision').sort({ revision: 1, code: 1 });
  const found = await cursor.limit(query.limit + 1).toArray();
  return page(found, query.limit, (last) => `${last.revision}~${last.code}`);
}

function page(found: { record: Agency }[], limit: number, cursor: (last: Agency) => string): AgencyPage {
  const agencies = found.slice(0, limit).map((row) => row.record);
  const last = agencies.at(-1);
  return { agencies, next: found.length > limit && last ? cursor(last) : null };
}
