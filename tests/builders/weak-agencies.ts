import {
  type Agency,
  type AgencyDirectory,
  type AgencyDraft,
  type AgencyQuery,
  nearestCodes,
  normalCode,
  suggestNewForm,
} from '../../src/agency/index.ts';
import { foldVietnamese, isoTime, TrucError } from '../../src/kernel/index.ts';
import { byText, slowPort } from './weak-port.ts';

interface Change {
  recordedAt: string;
  agency: Agency;
}

/** A registry in memory that finds everything by looking at every agency. */
export function weakAgencies(): AgencyDirectory {
  const agencies = new Map<string, Agency>();
  const changes: Change[] = [];
  let revision = 0;

  function put(drafts: AgencyDraft[], at: number): number {
    const next = new Map(agencies);
    for (const draft of drafts) {
      const taken = [...next.values()].some((one) => one.code === draft.code && one.id !== draft.id);
      if (taken) throw new TrucError('agency.code-taken', { code: draft.code });
      next.set(draft.id, { ...draft, revision: revision + 1 });
    }
    revision++;
    for (const { id } of drafts) {
      const agency = next.get(id) as Agency;
      agencies.set(id, agency);
      changes.push({ recordedAt: isoTime(at), agency });
    }
    return revision;
  }

  return slowPort<AgencyDirectory>({
    put,
    resolve: (code, at) => {
      const all = [...agencies.values()];
      const owner = all.find((one) => one.code === normalCode(code));
      return owner ?? all.find((one) => hadForm(one, normalCode(code), at)) ?? null;
    },
    get: (id) => agencies.get(id) ?? null,
    list: (query) => (query.since === undefined ? byCode(agencies, query) : bySince(agencies, query)),
    history: (id) => changes.filter((one) => one.agency.id === id),
    revision: () => revision,
    nearest: (code, name, limit) =>
      nearestCodes(suggestNewForm(normalCode(code)) ?? normalCode(code), name, agencies.values(), limit),
  });
}

function hadForm(agency: Agency, code: string, at: number): boolean {
  return agency.aliases.some(
    (alias) =>
      alias.code === code &&
      Date.parse(alias.validFrom) <= at &&
      (alias.validTo === null || Date.parse(alias.validTo) > at),
  );
}

function byCode(agencies: ReadonlyMap<string, Agency>, query: AgencyQuery) {
  const found = [...agencies.values()]
    .filter((one) => one.code > (query.after ?? ''))
    .filter((one) => query.level === undefined || one.level === query.level)
    .filter((one) => query.parentId === undefined || one.parentId === query.parentId)
    .filter((one) => query.text === undefined || named(one, query.text))
    .sort(byText((one) => one.code));
  return page(found, query.limit, (last) => last.code);
}

function named(agency: Agency, text: string): boolean {
  if (agency.code.startsWith(normalCode(text))) return true;
  const have = foldVietnamese(agency.name).split(/\s+/);
  const words = foldVietnamese(text).split(/\s+/).filter(Boolean);
  return words.every((word) => have.some((one) => one.startsWith(word)));
}

function bySince(agencies: ReadonlyMap<string, Agency>, { since = 0, after, limit }: AgencyQuery) {
  const place = (one: Agency) => `${String(one.revision).padStart(9, '0')} ${one.code}`;
  const found = [...agencies.values()]
    .filter((one) => one.revision > since && place(one) > (after ?? ''))
    .sort(byText(place));
  return page(found, limit, place);
}

function page(found: Agency[], limit: number, cursor: (last: Agency) => string) {
  const agencies = found.slice(0, limit);
  const last = agencies.at(-1);
  return { agencies, next: last && found.length > limit ? cursor(last) : null };
}
