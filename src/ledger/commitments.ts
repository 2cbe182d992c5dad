import { canonicalJson, deriveKey, equalBytes, hmacSha256, type JsonValue } from '../kernel/index.ts';
import { rootOfData } from './merkle.ts';

export type Facts = Readonly<Record<string, JsonValue>>;

/** What opens one fact: whoever holds it can recompute its commitment. */
export interface Disclosure {
  name: string;
  value: JsonValue;
  /** The fact's own key, 32 bytes as base64url. */
  key: string;
}

export interface Commitment {
  /** RFC 6962 root over the commitments in order of name, hex: what the entry carries. */
  commit: string;
  /** One commitment a fact, hex, in order of name (UTF-16 code units). */
  commitments: string[];
}

/** A package with more facts in one entry than this is refused. */
export const MAX_FACTS = 4096;

/**
 * Commits to facts without showing them: each is HMAC-SHA-256 under a key of its own, so a guess about a citizen
 * number cannot be tried without that key. Keys derive from the document's key by HKDF with `scope|name`.
 * @param key the document's key, 32 bytes
 * @param scope tells entries of one document apart (the event's id)
 */
export function commitFacts(key: Buffer, scope: string, facts: Facts): Commitment {
  const hashes = namesOf(facts).map((name) =>
    commitmentOf(factKey(key, scope, name), name, facts[name] as JsonValue),
  );
  return {
    commit: rootOfData(hashes).toString('hex'),
    commitments: hashes.map((hash) => hash.toString('hex')),
  };
}

/** The disclosures of some facts (all when no names are given), in order of name; unknown names are left out. */
export function disclose(key: Buffer, scope: string, facts: Facts, names?: readonly string[]): Disclosure[] {
  const wanted = names && new Set(names);
  return namesOf(facts)
    .filter((name) => !wanted || wanted.has(name))
    .map((name) => ({
      name,
      value: facts[name] as JsonValue,
      key: factKey(key, scope, name).toString('base64url'),
    }));
}

/**
 * True when the commitments are those of `commit` and every disclosure opens a different one of them. Never throws.
 * @param commitments hex, in the order of the entry
 * @param commit hex, from the entry
 */
export function opens(
  commitments: readonly string[],
  commit: string,
  disclosures: readonly Disclosure[],
): boolean {
  if (commitments.length > MAX_FACTS || disclosures.length > commitments.length) return false;
  if (!commitments.every((hash) => /^[0-9a-f]{64}$/.test(hash)) || !/^[0-9a-f]{64}$/.test(commit))
    return false;
  const hashes = commitments.map((hash) => Buffer.from(hash, 'hex'));
  if (!equalBytes(rootOfData(hashes), Buffer.from(commit, 'hex'))) return false;
  const open = new Set(commitments);
  const names = new Set<string>();
  return disclosures.every((disclosure) => {
    const hash = recompute(disclosure);
    // One name with two values would let a holder choose which one to show.
    if (hash === null || names.has(disclosure.name)) return false;
    names.add(disclosure.name);
    return open.delete(hash);
  });
}

function recompute({ name, value, key }: Disclosure): string | null {
  const bytes = Buffer.from(key, 'base64url');
  if (bytes.length !== 32 || bytes.toString('base64url') !== key) return null;
  try {
    return commitmentOf(bytes, name, value).toString('hex');
  } catch {
    // No canonical form means that it cannot have been committed to.
    return null;
  }
}

function commitmentOf(key: Buffer, name: string, value: JsonValue): Buffer {
  return hmacSha256(key, canonicalJson([name, value]));
}

function factKey(key: Buffer, scope: string, name: string): Buffer {
  return deriveKey(key, `${scope}|${name}`);
}

function namesOf(facts: Facts): string[] {
  return Object.keys(facts).sort();
}
