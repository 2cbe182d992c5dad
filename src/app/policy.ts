import { existsSync, readFileSync } from 'node:fs';
import { VIETNAM_CALENDAR, type WorkingCalendar, workingCalendar } from '../document/index.ts';
import { TrucError } from '../kernel/index.ts';
import { type Policy, policyFromFile, policyNamed, policyNames } from '../verification/index.ts';

/**
 * The policy of a built-in name, else of a file.
 * @throws TrucError `verification.unknown-policy` where it is neither, `verification.policy-invalid`
 */
export function policyOf(nameOrFile: string): Policy {
  const isFile = !policyNames.some((name) => name === nameOrFile) && existsSync(nameOrFile);
  return isFile ? policyFromFile(readFileSync(nameOrFile, 'utf8')) : policyNamed(nameOrFile);
}

/**
 * The calendar of a file, else Vietnam's as it is known here.
 * @throws TrucError `document.calendar-invalid`, `app.config-invalid` where the file cannot be read
 */
export function calendarOf(file: string | undefined): WorkingCalendar {
  if (file === undefined) return VIETNAM_CALENDAR;
  if (!existsSync(file))
    throw new TrucError('app.config-invalid', { setting: 'CALENDAR', cause: 'file-not-readable', file });
  return workingCalendar(readFileSync(file, 'utf8'));
}
