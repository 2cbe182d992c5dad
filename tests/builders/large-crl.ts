import { der } from '../../src/signing/index.ts';
import { type Party, signatureIdentifier, signedFrame } from './forged-pki.ts';

const NUMBER_OCTETS = 16;
/** SEQUENCE { INTEGER of 16 octets, UTCTime, SEQUENCE { reasonCode } }: what real lists hold for one certificate. */
const REASON = der.sequence(der.sequence(der.oid('2.5.29.21'), der.octetString(der.enumerated(4))));

/** The number of the nth revoked certificate: spread like random ones, positive, always 16 octets. */
export function revokedNumber(n: number): Buffer {
  const number = Buffer.alloc(NUMBER_OCTETS);
  let state = (n + 1) >>> 0;
  for (let at = 0; at < NUMBER_OCTETS; at += 4) {
    state = (Math.imul(state ^ (state >>> 16), 0x45d9f3b) + 0x9e3779b9) >>> 0;
    number.writeUInt32BE(state, at);
  }
  // The count itself, so that no two are the same.
  number.writeUInt32BE(n, NUMBER_OCTETS - 4);
  number[0] = 0x20 | ((number[0] as number) & 0x1f);
  return number;
}

/** A complete CRL with that many entries, in one buffer of the list's size. */
export function largeCrl(issuer: Party, count: number, thisUpdate: number): Buffer {
  const head = (n: number) => der.sequence(der.integer(revokedNumber(n)), der.time(thisUpdate), REASON);
  const size = head(0).length;
  const body = Buffer.allocUnsafe(size * count);
  const sample = head(0);
  for (let n = 0; n < count; n++) {
    sample.copy(body, n * size);
    revokedNumber(n).copy(body, n * size + 4);
  }
  const toBeSigned = der.sequence(
    der.integer(1),
    signatureIdentifier(issuer.key, 'sha256'),
    issuer.subject,
    der.time(thisUpdate),
    der.time(thisUpdate + 7 * 86_400_000),
    der.sequence(body),
  );
  return signedFrame(toBeSigned, issuer.key, 'sha256');
}
