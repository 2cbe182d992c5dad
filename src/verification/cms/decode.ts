import { isTrucError } from '../../kernel/index.ts';
import { readNode } from '../asn1/der-reader.ts';
import type { VerificationCode } from '../codes.ts';
import type { Policy } from '../policy.ts';
import { berToDer } from './ber.ts';
import { readSignedData, type SignedData } from './signed-data.ts';

export type Decoded = { data: SignedData; warnings: VerificationCode[] } | { code: VerificationCode };

/** Bytes to SignedData, with the code that says why not. @param zeroPadded the bytes are /Contents of a PDF */
export function decodeCms(cms: Uint8Array, policy: Policy, zeroPadded: boolean): Decoded {
  // RFC 5652 §1 lets a CMS file be BER; what stands in /Contents of a PDF is DER by EN 319 142-1 §6.3.
  const refused = zeroPadded && policy.ber.value === 'refused';
  try {
    return { data: readSignedData(zeroPadded ? withoutPadding(cms) : cms), warnings: [] };
  } catch (error) {
    if (!isTrucError(error)) throw error;
    const translated = berToDer(cms, zeroPadded);
    if (!translated) return { code: 'cms.malformed' };
    if (isSame(translated, cms)) return { code: 'cms.malformed' };
    if (refused) return { code: 'cms.not-der' };
    return decodeTranslated(translated);
  }
}

function decodeTranslated(der: Uint8Array): Decoded {
  try {
    return { data: readSignedData(der), warnings: ['cms.ber-encoded'] };
  } catch (error) {
    if (!isTrucError(error)) throw error;
    return { code: 'cms.malformed' };
  }
}

/** The one value at the start, when nothing but zero octets follow it. */
function withoutPadding(cms: Uint8Array): Uint8Array {
  const { end } = readNode(cms, 0, cms.length);
  for (let i = end; i < cms.length; i++) if (cms[i] !== 0) return cms;
  return cms.subarray(0, end);
}

/** True when the translation changed nothing but cut off padding: then encoding was not what was wrong. */
function isSame(der: Uint8Array, cms: Uint8Array): boolean {
  return der.length <= cms.length && Buffer.compare(der, cms.subarray(0, der.length)) === 0;
}
