import type { XmlElement } from 'libxml2-wasm';
import { type DigestName, equalBytes, isTrucError, TrucError } from '../../kernel/index.ts';
import { digestAnswer } from '../algorithm-rules.ts';
import { digestParts } from '../byte-source.ts';
import type { VerificationCode } from '../codes.ts';
import type { VerificationContext } from '../context.ts';
import { spendOnDigest } from '../work.ts';
import { digestOfUri } from '../xml/algorithm-uris.ts';
import { attribute, elementsOf, isNamed, needAttribute, octetsOf } from '../xml/elements.ts';
import { DS } from '../xml/names.ts';
import { checkXml, withDocument } from '../xml/open.ts';
import type { AsicCode } from './codes.ts';
import type { ZipFile } from './zip.ts';

const ASIC = 'http://uri.etsi.org/02918/v1.2.1#';
const MOST_REFERENCES = 5_000;

/** An ASiCManifest or ASiCArchiveManifest (EN 319 162-1 annex A.4): what one signature or time-stamp is about. */
export interface Manifest {
  /** Its own name in the container. */
  name: string;
  /** The file of the signature or time-stamp over it. */
  signature: string;
  objects: { name: string; digest: DigestName | 'md5' | null; expected: Buffer }[];
}

/** @throws TrucError `asic.manifest-malformed`, `asic.zip-content-wrong` */
export function readManifest(file: ZipFile): Manifest {
  const bytes = file.bytes();
  try {
    return withDocument(checkXml(bytes), ({ root }) => readRoot(root, file.name));
  } catch (error) {
    if (isTrucError(error))
      throw new TrucError<AsicCode>('asic.manifest-malformed', { file: file.name }, error);
    throw error;
  }
}

function malformed(detail: string): TrucError<AsicCode> {
  return new TrucError('asic.manifest-malformed', { detail });
}

function readRoot(root: XmlElement, name: string): Manifest {
  if (!isNamed(root, ASIC, 'ASiCManifest')) throw malformed('root');
  const [reference, ...rest] = elementsOf(root);
  if (!reference || !isNamed(reference, ASIC, 'SigReference')) throw malformed('SigReference');
  const objects = rest.filter((one) => isNamed(one, ASIC, 'DataObjectReference'));
  const others = rest.filter((one) => !objects.includes(one));
  if (objects.length === 0 || objects.length > MOST_REFERENCES) throw malformed('DataObjectReference');
  if (others.some((one) => !isNamed(one, ASIC, 'ASiCManifestExtensions') || isCritical(one)))
    throw malformed('extension');
  const read = objects.map(readObject);
  if (new Set(read.map((one) => one.name)).size < read.length) throw malformed('doubled reference');
  return { name, signature: pathOf(needAttribute(reference, 'URI')), objects: read };
}

function readObject(element: XmlElement): Manifest['objects'][number] {
  const [method, value, ...more] = elementsOf(element);
  if (!method || !isNamed(method, DS, 'DigestMethod') || !value || !isNamed(value, DS, 'DigestValue'))
    throw malformed('digest');
  if (more.some(isCritical)) throw malformed('extension');
  const uri = needAttribute(element, 'URI');
  return {
    name: pathOf(uri),
    digest: digestOfUri(needAttribute(method, 'Algorithm')),
    expected: octetsOf(value),
  };
}

/** Extensions that must be understood are not (annex A.4). */
function isCritical(extensions: XmlElement): boolean {
  return elementsOf(extensions).some((one) => ['true', '1'].includes(attribute(one, 'Critical') ?? ''));
}

/** A relative reference from the container's root (RFC 3986): nothing that leads elsewhere. */
function pathOf(uri: string): string {
  if (/^[a-z][a-z0-9+.-]*:|^\/\/|[?#\\]/i.test(uri)) throw malformed('URI');
  try {
    return decodeURIComponent(uri).replace(/^(\.\/|\/)/, '');
  } catch {
    throw malformed('URI');
  }
}

/** What a manifest's digests say about the files that are there. */
export interface Checked {
  codes: VerificationCode[];
  /** Names whose bytes are the ones listed. */
  whole: string[];
}

/** Holds every listed digest against the container. @throws TrucError `asic.zip-content-wrong` */
export function checkObjects(
  manifest: Manifest,
  files: ReadonlyMap<string, ZipFile>,
  ctx: VerificationContext,
  at: number,
): Checked {
  const codes: VerificationCode[] = [];
  const whole: string[] = [];
  for (const { name, digest, expected } of manifest.objects) {
    const file = files.get(name);
    if (!file) codes.push('asic.object-missing');
    else if (digest === null) codes.push('cms.algorithm-unsupported');
    else if (digest === 'md5' || digestAnswer(ctx.policy, digest, at) !== 'allowed')
      codes.push('policy.digest-not-allowed');
    else {
      const part = file.part();
      spendOnDigest(part.length);
      if (equalBytes(digestParts(digest, [part]), expected)) whole.push(name);
      else codes.push('asic.object-changed');
    }
  }
  return { codes, whole };
}
