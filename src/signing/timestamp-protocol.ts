import { equalBytes, TrucError } from '../kernel/index.ts';
import { oids } from './cms.ts';
import { type DerValue, derAt, derBytes, derChildren, derContent } from './der-walk.ts';
import * as der from './der-writer.ts';
import type { SigningErrorCode } from './errors.ts';

const sha256Identifier = der.sequence(der.oid(oids.sha256));

/** A TimeStampReq (RFC 3161 §2.4.1) for a SHA-256 digest that asks for the authority's certificate; DER. */
export function timestampRequest(digest: Buffer, nonce: Uint8Array): Buffer {
  const imprint = der.sequence(sha256Identifier, der.octetString(digest));
  return der.sequence(der.integer(1), imprint, der.integer(nonce), der.boolean(true));
}

/**
 * Takes the token out of a TimeStampResp (RFC 3161 §2.4.2) after checking status, nonce and message imprint.
 * @throws TrucError `signing.timestamp-refused`, `signing.timestamp-malformed`, `signing.timestamp-mismatch`
 */
export function readTimestampResponse(response: Buffer, digest: Buffer, nonce: Uint8Array): Buffer {
  const outer = read(() => derAt(response, 0));
  const [status, token] = read(() => derChildren(response, outer));
  if (outer.tag !== 0x30 || !status || outer.end !== response.length) throw malformed('frame');
  const [code, ...details] = read(() => derChildren(response, status));
  const value = code ? derContent(response, code)[0] : undefined;
  // 0 granted, 1 granted with modifications.
  if (value !== 0 && value !== 1) {
    const failure = details.find(({ tag }) => tag === 0x03);
    throw new TrucError<SigningErrorCode>('signing.timestamp-refused', {
      status: value ?? -1,
      failure: failure ? derContent(response, failure).toString('hex') : '',
    });
  }
  if (!token) throw malformed('token');
  const bytes = Buffer.from(derBytes(response, token));
  checkInfo(
    read(() => infoOf(bytes)),
    digest,
    nonce,
  );
  return bytes;
}

function malformed(part: string, cause?: unknown): TrucError<SigningErrorCode> {
  return new TrucError<SigningErrorCode>('signing.timestamp-malformed', { part }, cause);
}

function read<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    throw malformed('der', error);
  }
}

/** The content octets of TSTInfo inside ContentInfo → SignedData → EncapsulatedContentInfo. */
function infoOf(token: Buffer): Buffer {
  const [, wrapped] = derChildren(token, derAt(token, 0));
  const signedData = child(token, wrapped, 0);
  const encapsulated = derChildren(token, signedData).find((value, i) => i > 1 && value.tag === 0x30);
  const content = child(token, encapsulated, 1);
  return derContent(token, child(token, content, 0));
}

function child(bytes: Buffer, parent: DerValue | undefined, index: number): DerValue {
  const found = parent && derChildren(bytes, parent)[index];
  if (!found) throw malformed('content');
  return found;
}

function checkInfo(info: Buffer, digest: Buffer, nonce: Uint8Array): void {
  const fields = read(() => derChildren(info, derAt(info, 0)));
  const imprint = fields[2];
  const expected = der.sequence(sha256Identifier, der.octetString(digest));
  const withNull = der.sequence(der.sequence(der.oid(oids.sha256), der.derNull), der.octetString(digest));
  const actual = imprint ? derBytes(info, imprint) : Buffer.alloc(0);
  if (!equalBytes(actual, expected) && !equalBytes(actual, withNull)) throw mismatch('imprint');
  const answered = fields.slice(5).find(({ tag }) => tag === 0x02);
  if (!answered || !equalBytes(derBytes(info, answered), der.integer(nonce))) throw mismatch('nonce');
}

function mismatch(part: string): TrucError<SigningErrorCode> {
  return new TrucError<SigningErrorCode>('signing.timestamp-mismatch', { part });
}
