import type { FileKind } from './sniff.ts';

/** Bounds of what is read, so that no message costs more than it is worth. */
export interface EdxmlLimits {
  /** Whole message, bytes. */
  bytes: number;
  /** Nesting of elements. */
  depth: number;
  /** A letter to all 3,300 communes has some 30,000. */
  elements: number;
  /** Attributes of one element. */
  attributes: number;
  attachments: number;
  /** One attachment after decoding and unwrapping, bytes. */
  attachmentBytes: number;
  /** Text of one element other than attachment content, UTF-16 code units. */
  text: number;
  /** Kinds of attachments that are taken. */
  kinds: readonly FileKind[];
}

export const DEFAULT_LIMITS: EdxmlLimits = {
  bytes: 64 * 1024 * 1024,
  depth: 24,
  elements: 40_000,
  attributes: 32,
  attachments: 200,
  attachmentBytes: 256 * 1024 * 1024,
  text: 20_000,
  kinds: [
    'pdf',
    'ooxml',
    'odf',
    'asic',
    'zip',
    'xml',
    'cms',
    'png',
    'jpeg',
    'tiff',
    'ole',
    'rtf',
    'text',
    'unknown',
  ],
};
