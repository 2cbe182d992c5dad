import type { Agency, AgencyDraft, CodeAlias } from '../../agency/index.ts';
import { foldVietnamese } from '../../kernel/index.ts';
import type { Collection, CollectionPlan, MongoDatabase } from './database.ts';

/** An agency as it is stored: the record, and beside it what is searched. */
export interface AgencyRow {
  _id: string;
  code: string;
  /** First group of the code. */
  root: string;
  level: string;
  parentId: string | null;
  revision: number;
  /** Every written form with its time; the canonical one answers at every time. */
  forms: (CodeAlias & { own: boolean })[];
  /** Folded words of the name, each once. */
  words: string[];
  /** The folded words in order, each after a space: an index can judge it without fetching the row. */
  search: string;
  record: Agency;
}

export interface StateRow {
  agencyId: string;
  revision: number;
  recordedAt: string;
  record: Agency;
}

export interface RegistryRow {
  _id: string;
  revision: number;
  /** Grows with every turn at writing, so that two turns at once are a conflict. */
  turns: number;
  /** A staged change that is decided and not yet complete. */
  pending: { putId: string; slices: number; applied: number; recordedAt: string } | null;
}

/** Part of a staged change. */
export interface SliceRow {
  putId: string;
  no: number;
  stagedAt: Date;
  drafts: AgencyDraft[];
}

export interface AgencyCollections {
  rows: Collection<AgencyRow>;
  states: Collection<StateRow>;
  registry: Collection<RegistryRow>;
  slices: Collection<SliceRow>;
}

export const AGENCY_PLANS: readonly CollectionPlan[] = [
  {
    name: 'agencies',
    indexes: [
      { name: 'one_code', key: { code: 1 }, unique: true },
      { name: 'by_code', key: { code: 1, search: 1, 'record.name': 1 } },
      { name: 'by_level', key: { level: 1, code: 1, search: 1 } },
      { name: 'by_parent', key: { parentId: 1, code: 1, search: 1 } },
      { name: 'by_revision', key: { revision: 1, code: 1 } },
      { name: 'by_form', key: { 'forms.code': 1, 'forms.validFrom': 1 } },
      { name: 'by_word', key: { words: 1 } },
      { name: 'by_root', key: { root: 1 } },
    ],
  },
  {
    name: 'agency_states',
    indexes: [{ name: 'by_agency', key: { agencyId: 1, revision: 1 }, unique: true }],
  },
  { name: 'registry', indexes: [] },
  {
    name: 'agency_slices',
    indexes: [
      { name: 'by_put', key: { putId: 1, no: 1 }, unique: true },
      { name: 'by_time', key: { stagedAt: 1 } },
    ],
  },
];

/** The only row of the collection `registry`. */
export const REGISTRY_ID = 'agencies';

/** Beyond every text that begins with the one it is appended to. */
export const BEYOND = '\u{10FFFF}';

export function agencyCollections(database: MongoDatabase): AgencyCollections {
  return {
    rows: database.collection('agencies'),
    states: database.collection('agency_states'),
    registry: database.collection('registry'),
    slices: database.collection('agency_slices'),
  };
}

/** Words of letters and digits only, so that none of them means anything to a regular expression. */
export function foldedWords(text: string): string[] {
  return foldVietnamese(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}

export function rowOf(agency: Agency): AgencyRow {
  const words = foldedWords(agency.name);
  return {
    _id: agency.id,
    code: agency.code,
    root: agency.code.split('.')[0] as string,
    level: agency.level,
    parentId: agency.parentId,
    revision: agency.revision,
    forms: [
      // The canonical code answers for ever: who asks for an abolished agency must learn of its successor.
      { code: agency.code, validFrom: '', validTo: null, own: true },
      ...agency.aliases.map((alias) => ({ ...alias, own: false })),
    ],
    words: [...new Set(words)],
    search: words.map((word) => ` ${word}`).join(''),
    record: agency,
  };
}
