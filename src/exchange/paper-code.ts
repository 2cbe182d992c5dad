import type { DocumentRecord } from '../document/index.ts';
import { deriveKey, equalBytes, hmacSha256 } from '../kernel/index.ts';

/** Crockford's base 32: no letters that are taken for digits. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 60 bits that nobody guesses: at 60 tries a minute one in a thousand million after 36,000 years. */
const PROOF_DIGITS = 12;
const MOST_INDEX_DIGITS = 10;

/**
 * The code that a paper copy of a document carries: index of its first entry in the ledger, then 60 bits that only the axis
 * can make, in groups of four. It ends with the document's key.
 * @param index of `document.submitted`
 */
export function paperCode({ ledgerKey, ledgerDoc }: PaperKey, index: number): string {
  const text = `${indexDigits(index)}${proofDigits(ledgerKey, ledgerDoc, index)}`;
  const first = text.length % 4;
  const groups = text.slice(first).match(/.{4}/g) ?? [];
  return [text.slice(0, first), ...groups].filter((one) => one !== '').join('-');
}

interface PaperKey extends Pick<DocumentRecord, 'ledgerDoc'> {
  /** base64url. */
  ledgerKey: string;
}

/** The index that a code names, whatever came after it; null for what is no code. */
export function indexOfCode(code: string): number | null {
  const digits = codeDigits(code);
  if (digits === null) return null;
  return [...digits.slice(0, -PROOF_DIGITS)].reduce((sum, one) => sum * 32 + DIGITS.indexOf(one), 0);
}

/** Whether it is this document's code; compares in constant time. */
export function isCodeOf(code: string, document: PaperKey, index: number): boolean {
  const digits = codeDigits(code) ?? '';
  const right = `${indexDigits(index)}${proofDigits(document.ledgerKey, document.ledgerDoc, index)}`;
  return equalBytes(Buffer.from(digits), Buffer.from(right));
}

/** As people type it: small letters, spaces, other dashes, O for 0, I and L for 1. */
function codeDigits(code: string): string | null {
  const digits = code
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
  const known = /^[0-9A-HJKMNP-TV-Z]+$/.test(digits);
  const long = digits.length > PROOF_DIGITS && digits.length <= PROOF_DIGITS + MOST_INDEX_DIGITS;
  return known && long ? digits : null;
}

function indexDigits(index: number): string {
  let text = '';
  for (let left = index; text === '' || left > 0; left = Math.floor(left / 32))
    text = `${DIGITS[left % 32]}${text}`;
  return text;
}

function proofDigits(ledgerKey: string, ledgerDoc: string, index: number): string {
  const key = deriveKey(Buffer.from(ledgerKey, 'base64url'), 'truc/paper-code/1');
  const bytes = hmacSha256(key, `${ledgerDoc}|${index}`);
  return Array.from({ length: PROOF_DIGITS }, (_, i) => DIGITS[(bytes[i] as number) % 32]).join('');
}
