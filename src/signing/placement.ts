import {
  isName,
  isReference,
  isString,
  type PdfDictionary,
  type PdfFile,
  type PdfReference,
  type PdfValue,
  textOf,
} from '../verification/index.ts';
import type { Rectangle } from './appearance.ts';
import { openPdf } from './pdf-update.ts';
import { fromShown, type Rotation, rotationOf, shownOn, sizeShown } from './rotation.ts';

/** A place on a page, 1 = first. */
export interface Place {
  page: number;
  rectangle: Rectangle;
}

/** A page's visible box, how far it is turned clockwise when it is shown, and the signature fields on it. */
export interface PageLayout {
  box: Rectangle;
  rotate: Rotation;
  fields: readonly { name: string; rectangle: Rectangle }[];
}

const MAX_PAGES = 20_000;
const MAX_ANNOTATIONS = 2_000;
const A4: Rectangle = [0, 0, 595.28, 841.89];

/** mm in points. */
const MM = 72 / 25.4;
/** The Appendix I margins of NĐ 30/2020: 30 mm left, 20 mm elsewhere. */
const MARGIN = 20 * MM;

/**
 * The pages of a PDF as far as placing a signature needs them.
 * @throws TrucError `signing.pdf-not-usable`
 */
export function pageLayouts(pdf: Buffer): PageLayout[] {
  const file = openPdf(pdf);
  const pages: PageLayout[] = [];
  const root = file.catalog(file.latest).dictionary.entries.get('Pages') ?? null;
  const stack: { value: PdfValue; above: Inherited }[] = [
    { value: root, above: { media: null, crop: null, rotate: 0 } },
  ];
  for (let visited = 0; stack.length > 0 && visited < MAX_PAGES; visited++) {
    const { value, above } = stack.pop() as (typeof stack)[number];
    const node = file.dictionary(value, file.latest);
    if (!node) continue;
    const own = inheritedBy(file, node, above);
    const kids = file.resolve(node.entries.get('Kids'), file.latest);
    if (Array.isArray(kids)) for (const kid of [...kids].reverse()) stack.push({ value: kid, above: own });
    else pages.push({ box: shownBox(own), rotate: own.rotate, fields: fieldsOf(file, node) });
  }
  return pages;
}

/** What a page has of the nodes above it (ISO 32000-2 §7.7.3.4). */
interface Inherited {
  media: Rectangle | null;
  crop: Rectangle | null;
  rotate: Rotation;
}

function inheritedBy(file: PdfFile, node: PdfDictionary, above: Inherited): Inherited {
  const rotate = file.resolve(node.entries.get('Rotate'), file.latest);
  return {
    media: boxOf(file, node, 'MediaBox') ?? above.media,
    crop: boxOf(file, node, 'CropBox') ?? above.crop,
    rotate: typeof rotate === 'number' ? rotationOf(rotate) : above.rotate,
  };
}

/** Viewers show what the crop box leaves of the media box (§14.11.2). */
function shownBox({ media, crop }: Inherited): Rectangle {
  const whole = media ?? A4;
  if (!crop) return whole;
  const both = [
    Math.max(whole[0], crop[0]),
    Math.max(whole[1], crop[1]),
    Math.min(whole[2], crop[2]),
    Math.min(whole[3], crop[3]),
  ] as const;
  return both[0] < both[2] && both[1] < both[3] ? both : whole;
}

function boxOf(file: PdfFile, node: PdfDictionary, key: string): Rectangle | null {
  const value = file.resolve(node.entries.get(key), file.latest);
  if (!Array.isArray(value) || value.length !== 4) return null;
  const [a, b, c, d] = value.map((item) => file.resolve(item, file.latest));
  if (typeof a !== 'number' || typeof b !== 'number' || typeof c !== 'number' || typeof d !== 'number')
    return null;
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
}

function fieldsOf(file: PdfFile, page: PdfDictionary): PageLayout['fields'] {
  const list = file.resolve(page.entries.get('Annots'), file.latest);
  if (!Array.isArray(list)) return [];
  return list
    .slice(0, MAX_ANNOTATIONS)
    .filter((item): item is PdfReference => isReference(item))
    .flatMap((item) => {
      const widget = file.dictionary(item, file.latest);
      const name = widget?.entries.get('T');
      const rectangle = widget ? boxOf(file, widget, 'Rect') : null;
      if (!widget || !rectangle || !isName(widget.entries.get('FT'), 'Sig') || !isString(name)) return [];
      return [{ name: textOf(name), rectangle }];
    });
}

/** Whether a place lies whole on its page and is not a hair's breadth. */
export function isOnPage(
  { page, rectangle: [x0, y0, x1, y1] }: Place,
  pages: readonly PageLayout[],
): boolean {
  const box = pages[page - 1]?.box;
  if (!box) return false;
  return x0 >= box[0] && y0 >= box[1] && x1 <= box[2] && y1 <= box[3] && x1 - x0 >= 4 && y1 - y0 >= 4;
}

const BLANK: PageLayout = { box: A4, rotate: 0, fields: [] };

/** Where a person signs when nobody says otherwise: low on the last page's right half, as it is shown. */
export function personPlace(pages: readonly PageLayout[]): Place {
  const last = pages.at(-1) ?? BLANK;
  const right = sizeShown(last)[0] - MARGIN - 40;
  const low = MARGIN + 60;
  const rectangle = fromShown([right - 140, low, right, low + 62], last);
  return { page: Math.max(1, pages.length), rectangle };
}

/** Diameter of an agency's seal: 36–38 mm for most, in points. */
const SEAL = 108;

/**
 * Where the agency's seal belongs: over the left third of the competent person's signature (NĐ 30/2020 Appendix I, II.8a),
 * moved into the page where it would leave it.
 * @param field name of that signature's field; null where the document has none
 */
export function sealPlace(pages: readonly PageLayout[], field: string | null): Place {
  const index = pages.findLastIndex((page) => page.fields.some(({ name }) => name === field));
  const at = index < 0 ? Math.max(0, pages.length - 1) : index;
  const page = pages[at] ?? BLANK;
  const signed = page.fields.find(({ name }) => name === field)?.rectangle ?? personPlace(pages).rectangle;
  const over = shownOn(signed, page);
  const left = Math.max(0, over[0] + (over[2] - over[0]) / 3 - SEAL);
  const centre = (over[1] + over[3]) / 2;
  const low = Math.min(Math.max(0, centre - SEAL / 2), sizeShown(page)[1] - SEAL);
  return { page: at + 1, rectangle: fromShown([left, low, left + SEAL, low + SEAL], page) };
}

/** Top right of the first page, for the lines of copies and annexes (Appendix I, II.8b and III). */
export function cornerPlace(pages: readonly PageLayout[], lines: number): Place {
  const first = pages[0] ?? BLANK;
  const [width, height] = sizeShown(first);
  const top = height - 8;
  const low = top - lines * 12 - 4;
  return { page: 1, rectangle: fromShown([width - MARGIN - 190, low, width - 12, top], first) };
}
