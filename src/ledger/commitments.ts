import {
  canonicalJson,
  deriveKey,
  equalBytes,
  hmacSha256,
  type JsonValue,
  TrucError,
} from '../kernel/index.ts';
import { EMPTY_EDGE, edgeRoot, extendEdge } from './edge.ts';
import { leafHash } from './merkle.ts';

export type Facts = Readonly<Record<string, JsonValue>>;

/** One opened fact: whoever holds it can show that the entry commits to it. */
export interface Disclosure {
  name: string;
  value: JsonValue;
  /** k_field, 32 bytes in base64url: opens this fact and no other. */
  key: string;
}

export interface Commitment {
  /** Merkle root over `commitments`, lower-case hexadecimal; the `commit` of the entry. */
  commit: string;
  /** All commitments of the entry in the order of the tree (sorted by their bytes), lower-case hexadecimal. */
  commitments: string[];
}

/** More facts than this no entry has; a bound for reading hostile receipts. */
export const MAX_FACTS = 4096;

/**
 * Commits to facts without showing them: c = HMAC-SHA-256(k_field, JCS([name, value])) for each fact, with
 * k_field derived by HKDF-Expand from the document key over the scope and then the name. The commitments are sorted by their bytes, so
 * their order says nothing about names, and are the leaves of an RFC 6962 tree.
 * @param key the document's key, 32 random bytes; whoever destroys it makes every undisclosed fact unprovable
 * @param scope what tells this entry from the document's others (the event's id), so that equal facts look different
 * @throws TrucError `kernel.not-canonical` for a value without a canonical form
 */
export function commitFacts(key: Buffer, scope: string, facts: Facts): Commitment {
  const entryKey = entryKeyOf(key, scope);
  const commitments = Object.entries(facts)
    .map(([name, value]) => commitmentOf(fieldKeyOf(entryKey, name), name, value).toString('hex'))
    .sort();
  return { commit: commitmentRoot(commitments), commitments };
}

/**
 * Opens facts of one entry for a party.
 * @param names which facts; all when left out. Names that are not among the facts are skipped.
 */
export function disclose(key: Buffer, scope: string, facts: Facts, names?: readonly string[]): Disclosure[] {
  const entryKey = entryKeyOf(key, scope);
  return Object.entries(facts)
    .filter(([name]) => names === undefined || names.includes(name))
    .map(([name, value]) => ({ name, value, key: fieldKeyOf(entryKey, name).toString('base64url') }));
}

/**
 * Whether the commitments are those of the entry, and every disclosure opens one of them.
 * @param commit the entry's `commit`; null opens nothing
 * @returns what does not hold: the `root`, or a `disclosure` with its name
 */
export function checkDisclosures(
  commit: string | null,
  commitments: readonly string[],
  disclosures: readonly Disclosure[],
): { ok: true } | { ok: false; wrong: 'root' | 'disclosure'; name: string | null } {
  if (commit === null)
    return commitments.length === 0 && disclosures.length === 0
      ? { ok: true }
      : { ok: false, wrong: 'root', name: null };
  if (commitments.length > MAX_FACTS || !equalHex(commitmentRoot(commitments), commit))
    return { ok: false, wrong: 'root', name: null };
  const known = new Set(commitments);
  const names = new Set<string>();
  for (const disclosure of disclosures) {
    if (names.has(disclosure.name) || !known.has(openCommitment(disclosure)))
      return { ok: false, wrong: 'disclosure', name: disclosure.name };
    names.add(disclosure.name);
  }
  return { ok: true };
}

/** Merkle root over commitments in the order given (RFC 6962 §2.1 with each commitment's 32 bytes as an entry), hexadecimal. */
export function commitmentRoot(commitments: readonly string[]): string {
  const leaves = commitments.map((commitment) => leafHash(Buffer.from(commitment, 'hex')));
  return edgeRoot(extendEdge(EMPTY_EDGE, leaves).edge).toString('hex');
}

function openCommitment({ name, value, key }: Disclosure): string {
  try {
    return commitmentOf(Buffer.from(key, 'base64url'), name, value).toString('hex');
  } catch (error) {
    if (error instanceof TrucError) return '';
    throw error;
  }
}

function commitmentOf(fieldKeyBytes: Buffer, name: string, value: JsonValue): Buffer {
  return hmacSha256(fieldKeyBytes, canonicalJson([name, value]));
}

function entryKeyOf(key: Buffer, scope: string): Buffer {
  return deriveKey(key, canonicalJson(['truc/ledger/entry/1', scope]));
}

function fieldKeyOf(entryKey: Buffer, name: string): Buffer {
  return deriveKey(entryKey, canonicalJson(['truc/ledger/field/1', name]));
}

function equalHex(a: string, b: string): boolean {
  return equalBytes(Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1'));
}
