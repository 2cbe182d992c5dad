import { TrucError } from '../kernel/index.ts';
import { readAttachments } from './attachments.ts';
import { child, NAMESPACE } from './fields.ts';
import { DEFAULT_LIMITS, type EdxmlLimits } from './limits.ts';
import { locator } from './locate.ts';
import type { EdxmlAttachment, EdxmlMessage } from './model.ts';
import { readDocumentHeader, readStatusHeader } from './read-header.ts';
import { type Node, parseTree } from './tree.ts';

/**
 * Reads an edXML message: children in any order, with or without the literal prefix, attachments decoded and unwrapped.
 * Says only what is there; whether it is complete and right is for `validateDocument` and `validateStatus`.
 * @throws TrucError with an {@link EdxmlErrorCode}; facts name path and line where they are known
 */
export function readEdxml(bytes: Uint8Array, limits: EdxmlLimits = DEFAULT_LIMITS): EdxmlMessage {
  const message = readCollecting(bytes, limits, (error) => {
    throw error;
  });
  if (message.kind === 'status') return message;
  return { ...message, attachments: message.attachments.filter((one) => one !== null) };
}

type Status = Extract<EdxmlMessage, { kind: 'status' }>;
type Document = Extract<EdxmlMessage, { kind: 'document' }>;
type Collected = Status | (Omit<Document, 'attachments'> & { attachments: (EdxmlAttachment | null)[] });

/**
 * Reads like {@link readEdxml}, but what is wrong with single attachments goes to `refused`, and null keeps their places.
 * @throws TrucError when the envelope cannot be read
 */
export function readCollecting(
  bytes: Uint8Array,
  limits: EdxmlLimits,
  refused: (error: TrucError) => void,
): Collected {
  const root = parseTree(bytes, limits);
  if (root.name !== 'edXML') throw new TrucError('edxml.wrong-root', { expected: 'edXML', found: root.name });
  if (root.namespace !== NAMESPACE)
    throw new TrucError('edxml.namespace', { expected: NAMESPACE, found: root.namespace, path: 'edXML' });
  const envelope = child(root, 'edXMLEnvelope');
  const message = child(child(envelope, 'edXMLHeader'), 'MessageHeader');
  if (!envelope || !message)
    throw new TrucError('edxml.wrong-root', { expected: 'edXMLEnvelope/edXMLHeader/MessageHeader' });
  refuseLongText(root, limits);
  const locate = locator(root);
  if (isStatus(message)) return { kind: 'status', status: readStatusHeader(message), locate };
  const document = readDocumentHeader(envelope);
  const attachments = readAttachments(root, document.references, limits, refused);
  return { kind: 'document', document, attachments, locate };
}

/** Documents have their time stamps in the trace headers; a status without its code must not be read as a document. */
function isStatus(message: Node): boolean {
  return child(message, 'StatusCode') !== undefined || child(message, 'Timestamp') !== undefined;
}

/** Attachment content has its own limit, and signatures carry revocation lists; the verifier judges those. */
const LONG = ['ContentTransferEncoded', 'Signature', 'DigitalSignature'];

function refuseLongText(node: Node, limits: EdxmlLimits): void {
  if (LONG.includes(node.name)) return;
  if (node.text.length > limits.text) {
    const { path, line } = node;
    throw new TrucError('edxml.too-large', { path, line, limit: limits.text, size: node.text.length });
  }
  for (const one of node.children) refuseLongText(one, limits);
}
