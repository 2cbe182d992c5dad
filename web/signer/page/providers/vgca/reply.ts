import { type Bytes, fromBase64 } from '../../checks/bytes.ts';
import { SignerError } from '../../errors.ts';
import { readCertificate } from '../certificate.ts';

/** An answer of the agent: `Status` 0, and what belongs to the call. */
export type Reply = Readonly<Record<string, unknown>> & { Status: 0 };

/** The agent's own words are shown to the official, and are no longer than that. */
const MOST_WORDS = 300;

/**
 * Strictly: one JSON object with a number `Status`. Some versions write the object as a JSON string inside JSON.
 * @throws SignerError `E_AGENT_REPLY` for anything else, `E_USER_CANCELLED` or `E_AGENT_REFUSED` with the agent's words for a
 * status that is not 0
 */
export function parseReply(text: string): Reply {
  const once = parseJson(text);
  const value = typeof once === 'string' ? parseJson(once) : once;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new SignerError('E_AGENT_REPLY');
  const { Status, Message } = value as Record<string, unknown>;
  if (typeof Status !== 'number') throw new SignerError('E_AGENT_REPLY');
  if (Status === 0) return value as Reply;
  const said = typeof Message === 'string' ? Message.slice(0, MOST_WORDS) : '';
  throw new SignerError('E_AGENT_REFUSED', said ? `${said} (Status ${Status})` : `Status ${Status}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SignerError('E_AGENT_REPLY');
  }
}

/** A base64 field. @throws SignerError `E_AGENT_REPLY` */
export function bytesIn(reply: Reply, field: string): Bytes {
  const value = reply[field];
  if (typeof value !== 'string' || value === '') throw new SignerError('E_AGENT_REPLY');
  try {
    return fromBase64(value.replace(/\s+/g, ''));
  } catch {
    throw new SignerError('E_AGENT_REPLY');
  }
}

/**
 * The certificate that an answer holds. Which field of `CertInfo` has it is not documented, so every text of the answer, of an
 * object in it and of JSON in its texts is looked at.
 */
export function certificateIn(value: unknown, depth = 0): Bytes | null {
  if (depth > 3) return null;
  if (typeof value === 'string') return certificateOf(value) ?? insideJson(value, depth);
  if (typeof value !== 'object' || value === null) return null;
  for (const one of Object.values(value)) {
    const found = certificateIn(one, depth + 1);
    if (found) return found;
  }
  return null;
}

function insideJson(text: string, depth: number): Bytes | null {
  if (!/^\s*[{[]/.test(text)) return null;
  try {
    return certificateIn(JSON.parse(text), depth + 1);
  } catch {
    return null;
  }
}

function certificateOf(text: string): Bytes | null {
  const base64 = text.replace(/-----[A-Z ]+-----|\s+/g, '');
  if (base64.length < 200 || !/^[A-Za-z0-9+/]+=*$/.test(base64)) return null;
  try {
    const der = fromBase64(base64);
    return readCertificate(der) && der;
  } catch {
    return null;
  }
}
