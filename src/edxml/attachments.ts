import { isTrucError, TrucError } from '../kernel/index.ts';
import { child, children, text } from './fields.ts';
import type { EdxmlLimits } from './limits.ts';
import { locator } from './locate.ts';
import type { EdxmlAttachment, Reference } from './model.ts';
import { withoutCid } from './read-header.ts';
import { isZip, sniff } from './sniff.ts';
import type { Node } from './tree.ts';
import { firstEntryName, onlyEntry, zipEntryCount } from './zip.ts';

/**
 * Attachments decoded, unwrapped and paired one to one with their References by ContentId.
 * @param refused takes the error of each attachment or Reference that is not right; when it returns, null stands in the
 * place of an attachment that could not be read
 */
export function readAttachments(
  root: Node,
  references: readonly Reference[],
  limits: EdxmlLimits,
  refused: (error: TrucError) => void,
): (EdxmlAttachment | null)[] {
  const nodes = children(child(root, 'AttachmentEncoded'), 'Attachment');
  if (nodes.length > limits.attachments)
    throw new TrucError('edxml.too-large', {
      limit: limits.attachments,
      size: nodes.length,
      path: 'AttachmentEncoded',
    });
  const inManifest = manifestPlace(root);
  const byId = referencesById(references, inManifest, refused);
  const written = nodes.map((node) => ({ node, contentId: withoutCid(text(node, 'ContentId')) }));
  refuseUnpaired(written, references, byId, inManifest, refused);
  return written.map(({ node, contentId }) => {
    try {
      return readAttachment(node, contentId, byId.get(contentId), limits);
    } catch (error) {
      if (!isTrucError(error)) throw error;
      refused(error);
      return null;
    }
  });
}

function referencesById(
  references: readonly Reference[],
  inManifest: ManifestPlace,
  refused: (error: TrucError) => void,
): Map<string, Reference> {
  const byId = new Map<string, Reference>();
  references.forEach((one, i) => {
    const { contentId } = one;
    if (byId.has(contentId))
      refused(new TrucError('edxml.attachment-duplicate', { contentId, ...inManifest(i) }));
    else byId.set(contentId, one);
  });
  return byId;
}

function refuseUnpaired(
  written: readonly { node: Node; contentId: string }[],
  references: readonly Reference[],
  byId: ReadonlyMap<string, Reference>,
  inManifest: ManifestPlace,
  refused: (error: TrucError) => void,
): void {
  const ids = new Set<string>();
  for (const { node, contentId } of written) {
    const { path, line } = node;
    if (ids.has(contentId)) refused(new TrucError('edxml.attachment-duplicate', { contentId, path, line }));
    else if (!byId.has(contentId))
      refused(new TrucError('edxml.attachment-unpaired', { contentId, missing: 'Reference', path, line }));
    ids.add(contentId);
  }
  references.forEach(({ contentId }, i) => {
    if (ids.has(contentId)) return;
    const facts = { contentId, missing: 'Attachment', ...inManifest(i) };
    refused(new TrucError('edxml.attachment-unpaired', facts));
  });
}

type ManifestPlace = (index: number) => { path: string; line: number };

/** Path and line of a Reference by its place from 0. */
function manifestPlace(root: Node): ManifestPlace {
  const locate = locator(root);
  return (index) => {
    const path = `edXMLManifest/Reference${index === 0 ? '' : `[${index + 1}]`}`;
    return { path, line: locate(path).line };
  };
}

/** What is known of an attachment before it is decoded. */
interface Source {
  node: Node;
  name: string;
  declared: string;
  reference: Reference | undefined;
}

function place({ name, node }: Source): { name: string; path: string; line: number } {
  return { name, path: node.path, line: node.line };
}

function readAttachment(
  node: Node,
  contentId: string,
  reference: Reference | undefined,
  limits: EdxmlLimits,
): EdxmlAttachment {
  const name = text(node, 'AttachmentName') || (reference?.attachmentName ?? '');
  const declared = text(node, 'ContentType');
  const source = { node, name, declared, reference };
  const { bytes, wrapped } = content(decode(source, limits), source, limits);
  const sniffed = sniff(bytes);
  if (!limits.kinds.includes(sniffed))
    throw new TrucError('edxml.attachment-kind', { ...place(source), found: sniffed });
  const contentType = wrapped ? typeInside(declared, reference) : declared;
  return { contentId, name, description: text(node, 'Description'), contentType, bytes, wrapped, sniffed };
}

const ZIP_TYPE = /zip/i;

/** `application/zip` was said of the wrapping; on plain content it would make a recipient unzip a PDF. */
function typeInside(declared: string, reference: Reference | undefined): string {
  const types = [declared, reference?.contentType ?? ''];
  return types.find((type) => type !== '' && !ZIP_TYPE.test(type)) ?? 'application/octet-stream';
}

function decode(source: Source, limits: EdxmlLimits): Buffer {
  const node = child(source.node, 'ContentTransferEncoded');
  const bytes = (node?.children.length ?? 0) > 0 ? null : decodeBase64(node?.text ?? '');
  if (!bytes)
    throw new TrucError('edxml.attachment-base64', {
      ...place(source),
      path: node?.path ?? source.node.path,
      line: node?.line ?? source.node.line,
    });
  if (bytes.length > limits.attachmentBytes)
    throw new TrucError('edxml.attachment-too-large', {
      ...place(source),
      limit: limits.attachmentBytes,
      size: bytes.length,
    });
  return bytes;
}

const NOT_BASE64 = /[^A-Za-z0-9+/]/;

/**
 * RFC 4648 §4 with XML's white space anywhere; null for anything else. Buffer.from skips what is not base64, which a
 * strict reader must not do. Encoding again is many times faster than looking at every character.
 */
function decodeBase64(written: string): Buffer | null {
  const bytes = Buffer.from(written, 'base64');
  if (bytes.toString('base64') === written) return bytes;
  const compact = written.replace(/[ \t\r\n]+/g, '');
  const digits = compact.replace(/={1,2}$/, '');
  return compact.length % 4 === 0 && !NOT_BASE64.test(digits) ? Buffer.from(compact, 'base64') : null;
}

/** Kinds of files that are ZIPs by themselves. */
const ZIP_BASED =
  /\.(zip|jar|epub|kmz|doc[xm]|dot[xm]|xls[xmb]|xlt[xm]|ppt[xm]|pot[xm]|pps[xm]|vsdx|od[tspg]|asice|asics|sce|scs)$/i;
/** Of those, only a `.zip` may honestly hold a single file. */
const ZIP_NAME = /\.zip$/i;
/** The vendor SDK names the entry by a UUID, with or without the file's ending. */
const UUID_NAME = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}(\.\w+)?$/i;

/** The vendor SDK sends each file as a ZIP of one entry under the file's own name, and says application/zip. */
function content(decoded: Buffer, source: Source, limits: EdxmlLimits): { bytes: Buffer; wrapped: boolean } {
  const inside = unwrap(decoded, source, limits);
  if (inside === null) {
    refuseSeveral(decoded, source);
    return { bytes: decoded, wrapped: false };
  }
  // A second layer would be taken off by whoever reads our copy: two readers, two contents.
  if (unwrap(inside, source, limits) !== null) throw invalid(source, 'a ZIP inside the ZIP');
  return { bytes: inside, wrapped: true };
}

/** What is inside the vendor's wrapping, or null when the bytes are the file itself. */
function unwrap(bytes: Buffer, source: Source, limits: EdxmlLimits): Buffer | null {
  if (!isZip(bytes) || zipEntryCount(bytes) !== 1) return null;
  const ambiguous = ZIP_NAME.test(source.name);
  if (ambiguous && !UUID_NAME.test(firstEntryName(bytes))) return null;
  try {
    const inside = onlyEntry(bytes, limits.attachmentBytes).bytes;
    return ambiguous && !isZip(inside) ? null : inside;
  } catch (error) {
    if (!isTrucError(error)) throw error;
    throw new TrucError(error.code, { ...place(source), ...error.facts }, error);
  }
}

/** Several files where one was said to be wrapped: which of them was meant, nobody knows. */
function refuseSeveral(bytes: Buffer, source: Source): void {
  if (!isZip(bytes) || ZIP_BASED.test(source.name)) return;
  if (ZIP_TYPE.test(source.declared) && !ZIP_TYPE.test(source.reference?.contentType ?? ''))
    throw invalid(source, 'not exactly one entry');
}

function invalid(source: Source, cause: string): TrucError {
  return new TrucError('edxml.zip-invalid', { ...place(source), cause });
}
