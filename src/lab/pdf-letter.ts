import {
  PDFDocument,
  type PDFFont,
  PDFHexString,
  type PDFPage,
  type PDFPageDrawTextOptions,
  rgb,
} from '@cantoo/pdf-lib';
import { canonicalJson, sha256Hex } from '../kernel/index.ts';
import type { Rectangle } from '../signing/index.ts';
import { type FontStyle, letterFontkit, tinos } from './fonts.ts';

/** An official letter by the form of Decree 30/2020, Appendix I. */
export interface Letter {
  /** Agency above the sender; absent for the highest ones. */
  parentAgency?: string;
  agency: string;
  /** What stands after the number: `/UBND-VP`. The number itself is stamped later. */
  notation: string;
  place: string;
  /** Printed only when given; otherwise the date is stamped later. */
  date?: string;
  subject: string;
  /** Lines after "Kính gửi:". */
  addressees: readonly string[];
  paragraphs: readonly string[];
  /** Lines of "Nơi nhận:". */
  recipients: readonly string[];
  /** Lines above the signature, such as `TM. ỦY BAN NHÂN DÂN`, `CHỦ TỊCH`. */
  capacity: readonly string[];
  signer: string;
  /** Time of creation in the file's metadata, milliseconds since 1970. */
  createdAt: number;
}

/** A letter's bytes, and where signature, seal, number and date belong. */
export interface ComposedLetter {
  bytes: Buffer;
  pages: number;
  /** Last page, between capacity and name. */
  signature: { page: number; rectangle: Rectangle };
  /** Covers the left third of the signature. */
  seal: { page: number; rectangle: Rectangle };
  /** Base line after "Số:" on the first page. */
  number: { x: number; y: number };
  /** Base line after the place on the first page. */
  date: { x: number; y: number };
}

/** A4 and the decree's margins: 20 mm at top, bottom and right, 30 mm at the left. */
const PAGE = { width: 595.28, height: 841.89, left: 85, right: 56.7, top: 56.7, bottom: 56.7 };
const BODY = 14;
const LEADING = 1.35;
const BLACK = rgb(0, 0, 0);

/** Gap kept for a stamped number between "Số:" and the notation. */
const NUMBER_GAP = 34;

/**
 * Sets a letter as a PDF with embedded fonts; the same input gives the same bytes.
 * @throws what pdf-lib throws when a character is missing in the font
 */
export async function composeLetter(letter: Letter): Promise<ComposedLetter> {
  const pdf = await PDFDocument.create({ updateMetadata: false });
  pdf.registerFontkit(letterFontkit);
  const fonts: Record<FontStyle, PDFFont> = {
    regular: await embed(pdf, 'regular'),
    italic: await embed(pdf, 'italic'),
    bold: await embed(pdf, 'bold'),
    boldItalic: await embed(pdf, 'boldItalic'),
  };
  pdf.setTitle(letter.subject);
  pdf.setAuthor(letter.agency);
  pdf.setLanguage('vi-VN');
  const created = new Date(letter.createdAt);
  pdf.setCreationDate(created);
  pdf.setModificationDate(created);
  const sheet = new Sheet(pdf, fonts);
  const places = heading(sheet, letter);
  addressees(sheet, letter.addressees);
  for (const text of letter.paragraphs) sheet.paragraph(text);
  const ends = closing(sheet, letter);
  sheet.numberPages();
  const id = PDFHexString.of(sha256Hex(canonicalJson({ ...letter })).slice(0, 32));
  pdf.context.trailerInfo.ID = pdf.context.obj([id, id]);
  const bytes = Buffer.from(await pdf.save({ useObjectStreams: false, addDefaultPage: false }));
  return { bytes, pages: sheet.pages.length, ...places, ...ends };
}

function embed(pdf: PDFDocument, style: FontStyle): Promise<PDFFont> {
  return pdf.embedFont(tinos(style), { subset: true, customName: `TRUCLT+Tinos-${style}` });
}

class Sheet {
  readonly pages: PDFPage[] = [];
  readonly fonts: Record<FontStyle, PDFFont>;
  private readonly pdf: PDFDocument;
  private readonly fontOf = new Map<PDFPage, FontStyle>();
  /** Words come again and again, and laying one out takes its time. */
  private readonly widths = new Map<string, number>();
  /** Base line of the next row on the last page. */
  y = 0;

  constructor(pdf: PDFDocument, fonts: Record<FontStyle, PDFFont>) {
    this.pdf = pdf;
    this.fonts = fonts;
    this.turn();
  }

  get page(): PDFPage {
    return this.pages.at(-1) as PDFPage;
  }

  turn(): void {
    this.pages.push(this.pdf.addPage([PAGE.width, PAGE.height]));
    this.y = PAGE.height - PAGE.top - BODY;
  }

  /** Turns the page unless `height` points are left. */
  room(height: number): void {
    if (this.y - height < PAGE.bottom) this.turn();
  }

  text(text: string, x: number, y: number, size: number, style: FontStyle): void {
    this.draw(this.page, text.normalize('NFC'), { x, y, size, color: BLACK }, style);
  }

  /** Sets a page's font only when it changes: pdf-lib names it anew in the page's resources each time. */
  private draw(page: PDFPage, text: string, place: PDFPageDrawTextOptions, style: FontStyle): void {
    if (this.fontOf.get(page) !== style) {
      page.setFont(this.fonts[style]);
      this.fontOf.set(page, style);
    }
    page.drawText(text, place);
  }

  width(text: string, size: number, style: FontStyle): number {
    const key = `${style}${size}|${text}`;
    let width = this.widths.get(key);
    if (width === undefined) {
      width = this.fonts[style].widthOfTextAtSize(text.normalize('NFC'), size);
      this.widths.set(key, width);
    }
    return width;
  }

  centred(text: string, middle: number, y: number, size: number, style: FontStyle): void {
    this.text(text, middle - this.width(text, size, style) / 2, y, size, style);
  }

  line(x: number, y: number, width: number): void {
    this.page.drawLine({ start: { x, y }, end: { x: x + width, y }, thickness: 0.8, color: BLACK });
  }

  wrap(text: string, width: number, size: number, style: FontStyle, indent = 0): string[] {
    const lines: string[] = [];
    const space = this.width(' ', size, style);
    let line = '';
    let used = 0;
    for (const word of text.split(' ')) {
      const own = this.width(word, size, style);
      const room = width - (lines.length === 0 ? indent : 0);
      if (line && used + space + own > room) {
        lines.push(line);
        [line, used] = [word, own];
      } else [line, used] = line ? [`${line} ${word}`, used + space + own] : [word, own];
    }
    return line ? [...lines, line] : lines;
  }

  /** A justified paragraph with its first line indented by 36 points. */
  paragraph(text: string): void {
    const width = PAGE.width - PAGE.left - PAGE.right;
    const indent = 36;
    const lines = this.wrap(text, width, BODY, 'regular', indent);
    for (const [i, line] of lines.entries()) {
      this.room(BODY);
      const shift = i === 0 ? indent : 0;
      this.justified(line, PAGE.left + shift, width - shift, i === lines.length - 1);
      this.y -= BODY * LEADING;
    }
    this.y -= 5;
  }

  private justified(line: string, x: number, width: number, last: boolean): void {
    const words = line.split(' ');
    if (last || words.length < 2) {
      this.text(line, x, this.y, BODY, 'regular');
      return;
    }
    const gap =
      (width - words.reduce((sum, word) => sum + this.width(word, BODY, 'regular'), 0)) / (words.length - 1);
    let at = x;
    for (const word of words) {
      this.text(word, at, this.y, BODY, 'regular');
      at += this.width(word, BODY, 'regular') + gap;
    }
  }

  /** Page numbers from the second page on, at the top middle (Appendix I, part I.7). */
  numberPages(): void {
    for (const [i, page] of this.pages.entries()) {
      if (i === 0) continue;
      const label = String(i + 1);
      const x = PAGE.width / 2 - this.width(label, 13, 'regular') / 2;
      this.draw(page, label, { x, y: PAGE.height - 38, size: 13, color: BLACK }, 'regular');
    }
  }
}

/** Agency at the left, the country's name and motto at the right, number, place, date and subject below. */
function heading(sheet: Sheet, letter: Letter): Pick<ComposedLetter, 'number' | 'date'> {
  const leftWidth = 205;
  const left = PAGE.left - 20 + leftWidth / 2;
  const right = PAGE.width - PAGE.right - 128;
  const top = sheet.y;
  sheet.centred('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', right, top, 12.2, 'bold');
  sheet.centred('Độc lập - Tự do - Hạnh phúc', right, top - 17, 13.5, 'bold');
  sheet.line(right - 84, top - 22, 168);
  let y = top;
  if (letter.parentAgency) {
    sheet.centred(letter.parentAgency.toUpperCase(), left, y, 12.5, 'regular');
    y -= 17;
  }
  for (const line of sheet.wrap(letter.agency.toUpperCase(), leftWidth, 12.5, 'bold')) {
    sheet.centred(line, left, y, 12.5, 'bold');
    y -= 17;
  }
  sheet.line(left - 36, y + 11, 72);
  const row = Math.min(y - 12, top - 46);
  const label = 'Số:';
  const whole = sheet.width(label, 13, 'regular') + NUMBER_GAP + sheet.width(letter.notation, 13, 'regular');
  const start = left - whole / 2;
  const number = { x: start + sheet.width(label, 13, 'regular') + 5, y: row };
  sheet.text(label, start, row, 13, 'regular');
  sheet.text(
    letter.notation,
    start + whole - sheet.width(letter.notation, 13, 'regular'),
    row,
    13,
    'regular',
  );
  const place = `${letter.place}, ngày `;
  const sample = letter.date ?? '00 tháng 00 năm 0000';
  const placeX = right - sheet.width(place + sample, 13, 'italic') / 2;
  sheet.text(place + (letter.date ?? ''), placeX, row, 13, 'italic');
  const date = { x: placeX + sheet.width(place, 13, 'italic'), y: row };
  y = row - 17;
  for (const line of sheet.wrap(`V/v ${letter.subject}`, leftWidth, 12, 'regular')) {
    sheet.centred(line, left, y, 12, 'regular');
    y -= 15;
  }
  sheet.y = y - 14;
  return { number, date };
}

function addressees(sheet: Sheet, list: readonly string[]): void {
  const label = 'Kính gửi:';
  const x = PAGE.left + 70;
  sheet.text(label, x, sheet.y, BODY, 'regular');
  const only = list.length === 1;
  if (only)
    sheet.text(list[0] ?? '', x + sheet.width(`${label} `, BODY, 'regular'), sheet.y, BODY, 'regular');
  else {
    for (const one of list) {
      sheet.y -= BODY * LEADING;
      sheet.text(`- ${one}`, x + sheet.width(`${label} `, BODY, 'regular'), sheet.y, BODY, 'regular');
    }
  }
  sheet.y -= BODY * LEADING + 10;
}

/** Recipients at the left, capacity, room for the signature and the name at the right. */
function closing(sheet: Sheet, letter: Letter): Pick<ComposedLetter, 'signature' | 'seal'> {
  sheet.room(190);
  const page = sheet.pages.length;
  const top = sheet.y - 8;
  let y = top;
  sheet.text('Nơi nhận:', PAGE.left, y, 12, 'boldItalic');
  for (const line of letter.recipients) {
    y -= 14;
    sheet.text(`- ${line}`, PAGE.left, y, 11, 'regular');
  }
  const middle = PAGE.width - PAGE.right - 110;
  y = top;
  for (const line of letter.capacity) {
    sheet.centred(line.toUpperCase(), middle, y, 13.5, 'bold');
    y -= 17;
  }
  const under = y + 8;
  const name = under - 96;
  sheet.centred(letter.signer, middle, name, BODY, 'bold');
  sheet.y = name - 20;
  const box: Rectangle = [middle - 70, name + 20, middle + 70, under - 8];
  const size = 108;
  const centre = (box[1] + box[3]) / 2 + 6;
  const edge = box[0] + (box[2] - box[0]) / 3;
  return {
    signature: { page, rectangle: box },
    seal: { page, rectangle: [edge - size, centre - size / 2, edge, centre + size / 2] },
  };
}
