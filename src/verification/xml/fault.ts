import { isTrucError, TrucError } from '../../kernel/index.ts';
import type { VerificationErrorCode } from '../errors.ts';
import { type XmlCode, xmlCodes } from './codes.ts';

/** What the readers of this folder throw inside it; it ends as a code of the verdict. */
export function fault(code: XmlCode, detail = ''): TrucError<XmlCode> {
  return new TrucError(code, { detail });
}

/** The code of a fault, or of the work of the whole verification being spent. @throws whatever else was thrown */
export function faultCode(error: unknown): XmlCode {
  const spent: VerificationErrorCode = 'verification.limit-exceeded';
  if (isTrucError(error, spent)) return 'xml.limit-exceeded';
  if (isTrucError(error) && Object.hasOwn(xmlCodes, error.code)) return error.code as XmlCode;
  throw error;
}
