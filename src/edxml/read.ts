import { nfc, TrucError } from '../kernel/index.ts';
import { child, children, NAMESPACE, text } from './fields.ts';
import { DEFAULT_LIMITS, type EdxmlLimits } from './limits.ts';
import type { EdxmlAttachment, EdxmlDocument, EdxmlMessage, Reference } from './model.ts';
import { readDocumentHeader, readStatusHeader, withoutCid } from './read-header.ts';
import { isZip, sniff } from './sniff.ts';
import { type Node, parseTree } from './tree.ts';
import { onlyEntry, zipEntryCount } from './zip.ts';

/**
 * Reads an edXML message: children in any order, with or without the literal prefix, attachments decoded and unwrapped.
 * Says only what is there; whether it is complete and right is for `validateDocument` and `validateStatus`.
 * @throws TrucError with an {@link EdxmlErrorCode}; facts name path and line where they are known
 */
export function readEdxml(bytes: Uint8Array, limits: EdxmlLimits = DEFAULT_LIMITS): EdxmlMessage {
  const root = parseTree(bytes, limits);
  if (root.name !== 'edXML') throw new TrucError('edxml.wrong-root', { expected: 'edXML', found: root.name });
  if (root.namespace !== NAMESPACE)
    throw new TrucError('edxml.namespace', { expected: NAMESPACE, found: root.namespace, path: 'edXML' });
  const envelope = child(root, 'edXMLEnvelope');
  const message = child(child(envelope, 'edXMLHeader'), 'MessageHeader');
  if (!envelope || !message)
    throw new TrucError('edxml.wrong-root', { expected: 'edXMLEnvelope/edXMLHeader/MessageHeader' });
  if (child(message, 'StatusCode')) return { kind: 'status', status: readStatusHeader(message) };
  const document = readDocumentHeader(envelope);
  refuseLongText(message, limits);
  return { kind: 'document', document, attachments: readAttachments(root, document, limits) };
}

function refuseLongText(node: Node, limits: EdxmlLimits): void {
  if (node.text.length > limits.text)
    throw new TrucError('edxml.too-large', { path: node.path, limit: limits.text, size: node.text.length });
  for (const one of node.children) refuseLongText(one, limits);
}

function readAttachments(root: Node, document: EdxmlDocument, limits: EdxmlLimits): EdxmlAttachment[] {
  const nodes = children(child(root, 'AttachmentEncoded'), 'Attachment');
  if (nodes.length > limits.attachments)
    throw new TrucError('edxml.too-large', {
      limit: limits.attachments,
      size: nodes.length,
      path: 'AttachmentEncoded',
    });
  const byId = new Map<string, Reference>();
  for (const reference of document.references) {
    if (byId.has(reference.contentId))
      throw new TrucError('edxml.attachment-duplicate', { contentId: reference.contentId });
    byId.set(reference.contentId, reference);
  }
  const attachments = nodes.map((node) => readAttachment(node, byId, limits));
  refuseUnpaired(attachments, byId);
  return attachments;
}

function refuseUnpaired(attachments: EdxmlAttachment[], references: ReadonlyMap<string, Reference>): void {
  const ids = new Set<string>();
  for (const { contentId, name } of attachments) {
    if (ids.has(contentId)) throw new TrucError('edxml.attachment-duplicate', { contentId });
    if (!references.has(contentId))
      throw new TrucError('edxml.attachment-unpaired', { contentId, name, missing: 'Reference' });
    ids.add(contentId);
  }
  for (const { contentId, attachmentName } of references.values()) {
    if (!ids.has(contentId))
      throw new TrucError('edxml.attachment-unpaired', {
        contentId,
        name: attachmentName,
        missing: 'Attachment',
      });
  }
}

function readAttachment(
  node: Node,
  references: ReadonlyMap<string, Reference>,
  limits: EdxmlLimits,
): EdxmlAttachment {
  const contentId = withoutCid(text(node, 'ContentId'));
  const reference = references.get(contentId);
  const name = nfc(text(node, 'AttachmentName') || (reference?.attachmentName ?? ''));
  const contentType = text(node, 'ContentType');
  const decoded = decode(child(node, 'ContentTransferEncoded'), name, limits);
  const wrapped = isWrapped(decoded, name, contentType, reference);
  const bytes = wrapped ? unwrap(decoded, name, limits) : decoded;
  const sniffed = sniff(bytes);
  if (!limits.kinds.includes(sniffed))
    throw new TrucError('edxml.attachment-kind', { name, found: sniffed, path: node.path });
  return { contentId, name, description: text(node, 'Description'), contentType, bytes, wrapped, sniffed };
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

function decode(node: Node | undefined, name: string, limits: EdxmlLimits): Buffer {
  const written = node?.text ?? '';
  if (written.length > limits.attachmentBytes * 1.4) {
    throw new TrucError('edxml.attachment-too-large', {
      name,
      limit: limits.attachmentBytes,
      size: Math.floor(written.length * 0.75),
    });
  }
  const compact = /\s/.test(written) ? written.replace(/\s+/g, '') : written;
  // Buffer.from skips what is not base64; a strict reader must not.
  if (compact.length % 4 !== 0 || !BASE64.test(compact)) {
    throw new TrucError('edxml.attachment-base64', { name, path: node?.path ?? '', line: node?.line ?? 0 });
  }
  const bytes = Buffer.from(compact, 'base64');
  if (bytes.length > limits.attachmentBytes)
    throw new TrucError('edxml.attachment-too-large', {
      name,
      limit: limits.attachmentBytes,
      size: bytes.length,
    });
  return bytes;
}

/** Types by whose names a ZIP is meant to be a ZIP. */
const ZIP_NAMES = /\.(zip|docx|xlsx|pptx|odt|ods|odp|asice|asics|sce|scs|jar|epub)$/i;

/** The vendor SDK sends each file as a ZIP of one entry under the file's own name, and says application/zip. */
function isWrapped(
  bytes: Buffer,
  name: string,
  contentType: string,
  reference: Reference | undefined,
): boolean {
  if (!isZip(bytes) || ZIP_NAMES.test(name)) return false;
  const entries = zipEntryCount(bytes);
  if (entries === 1) return true;
  const declared = /zip/i.test(contentType) && !/zip/i.test(reference?.contentType ?? '');
  if (declared) throw new TrucError('edxml.zip-invalid', { name, cause: 'not exactly one entry' });
  return false;
}

function unwrap(zip: Buffer, name: string, limits: EdxmlLimits): Buffer {
  try {
    return onlyEntry(zip, limits.attachmentBytes).bytes;
  } catch (error) {
    if (error instanceof TrucError) throw new TrucError(error.code, { name, ...error.facts }, error);
    throw new TrucError('edxml.zip-invalid', { name, cause: 'truncated' }, error);
  }
}
