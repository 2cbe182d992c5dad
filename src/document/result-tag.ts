/** That a document carries the result of an administrative procedure (kết quả giải quyết thủ tục hành chính). */
export interface ResultTag {
  /** Code of the procedure in the national database: `1.004227`, also with the agency, `2.000635.000.00.00.H53`. */
  procedure: string;
  /** Number of the case, `000.29.32.H53-260316-0001` (TT 01/2018/TT-VPCP art. 19). */
  caseNumber: string;
  /** Salted commitments to whom the result is about, 32 bytes in base64url each: HMAC-SHA-256(salt, JCS([name, value])). */
  holders: string[];
}

/** The form is that of the field; no text that lays it down was to be had. */
const PROCEDURE = /^\d\.\d{6}(\.[0-9A-Z]{1,5}){0,5}$/;
/** Agency in its old or new form, day of receipt, number within the day; four digits by the circular, more where a day has more. */
const CASE = /^[0-9A-Z]{1,13}(\.[0-9A-Z]{1,5}){0,9}-(\d{2})(\d{2})(\d{2})-\d{4,6}$/;
const HOLDER = /^[A-Za-z0-9_-]{43}$/;
const MOST_HOLDERS = 8;

/** What is wrong with a tag: the names of its fields; empty when nothing is. */
export function tagFaults({ procedure, caseNumber, holders }: ResultTag): (keyof ResultTag)[] {
  const faults: (keyof ResultTag)[] = [];
  if (!isProcedureCode(procedure)) faults.push('procedure');
  if (!isCaseNumber(caseNumber)) faults.push('caseNumber');
  if (holders.length > MOST_HOLDERS || !holders.every((one) => HOLDER.test(one))) faults.push('holders');
  return faults;
}

export function isProcedureCode(text: string): boolean {
  return text.length <= 40 && PROCEDURE.test(text);
}

export function isCaseNumber(text: string): boolean {
  const [, , year, month, day] = CASE.exec(text) ?? [];
  if (year === undefined || text.length > 60) return false;
  const date = new Date(`20${year}-${month}-${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(day);
}

export function sameTag(a: ResultTag | undefined, b: ResultTag | undefined): boolean {
  return JSON.stringify(ordered(a)) === JSON.stringify(ordered(b));
}

function ordered(tag: ResultTag | undefined): unknown {
  return tag === undefined ? null : [tag.procedure, tag.caseNumber, [...tag.holders].sort()];
}
