import { isoTime } from '../../kernel/index.ts';
import type { VerificationCode } from '../codes.ts';
import type { SignatureReport } from '../report.ts';
import { isString, type PdfDictionary, textOf } from './objects.ts';

const HOUR = 3_600_000;
const VIETNAM_OFFSET = 7 * HOUR;
const DATE = /^D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:(Z)|([+-])(\d\d)'?(\d\d)?'?)?/;

/** /M of a signature dictionary (ISO 32000-2 §7.9.4) as RFC 3339 UTC; no zone is taken as Vietnam's. */
export function claimedTime(dictionary: PdfDictionary | null): string | null {
  const value = dictionary?.entries.get('M');
  const match = isString(value) ? DATE.exec(textOf(value)) : null;
  if (!match) return null;
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', utc, sign, zh, zm] =
    match;
  const local = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  const zone = (Number(zh ?? 7) * 60 + Number(zm ?? 0)) * 60_000 * (sign === '-' ? -1 : 1);
  const time = utc ? local : local - zone;
  return Number.isNaN(time) ? null : isoTime(time);
}

/** How the claimed time compares with the proven one; the hours between Vietnam and UTC are a known slip. */
export function timeWarnings(
  claimed: string | null,
  report: SignatureReport,
  tolerance: number,
): VerificationCode[] {
  const proven = report.timestamps.find((one) => one.indication === 'TOTAL_PASSED')?.time;
  if (claimed === null || !proven) return [];
  const ahead = Date.parse(claimed) - Date.parse(proven);
  if (Math.abs(ahead) <= tolerance) return [];
  const slipped = Math.abs(Math.abs(ahead) - VIETNAM_OFFSET) <= HOUR;
  return [slipped ? 'cms.signing-time-offset' : 'cms.signing-time-differs'];
}
