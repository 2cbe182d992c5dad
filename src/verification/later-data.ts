import { codeMeanings, type VerificationCode } from './codes.ts';

/** Whether a code says no more than that current revocation data are missing (TRY_LATER, EN 319 102-1 §5.2.5). */
export function wantsRevocationData(code: VerificationCode): boolean {
  const meaning = codeMeanings[code];
  return 'subIndication' in meaning && meaning.subIndication === 'TRY_LATER';
}
