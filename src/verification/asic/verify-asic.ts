import { isTrucError } from '../../kernel/index.ts';
import type { BytePart, ByteSource } from '../byte-source.ts';
import { brokenReport, verifyCms } from '../cms/verify-cms.ts';
import { judge, type VerificationCode } from '../codes.ts';
import type { VerificationContext } from '../context.ts';
import { fileReport } from '../file-report.ts';
import type { FileReport, SignatureReport } from '../report.ts';
import { verifyXmlOverFiles } from '../xml/index.ts';
import { type AsicCode, asicCodes } from './codes.ts';
import { type Container, readContainer } from './form.ts';
import { checkObjects, type Manifest, readManifest } from './manifest.ts';
import { type ContainerProof, containerProofs, provenTime } from './proofs.ts';
import { readZip } from './zip.ts';

/**
 * The verdict on a signed container (ASiC-S and ASiC-E of ETSI EN 319 162-1): the ZIP itself, every signature with the
 * files that it covers, the container's time-stamps, and the files that no signature covers. Packages of office
 * documents are recognised and not judged. Never throws for bad input.
 */
export function verifyAsic(bytes: ByteSource, ctx: VerificationContext): FileReport {
  try {
    const container = readContainer(readZip(bytes));
    const { kind } = container;
    if (kind === 'ooxml' || kind === 'odf') return fileReport(kind, bytes, ctx, [], ['format-not-judged']);
    return judgeContainer(bytes, container, ctx);
  } catch (error) {
    const code = codeOf(error);
    // Nothing of an office document was judged, so a ZIP that we would not read proves nothing against it.
    const office = officeKind(bytes);
    return fileReport(office ?? 'asic', bytes, ctx, [], office ? ['format-not-judged'] : [code]);
  }
}

function officeKind(bytes: ByteSource): 'ooxml' | 'odf' | null {
  if (bytes.includes('_xmlsignatures/')) return 'ooxml';
  return bytes.includes('application/vnd.oasis.opendocument.') ? 'odf' : null;
}

/** @throws whatever is no code of a container */
function codeOf(error: unknown): AsicCode {
  if (isTrucError(error) && Object.hasOwn(asicCodes, error.code)) return error.code as AsicCode;
  throw error;
}

function judgeContainer(bytes: ByteSource, container: Container, ctx: VerificationContext): FileReport {
  const codes: VerificationCode[] = showsPdf(bytes, container) ? ['file.two-formats'] : [];
  if (!container.named) codes.push('asic.mimetype-missing');
  if (container.records.length > 0) codes.push('asic.evidence-record-not-judged');
  if (container.kind === 'asic-s' && container.data.length !== 1) codes.push('asic.data-object-count');
  const manifests = container.manifests.flatMap((name) => manifestOf(name, container, codes));
  const proofs = containerProofs(container, manifests, ctx);
  if (proofs.some(({ verdict }) => !verdict.passed)) codes.push('timestamp.not-accepted');
  const signatures = [
    ...container.cades.flatMap((name) => judgeCades(name, container, manifests, proofs, ctx)),
    ...container.xades.flatMap((name) => judgeXades(name, container, proofs, ctx, codes)),
  ];
  const unsigned = signatures.length > 0 ? unsignedFiles(container, signatures) : [];
  if (unsigned.length > 0) codes.push('asic.file-not-signed');
  return {
    ...fileReport('asic', bytes, ctx, signatures, codes),
    ...(unsigned.length > 0 ? { unsignedFiles: unsigned } : {}),
    ...(proofs.length > 0 ? { timestamps: proofs.map(({ verdict }) => verdict.report) } : {}),
  };
}

/**
 * True for a container that a viewer may open as a PDF which is none of its data files: readers take a header within
 * 1024 octets (ISO 32000-1 annex H).
 */
function showsPdf(bytes: ByteSource, { files, data }: Container): boolean {
  const starts = new Set(data.map((name) => files.get(name)?.start));
  const head = bytes.slice(0, 1_024 + PDF_HEADER.length);
  for (let at = head.indexOf(PDF_HEADER); at >= 0; at = head.indexOf(PDF_HEADER, at + 1))
    if (!starts.has(at)) return true;
  return false;
}

const PDF_HEADER = '%PDF-';

function manifestOf(name: string, { files }: Container, codes: VerificationCode[]): Manifest[] {
  const file = files.get(name);
  try {
    return file ? [readManifest(file)] : [];
  } catch (error) {
    codes.push(codeOf(error));
    return [];
  }
}

/** What a signature file signs, by the container's form. */
interface Signed {
  content: BytePart | null;
  /** Data objects that are whole. */
  files: string[];
  /** Files besides the signature's own that must be proven with it. */
  needed: string[];
  codes: VerificationCode[];
}

function judgeCades(
  name: string,
  container: Container,
  manifests: readonly Manifest[],
  proofs: readonly ContainerProof[],
  ctx: VerificationContext,
): SignatureReport[] {
  const file = container.files.get(name);
  if (!file) return [];
  const provenAt = provenTime(proofs, [name]);
  const signed = signedBy(name, container, manifests, ctx, provenAt ?? ctx.at);
  const content = signed.content ? ({ parts: [signed.content] } as const) : null;
  const reports = content
    ? verifyCms(file.bytes(), content, ctx, { id: name, ...(provenAt === undefined ? {} : { provenAt }) })
    : [brokenReport('asic.manifest-missing', ctx, { id: name })];
  const archived = provenTime(proofs, [name, ...signed.needed]) !== undefined;
  return reports.map((report) => ({
    ...report,
    ...judge([...signed.codes, ...report.errors, ...report.warnings]),
    coverage:
      report.counterSigns === undefined && content
        ? coverageOf(container.data, signed.files)
        : report.coverage,
    baseline: report.baseline === 'B-LT' && archived ? 'B-LTA' : report.baseline,
    ...(report.counterSigns === undefined ? { files: signed.files } : {}),
  }));
}

/** XAdES: the References name the data files themselves (EN 319 162-1 §4.3.3.2, §4.4.3.2). */
function judgeXades(
  name: string,
  { files, data }: Container,
  proofs: readonly ContainerProof[],
  ctx: VerificationContext,
  codes: VerificationCode[],
): SignatureReport[] {
  const file = files.get(name);
  if (!file) return [];
  const find = (path: string) => files.get(path)?.bytes() ?? null;
  const verdict = verifyXmlOverFiles(file.bytes(), ctx, find, provenTime(proofs, [name]));
  codes.push(...verdict.codes);
  return verdict.signatures.map(({ covers, ...report }) => {
    const signed = (report.files ?? []).filter((one) => data.includes(one));
    const id = { id: `${name}/${report.id}` };
    if (report.counterSigns !== undefined)
      return { ...report, ...id, counterSigns: `${name}/${report.counterSigns}` };
    const archived = provenTime(proofs, [name, ...signed]) !== undefined;
    const baseline = report.baseline === 'B-LT' && archived ? 'B-LTA' : report.baseline;
    return { ...report, ...id, baseline, files: signed, coverage: coverageOf(data, signed) };
  });
}

function coverageOf(data: readonly string[], signed: readonly string[]): SignatureReport['coverage'] {
  if (signed.length === 0) return 'none';
  return data.every((one) => signed.includes(one)) ? 'whole-file' : 'part';
}

function signedBy(
  name: string,
  container: Container,
  manifests: readonly Manifest[],
  ctx: VerificationContext,
  at: number,
): Signed {
  const { kind, files, data } = container;
  if (kind === 'asic-s') {
    const [object] = data;
    const content = object === undefined ? null : (files.get(object)?.part() ?? null);
    return data.length === 1 && content && object !== undefined
      ? { content, files: [object], needed: [object], codes: [] }
      : { content: null, files: [], needed: [], codes: ['asic.data-object-count'] };
  }
  const own = manifests.filter((one) => one.signature === name);
  const [manifest] = own;
  if (!manifest) return { content: null, files: [], needed: [], codes: [] };
  const { codes, whole } = checkObjects(manifest, files, ctx, at);
  if (own.length > 1) codes.push('asic.manifest-ambiguous');
  return {
    content: files.get(manifest.name)?.bytes() ?? null,
    files: whole,
    needed: [manifest.name, ...manifest.objects.map((one) => one.name)],
    codes,
  };
}

/** Data files that no signature covers: a reader would take them for signed. */
function unsignedFiles({ data }: Container, signatures: readonly SignatureReport[]): string[] {
  const signed = new Set(signatures.flatMap((one) => one.files ?? []));
  return data.filter((name) => !signed.has(name));
}
