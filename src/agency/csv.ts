import { collapseSpaces, isoTime, newId, nfc, parseVietnamTime, TrucError } from '../kernel/index.ts';
import { type AgencyDraft, type CodeAlias, LEVELS, type Level } from './agency.ts';
import { isNewForm, normalCode } from './codes.ts';

const COLUMNS = [
  'code',
  'name',
  'level',
  'parent',
  'old_code',
  'valid_from',
  'valid_to',
  'successor',
] as const;
type Column = (typeof COLUMNS)[number];
type Row = Record<Column, string> & { line: number };

/** One fault of an import file: what is wrong in which line. */
export interface ImportFault {
  line: number;
  cause:
    | 'quote-open'
    | 'code-malformed'
    | 'code-twice'
    | 'name-missing'
    | 'level-unknown'
    | 'date-invalid'
    | 'parent-unknown'
    | 'successor-unknown';
  value: string;
}

const DEFAULT_FROM = '2020-09-15T00:00:00.000Z'; // QĐ 20/2020 in force

/**
 * Reads agencies from CSV (RFC 4180; header line with at least `code,name,level`; also `parent`, `old_code` with `|`
 * between several, `valid_from` and `valid_to` as yyyy-mm-dd, `successor`). Parents and successors may stand anywhere
 * in the file or be known already.
 * @param known canonical codes that the registry has, to their ids; a known code keeps its id
 * @throws TrucError `agency.import-invalid` with every fault of the file
 */
export function agenciesFromCsv(text: string, known: ReadonlyMap<string, string>): AgencyDraft[] {
  const rows = readRows(text);
  const ids = new Map(known);
  const faults: ImportFault[] = [];
  const seen = new Set<string>();
  for (const row of rows) {
    row.code = normalCode(row.code);
    if (!isNewForm(row.code)) faults.push({ line: row.line, cause: 'code-malformed', value: row.code });
    if (seen.has(row.code)) faults.push({ line: row.line, cause: 'code-twice', value: row.code });
    seen.add(row.code);
    if (!ids.has(row.code)) ids.set(row.code, newId());
  }
  const drafts = rows.map((row) => draftOf(row, ids, faults));
  if (faults.length > 0)
    throw new TrucError('agency.import-invalid', { faults: faults.slice(0, 100), count: faults.length });
  return drafts;
}

function draftOf(row: Row, ids: ReadonlyMap<string, string>, faults: ImportFault[]): AgencyDraft {
  const fault = (cause: ImportFault['cause'], value: string) => faults.push({ line: row.line, cause, value });
  const name = nfc(collapseSpaces(row.name));
  if (!name) fault('name-missing', row.code);
  if (!LEVELS.includes(row.level as Level)) fault('level-unknown', row.level);
  const validFrom = row.valid_from ? day(row.valid_from) : DEFAULT_FROM;
  const validTo = row.valid_to ? day(row.valid_to) : null;
  if (validFrom === null) fault('date-invalid', row.valid_from);
  if (row.valid_to && validTo === null) fault('date-invalid', row.valid_to);
  const idOf = (code: string, cause: 'parent-unknown' | 'successor-unknown') => {
    if (!code) return null;
    const id = ids.get(normalCode(code));
    if (id === undefined) fault(cause, code);
    return id ?? null;
  };
  const aliases: CodeAlias[] = row.old_code
    .split('|')
    .map(normalCode)
    .filter((code) => code && code !== row.code)
    .map((code) => ({ code, validFrom: '2016-04-01T00:00:00.000Z', validTo: null }));
  return {
    id: ids.get(row.code) as string,
    code: row.code,
    name,
    level: row.level as Level,
    parentId: idOf(row.parent, 'parent-unknown'),
    validFrom: validFrom ?? DEFAULT_FROM,
    validTo,
    lockedSince: null,
    successorId: idOf(row.successor, 'successor-unknown'),
    aliases,
    holdIndeterminate: false,
  };
}

/** Vietnam's midnight of a yyyy-mm-dd date as RFC 3339 UTC, or null. */
function day(text: string): string | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const ms = parseVietnamTime(text.replaceAll('-', '/'));
  return ms === null ? null : isoTime(ms);
}

function readRows(text: string): Row[] {
  const [header, ...records] = parseCsv(text.replace(/^\uFEFF/, ''));
  const names = (header?.fields ?? []).map((field) => field.trim().toLowerCase());
  for (const needed of ['code', 'name', 'level']) {
    if (!names.includes(needed))
      throw new TrucError('agency.import-invalid', { missingColumn: needed, faults: [], count: 1 });
  }
  return records
    .filter((record) => record.fields.some((field) => field.trim()))
    .map(({ fields, line }) => {
      const cell = (column: Column) => (fields[names.indexOf(column)] ?? '').trim();
      return {
        line,
        ...(Object.fromEntries(COLUMNS.map((column) => [column, cell(column)])) as Record<Column, string>),
      };
    });
}

interface CsvRecord {
  line: number;
  fields: string[];
}

/** RFC 4180 with LF or CRLF; quotes may hold commas, doubled quotes and line breaks. */
function parseCsv(text: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  let fields: string[] = [];
  let field = '';
  let quoted = false;
  let line = 1;
  let start = 1;
  const endRecord = () => {
    fields.push(field);
    records.push({ line: start, fields });
    fields = [];
    field = '';
    start = line;
  };
  for (let i = 0; i < text.length; i++) {
    const sign = text[i] as string;
    if (sign === '\n') line++;
    if (quoted) {
      if (sign !== '"') field += sign;
      else if (text[i + 1] === '"') field += text[++i];
      else quoted = false;
    } else if (sign === '"' && field === '') quoted = true;
    else if (sign === ',') {
      fields.push(field);
      field = '';
    } else if (sign === '\n') endRecord();
    else if (sign !== '\r') field += sign;
  }
  if (quoted) {
    const faults: ImportFault[] = [{ line: start, cause: 'quote-open', value: field.slice(0, 40) }];
    throw new TrucError('agency.import-invalid', { faults, count: 1 });
  }
  if (field || fields.length > 0) endRecord();
  return records;
}
