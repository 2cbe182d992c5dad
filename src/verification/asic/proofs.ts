import { isTrucError } from '../../kernel/index.ts';
import type { BytePart } from '../byte-source.ts';
import type { VerificationCode } from '../codes.ts';
import type { VerificationContext } from '../context.ts';
import { type TimestampVerdict, verifyTimestamp } from '../timestamps.ts';
import type { Container } from './form.ts';
import { type Checked, checkObjects, type Manifest } from './manifest.ts';

/** A time-stamp of the container and the files that it proves the time of. */
export interface ContainerProof {
  verdict: TimestampVerdict;
  covers: ReadonlySet<string>;
}

interface Stamp {
  name: string;
  stamped: BytePart;
  /** The files themselves, or by their digests in a manifest. */
  covers: ReadonlySet<string>;
  codes: VerificationCode[];
  /** genTime as it claims. */
  claimed: number;
}

/**
 * Judges the container's time-stamps (EN 319 162-1 §4.3.3.4, §4.4.3.4, annex A.7), newest first: each proves the time
 * of the files that it covers, earlier time-stamps included.
 */
export function containerProofs(
  container: Container,
  manifests: readonly Manifest[],
  ctx: VerificationContext,
): ContainerProof[] {
  const stamps = container.tokens.flatMap((name) => stampOf(name, container, manifests, ctx));
  const proofs: ContainerProof[] = [];
  for (const stamp of stamps.toSorted((a, b) => b.claimed - a.claimed)) {
    const provenAt = provenTime(proofs, [stamp.name]);
    const token = container.files.get(stamp.name)?.bytes() ?? Buffer.alloc(0);
    const verdict = verifyTimestamp(token, [stamp.stamped], ctx, {
      kind: 'archive',
      codes: stamp.codes,
      ...(provenAt === undefined ? {} : { provenAt }),
    });
    proofs.push({ verdict, covers: stamp.covers });
  }
  return proofs;
}

/** The earliest time by which all these files existed together as they are; undefined where none is proven. */
export function provenTime(proofs: readonly ContainerProof[], names: readonly string[]): number | undefined {
  const times = proofs.flatMap(({ verdict, covers }) =>
    verdict.passed && verdict.time !== null && names.every((name) => covers.has(name)) ? [verdict.time] : [],
  );
  return times.length > 0 ? Math.min(...times) : undefined;
}

function stampOf(
  name: string,
  container: Container,
  manifests: readonly Manifest[],
  ctx: VerificationContext,
): Stamp[] {
  const { files, kind, data } = container;
  const own = manifests.filter((one) => one.signature === name);
  const [manifest] = own;
  const [object] = data;
  const token = files.get(name);
  if (!token) return [];
  const stampedName = manifest ? manifest.name : kind === 'asic-s' && data.length === 1 ? object : undefined;
  const stamped = stampedName === undefined ? null : (files.get(stampedName)?.part() ?? null);
  const checked: Checked = manifest ? checkObjects(manifest, files, ctx, ctx.at) : { codes: [], whole: [] };
  const codes = [...checked.codes];
  if (own.length > 1) codes.push('asic.manifest-ambiguous');
  if (!stamped) codes.push('asic.manifest-missing');
  return [
    {
      name,
      stamped: stamped ?? Buffer.alloc(0),
      covers: new Set([...checked.whole, ...(stampedName === undefined ? [] : [stampedName])]),
      codes,
      claimed: claimedTime(token.bytes(), ctx),
    },
  ];
}

/** A first look for the order only; what it claims is judged later. */
function claimedTime(token: Buffer, ctx: VerificationContext): number {
  try {
    return verifyTimestamp(token, [Buffer.alloc(0)], ctx, { kind: 'archive' }).time ?? 0;
  } catch (error) {
    if (isTrucError(error)) return 0;
    throw error;
  }
}
