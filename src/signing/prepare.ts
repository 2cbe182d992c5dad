import { digestOf, TrucError } from '../kernel/index.ts';
import { type AppearanceForm, drawForm, type Rectangle } from './appearance.ts';
import type { SigningErrorCode } from './errors.ts';
import { EmbeddedFont } from './font.ts';
import { addAnnotation, addField, fieldNames, findPage } from './pdf-form.ts';
import { date, dictionary, number, openPdf, PdfUpdate, text } from './pdf-update.ts';
import { type Rotation, shownOn, uprightMatrix } from './rotation.ts';

/** Room for a CMS with one certificate and a timestamp token with its certificates. */
const DEFAULT_CONTENTS_BYTES = 8192;
/** Print and locked (ISO 32000-2 §12.5.3). */
const WIDGET_FLAGS = '132';
const RANGE_WIDTH = 48;

export interface VisibleForm {
  /** 1 = first. */
  page: number;
  rectangle: Rectangle;
  form: AppearanceForm;
  /** TrueType font for the form's text. */
  font: Uint8Array;
}

export interface PrepareInput {
  pdf: Buffer;
  /** Name of the signature field to add; must be new in the form. */
  fieldName: string;
  /** Claimed time of signing (/M), milliseconds since 1970. */
  signedAt: number;
  /** Invisible where absent. */
  visible?: VisibleForm;
  signerName?: string;
  reason?: string;
  location?: string;
  /** Bytes to keep free for the CMS; 8,192 where not given. */
  contentsBytes?: number;
  /** Makes it a certification signature (DocMDP) that allows nothing (1), form filling and signing (2), or also annotations (3). */
  certify?: 1 | 2 | 3;
  /** `document-timestamp` makes a DocTimeStamp dictionary instead of a signature. */
  purpose?: 'signature' | 'document-timestamp';
}

/** A PDF that lacks nothing but the CMS. */
export interface PreparedPdf {
  /** The original bytes, then the update with zeros where the CMS goes. */
  bytes: Buffer;
  /** Length of the original: the update begins here. */
  originalLength: number;
  byteRange: readonly [number, number, number, number];
  /** SHA-256 over both parts of the byte range. */
  digest: Buffer;
  fieldName: string;
}

/**
 * Adds a signature field with its widget, appearance and empty signature in an uncompressed incremental update;
 * the original bytes stay as they are.
 * @throws TrucError `signing.pdf-not-usable`, `signing.page-not-found`, `signing.field-name-taken`, `signing.text-not-drawable`
 */
export function prepareSignature(input: PrepareInput): PreparedPdf {
  const update = new PdfUpdate(openPdf(input.pdf));
  if (fieldNames(update).has(input.fieldName)) {
    throw new TrucError<SigningErrorCode>('signing.field-name-taken', { fieldName: input.fieldName });
  }
  const signature = update.add(signatureDictionary(input));
  const page = findPage(update, input.visible?.page ?? 1);
  const widget = update.add(
    dictionary({
      Type: '/Annot',
      Subtype: '/Widget',
      FT: '/Sig',
      T: text(input.fieldName),
      V: signature,
      P: `${page.reference.num} ${page.reference.gen} R`,
      Rect: `[${(input.visible?.rectangle ?? [0, 0, 0, 0]).map(number).join(' ')}]`,
      F: WIDGET_FLAGS,
      AP: input.visible ? `<< /N ${appearance(update, input.visible, page.rotate)} >>` : undefined,
    }),
  );
  addAnnotation(update, page, widget);
  addField(update, widget);
  return locate(update.build(), update.file.latest.end, input.fieldName);
}

function signatureDictionary(input: PrepareInput): string {
  const timestamp = input.purpose === 'document-timestamp';
  const optional = (value: string | undefined) => (value === undefined ? undefined : text(value));
  const certify =
    input.certify &&
    `[<< /Type /SigRef /TransformMethod /DocMDP /TransformParams << /Type /TransformParams /P ${input.certify} /V /1.2 >> >>]`;
  return dictionary({
    Type: timestamp ? '/DocTimeStamp' : '/Sig',
    Filter: '/Adobe.PPKLite',
    SubFilter: timestamp ? '/ETSI.RFC3161' : '/ETSI.CAdES.detached',
    ByteRange: `[0 ${' '.repeat(RANGE_WIDTH)}]`,
    Contents: `<${'0'.repeat((input.contentsBytes ?? DEFAULT_CONTENTS_BYTES) * 2)}>`,
    M: timestamp ? undefined : date(input.signedAt),
    Name: optional(input.signerName),
    Reason: optional(input.reason),
    Location: optional(input.location),
    Reference: certify || undefined,
  });
}

/** Drawn as it is seen, upright, however the page is turned. */
function appearance(update: PdfUpdate, visible: VisibleForm, rotate: Rotation): string {
  const font = new EmbeddedFont(visible.font);
  const { rectangle } = visible;
  const drawing = drawForm(visible.form, shownOn(rectangle, { box: rectangle, rotate }), font);
  return update.addStream(
    {
      Type: '/XObject',
      Subtype: '/Form',
      BBox: `[0 0 ${number(drawing.width)} ${number(drawing.height)}]`,
      Matrix: uprightMatrix(rotate),
      Resources: drawing.usesFont ? `<< /Font << /F1 ${font.embed(update)} >> >>` : '<< >>',
    },
    Buffer.from(drawing.content, 'latin1'),
  );
}

/** Fills in the byte range of the one signature that the update contains, and digests it. */
function locate(bytes: Buffer, from: number, fieldName: string): PreparedPdf {
  const range = bytes.indexOf('/ByteRange [0 ', from);
  const open = bytes.indexOf('/Contents <', range) + '/Contents '.length;
  const close = bytes.indexOf('>', open) + 1;
  if (range < 0 || close <= open) throw new TrucError<SigningErrorCode>('signing.placeholder-not-found');
  const byteRange = [0, open, close, bytes.length - close] as const;
  const numbers = byteRange.slice(1).join(' ').padEnd(RANGE_WIDTH);
  bytes.write(`/ByteRange [0 ${numbers}]`, range, 'latin1');
  const digest = digestOf('sha256', bytes.subarray(0, open), bytes.subarray(close));
  return { bytes, originalLength: from, byteRange, digest, fieldName };
}
