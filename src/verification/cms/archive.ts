import { type DigestName, digestOf } from '../../kernel/index.ts';
import { digestAnswer } from '../algorithm-rules.ts';
import { digestAlgorithm, readAlgorithm } from '../algorithms.ts';
import { children, type DerNode, notDer, open, TAG, wholeOf } from '../asn1/der-reader.ts';
import { readOctets, readOid } from '../asn1/der-values.ts';
import { OID } from '../asn1/oids.ts';
import type { VerificationCode } from '../codes.ts';
import type { VerificationContext } from '../context.ts';
import type { EmbeddedData } from '../path.ts';
import { type TimestampVerdict, verifyTimestamp } from '../timestamps.ts';
import { spendOnDigest } from '../work.ts';
import { type Attributes, singleValue } from './attributes.ts';
import { attempt, readSignedData, type SignedData, type SignerInfo } from './signed-data.ts';
import type { Content } from './signer-check.ts';

/** An archive-time-stamp-v3 (EN 319 122-1 §5.5.3) with what its index says it covers. */
export interface ArchiveTimestamp {
  verdict: TimestampVerdict;
  /** Whether it covers a value of an unsigned attribute, so that it proves when that existed. */
  covers(value: DerNode): boolean;
  /** Whether it covers all certificates, revocation data and unsigned values but archive time-stamps. */
  complete: boolean;
}

/** What archive time-stamps are looked at with. */
export interface ArchiveScope {
  data: SignedData;
  signer: SignerInfo;
  /** What the signer signed. */
  content: Content;
  ctx: VerificationContext;
  embedded: EmbeddedData;
  /** Time at which all of it provably existed, milliseconds. */
  provenAt?: number;
}

interface HashIndex {
  der: Uint8Array;
  digest: DigestName | 'md5' | null;
  lists: readonly [certificates: Set<string>, revocation: Set<string>, unsigned: Set<string>];
  /** The older form lists whole attributes (TS 101 733 §6.4.2), the newer one single values. */
  wholeAttributes: boolean;
}

const MOST_TOKENS = 8;
const MOST_HASHES = 1_000;

/** Judges the archive time-stamps of a signer, newest first: each proves the time of those that it covers. */
export function judgeArchives(scope: ArchiveScope, codes: VerificationCode[]): ArchiveTimestamp[] {
  const values = scope.signer.unsigned?.byType.get(OID.archiveTimeStampV3) ?? [];
  if (values.length > MOST_TOKENS) codes.push('timestamp.too-many');
  const tokens = values.slice(0, MOST_TOKENS).map((value) => ({ value, index: readIndex(value) }));
  const judged: ArchiveTimestamp[] = [];
  // A token that covers another names its hash, so it is judged first, whatever either says about its time.
  for (const one of tokens.toSorted((a, b) => size(b.index) - size(a.index))) {
    const provenAt = provenTime(judged, one.value, scope.provenAt);
    judged.push(judgeOne(one.value, one.index, scope, provenAt));
  }
  return judged;
}

/** The earliest time by which a value (or, without one, the signature itself) existed; undefined where none is proven. */
export function provenTime(
  archives: readonly ArchiveTimestamp[],
  value: DerNode | null,
  outside: number | undefined,
): number | undefined {
  const times = outside === undefined ? [] : [outside];
  for (const { verdict, covers } of archives)
    if (verdict.passed && verdict.time !== null && (value === null || covers(value)))
      times.push(verdict.time);
  return times.length > 0 ? Math.min(...times) : undefined;
}

function size(index: HashIndex | null): number {
  return index ? index.lists[2].size : -1;
}

function judgeOne(
  value: DerNode,
  index: HashIndex | null,
  scope: ArchiveScope,
  provenAt: number | undefined,
): ArchiveTimestamp {
  const { ctx, embedded } = scope;
  const match = index ? matchIndex(index, scope) : null;
  const codes: VerificationCode[] = [];
  if (!index) codes.push('timestamp.index-missing');
  else if (!index.digest || digestAnswer(ctx.policy, index.digest, provenAt ?? ctx.at) !== 'allowed')
    codes.push('policy.digest-not-allowed');
  else if (!match?.fits) codes.push('timestamp.index-mismatch');
  const verdict = verifyTimestamp(wholeOf(value), stampedOf(index, scope), ctx, {
    kind: 'archive',
    embedded,
    codes,
    ...(provenAt === undefined ? {} : { provenAt }),
  });
  return {
    verdict,
    covers: (one) => match?.covered.has(one.start) ?? false,
    complete: match?.complete ?? false,
  };
}

/** The octets that the imprint is made of (EN 319 122-1 §5.5.3): type, digest of the content, signer's fields, index. */
function stampedOf(index: HashIndex | null, { data, signer, content }: ArchiveScope): Content {
  const end = index?.der ?? new Uint8Array(0);
  return {
    parts: [],
    digest: (name) => digestOf(name, data.contentTypeDer, content.digest(name), signer.fields, end),
  };
}

interface Match {
  /** No hash of the index is left without what it stands for (§5.5.2). */
  fits: boolean;
  complete: boolean;
  /** Places of the unsigned values that it covers. */
  covered: Set<number>;
}

function matchIndex(index: HashIndex, { data, signer }: ArchiveScope): Match | null {
  const { digest, lists } = index;
  if (digest === null || digest === 'md5') return null;
  const hash = (...parts: Uint8Array[]) => {
    spendOnDigest(parts.reduce((sum, part) => sum + part.length, 0));
    return digestOf(digest, ...parts).toString('hex');
  };
  const units = signer.unsigned ? unsignedUnits(signer.unsigned, index.wholeAttributes) : [];
  const hashed = units.map((unit) => ({ ...unit, hash: hash(...unit.parts) }));
  const found = [
    new Set(data.encoded.certificates.map((one) => hash(one))),
    new Set(data.encoded.revocation.map((one) => hash(one))),
    new Set(hashed.map((unit) => unit.hash)),
  ];
  const within = (inner: Set<string>, outer: Set<string> | undefined) =>
    [...inner].every((one) => outer?.has(one));
  const needed = hashed.filter(({ type }) => type !== OID.archiveTimeStampV3);
  const covered = hashed.filter((unit) => lists[2].has(unit.hash)).flatMap(({ places }) => places);
  return {
    fits: lists.every((list, i) => within(list, found[i])),
    complete:
      within(found[0] as Set<string>, lists[0]) &&
      within(found[1] as Set<string>, lists[1]) &&
      needed.every((unit) => lists[2].has(unit.hash)),
    covered: new Set(covered),
  };
}

interface UnsignedUnit {
  type: string;
  parts: Uint8Array[];
  /** Where the values stand that belong to it. */
  places: number[];
}

/** What an index lists of the unsigned attributes: each with each of its values, or in the older form whole. */
function unsignedUnits(unsigned: Attributes, whole: boolean): UnsignedUnit[] {
  return unsigned.items.flatMap((item) => {
    const cursor = open(item, TAG.sequence);
    const oid = cursor.next(TAG.oid);
    const type = readOid(oid);
    const values = children(cursor.next(TAG.set), MOST_HASHES);
    if (whole) return [{ type, parts: [wholeOf(item)], places: values.map(({ start }) => start) }];
    return values.map((one) => ({ type, parts: [wholeOf(oid), wholeOf(one)], places: [one.start] }));
  });
}

/** The index among the unsigned attributes of the token's own signer (EN 319 122-1 §5.5.2); null where there is none. */
function readIndex(token: DerNode): HashIndex | null {
  return attempt(() => {
    const unsigned = readSignedData(wholeOf(token)).signers[0]?.unsigned;
    const newer = unsigned && singleValue(unsigned, OID.atsHashIndexV3);
    const value = newer ?? (unsigned && singleValue(unsigned, OID.atsHashIndex));
    return value ? readHashIndex(value, !newer) : null;
  });
}

function readHashIndex(value: DerNode, wholeAttributes: boolean): HashIndex {
  const [first, ...rest] = children(value, 4);
  const named = rest.length === 3;
  const digest = first && named ? digestAlgorithm(readAlgorithm(first)) : 'sha256';
  const lists = named ? rest : children(value, 4);
  const [certificates, revocation, unsigned] = lists.map((list) => {
    const hashes = children(list, MOST_HASHES).map((one) => Buffer.from(readOctets(one)).toString('hex'));
    return new Set(hashes);
  });
  if (!certificates || !revocation || !unsigned || lists.length !== 3)
    throw notDer(value.start, 'three lists of hashes');
  return { der: wholeOf(value), digest, lists: [certificates, revocation, unsigned], wholeAttributes };
}
