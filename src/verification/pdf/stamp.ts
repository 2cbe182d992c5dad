import { isTrucError } from '../../kernel/index.ts';
import type { PdfFile } from './file.ts';
import { decodeStream } from './filters.ts';
import {
  isName,
  isReference,
  isStream,
  isString,
  type PdfDictionary,
  type PdfValue,
  textOf,
} from './objects.ts';
import { firstPage, type Page, rectangle } from './page-tree.ts';
import type { Revision } from './revisions.ts';

/** Names of the annotations that carry number and date (written by signing's numbering). */
const STAMPS = new Set(['truc-number', 'truc-date']);
/** A line of text at the head of the first page, not more: nothing in the body can be covered with it. */
const MAX_WIDTH = 260;
const MAX_HEIGHT = 26;
const HEAD = 2 / 3;
const MAX_CONTENT = 4096;

const KEYS = new Set([
  'Type',
  'Subtype',
  'NM',
  'Contents',
  'DA',
  'P',
  'Rect',
  'F',
  'AP',
  'M',
  'T',
  'CreationDate',
]);
/** Operators that set text and change nothing else. */
const OPERATORS = new Set([
  'q',
  'Q',
  'BT',
  'ET',
  'Tf',
  'Td',
  'TD',
  'Tm',
  'Tj',
  'TJ',
  'T*',
  'Tc',
  'Tw',
  'g',
  'rg',
]);

/** The stamp's name when an annotation is a number or date stamp within its bounds, else null. */
export function stampName(file: PdfFile, annotation: PdfDictionary, revision: Revision): string | null {
  const { entries } = annotation;
  const name = entries.get('NM');
  if (!isName(entries.get('Subtype'), 'FreeText') || !isString(name) || !STAMPS.has(textOf(name)))
    return null;
  if (annotation.repeated.length > 0 || [...entries.keys()].some((key) => !KEYS.has(key))) return null;
  const page = firstPage(file, revision);
  if (!page || !liesInHead(file, page, entries.get('Rect'), revision)) return null;
  const place = entries.get('P');
  if (!isReference(place) || place.num !== page.num) return null;
  return hasPlainText(file, entries.get('AP'), revision) ? textOf(name) : null;
}

function liesInHead(file: PdfFile, page: Page, value: PdfValue | undefined, revision: Revision): boolean {
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = rectangle(file.resolve(value, revision)) ?? [];
  const [left = 0, bottom = 0, right = 0, top = 0] = page.box;
  if (x1 <= x0 || x1 - x0 > MAX_WIDTH || y1 <= y0 || y1 - y0 > MAX_HEIGHT) return false;
  return x0 >= left && x1 <= right && y1 <= top && y0 >= bottom + (top - bottom) * HEAD;
}

/** Whether the normal appearance is one form that sets text and draws nothing. */
function hasPlainText(file: PdfFile, value: PdfValue | undefined, revision: Revision): boolean {
  const appearance = file.dictionary(value, revision);
  const stream = file.resolve(appearance?.entries.get('N'), revision);
  if (appearance?.entries.size !== 1 || !isStream(stream)) return false;
  const { entries } = stream.dictionary;
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = rectangle(entries.get('BBox')) ?? [];
  if (x1 - x0 > MAX_WIDTH || y1 - y0 > MAX_HEIGHT || entries.has('Matrix') || entries.has('Group'))
    return false;
  return onlySetsText(stream.to - stream.from > MAX_CONTENT ? null : decoded(stream));
}

function decoded(stream: Parameters<typeof decodeStream>[0]): string | null {
  try {
    const content = decodeStream(stream);
    return content.length > MAX_CONTENT ? null : content.toString('latin1');
  } catch (error) {
    if (isTrucError(error)) return null;
    throw error;
  }
}

function onlySetsText(content: string | null): boolean {
  if (content === null) return false;
  const words = content
    .replace(/<[0-9a-fA-F\s]*>|\((?:[^()\\]|\\.)*\)|[[\]]/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '' && !/^(\/[\w.+-]+|[+-]?(\d+\.?\d*|\.\d+))$/.test(word));
  return words.every((word) => OPERATORS.has(word));
}
