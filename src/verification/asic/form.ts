import { TrucError } from '../../kernel/index.ts';
import type { AsicCode } from './codes.ts';
import type { ZipFile } from './zip.ts';

/** Names of EN 319 162-1 §4.3.3 and §4.4.3; whatever else stands in META-INF/ is none of a signature's. */
const CADES = /^META-INF\/[^/]*signature[^/]*\.p7[sm]$/i;
const XADES = /^META-INF\/[^/]*signatures[^/]*\.xml$/i;
const TOKEN = /^META-INF\/[^/]*timestamp[^/]*\.tst$/i;
const MANIFEST = /^META-INF\/ASiC(Archive)?Manifest[^/]*\.xml$/i;
const EVIDENCE = /^META-INF\/[^/]*evidencerecord[^/]*\.(ers|xml)$/i;

export type PackageKind = 'asic-s' | 'asic-e' | 'ooxml' | 'odf';

const MEDIA_TYPES: Readonly<Record<string, PackageKind>> = {
  'application/vnd.etsi.asic-s+zip': 'asic-s',
  'application/vnd.etsi.asic-e+zip': 'asic-e',
};

/** What is in a container, by the part that each file plays. */
export interface Container {
  kind: PackageKind;
  files: ReadonlyMap<string, ZipFile>;
  /** Whether a mimetype file says the kind. */
  named: boolean;
  cades: string[];
  xades: string[];
  tokens: string[];
  manifests: string[];
  /** Evidence records (RFC 4998, RFC 6283). */
  records: string[];
  /** Files outside META-INF: what people open. */
  data: string[];
}

/** @throws TrucError `asic.mimetype-wrong`, `asic.zip-content-wrong` */
export function readContainer(files: ReadonlyMap<string, ZipFile>): Container {
  const names = [...files.keys()];
  const matching = (pattern: RegExp) => names.filter((name) => pattern.test(name));
  const data = names.filter((name) => !name.startsWith('META-INF/') && name !== 'mimetype');
  const stated = statedKind(files);
  return {
    kind: stated ?? guessedKind(names, data),
    files,
    named: stated !== null,
    cades: matching(CADES),
    xades: matching(XADES),
    tokens: matching(TOKEN),
    manifests: matching(MANIFEST),
    records: matching(EVIDENCE),
    data,
  };
}

/** The mimetype file stands first, stored and without extra fields, so that its words are at a fixed place (annex A.1). */
function statedKind(files: ReadonlyMap<string, ZipFile>): PackageKind | null {
  const file = files.get('mimetype');
  if (!file) return null;
  const [first] = files.keys();
  const type = file.bytes().subarray(0, 200).toString('latin1');
  if (type.startsWith('application/vnd.oasis.opendocument.')) return 'odf';
  const kind = Object.hasOwn(MEDIA_TYPES, type) ? MEDIA_TYPES[type] : undefined;
  if (!kind || first !== 'mimetype' || !file.stored || file.extra > 0)
    throw new TrucError<AsicCode>('asic.mimetype-wrong', { type });
  return kind;
}

function guessedKind(names: readonly string[], data: readonly string[]): PackageKind {
  if (names.some((name) => name.startsWith('_xmlsignatures/'))) return 'ooxml';
  if (names.includes('META-INF/documentsignatures.xml')) return 'odf';
  const simple = ['META-INF/signature.p7s', 'META-INF/signatures.xml', 'META-INF/timestamp.tst'];
  const manifests = names.some((name) => MANIFEST.test(name) && !/archive/i.test(name));
  return data.length === 1 && !manifests && names.some((name) => simple.includes(name)) ? 'asic-s' : 'asic-e';
}
