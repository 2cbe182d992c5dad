import {
  beginText,
  endText,
  fill,
  moveText,
  type PDFDocument,
  type PDFFont,
  PDFHexString,
  PDFName,
  type PDFOperator,
  type PDFPage,
  rectangle,
  setFillingRgbColor,
  setFontAndSize,
  showText,
} from '@cantoo/pdf-lib';
import { nfc } from '../kernel/index.ts';
import { type Element, StructureTree, type StructureType } from './pdf-tags.ts';
import type { Tone } from './report-view.ts';

export interface SheetFonts {
  regular: PDFFont;
  bold: PDFFont;
}

export interface TextStyle {
  size: number;
  font: keyof SheetFonts;
  tone?: Tone;
}

/** A word in a font: its glyphs and its width at one point. */
interface SetWord {
  codes: string;
  width: number;
}

type Colour = readonly [number, number, number];

/** The light colours of the page's style sheet. */
const COLOURS: Readonly<Record<Tone | 'line', Colour>> = {
  good: [0.08, 0.38, 0.18],
  open: [0.48, 0.29, 0],
  bad: [0.63, 0.07, 0.07],
  none: [0.1, 0.12, 0.14],
  line: [0.79, 0.81, 0.84],
};

/** A4, points. The foot is kept free for the lines that stand on every page. */
const PAGE = { width: 595.28, height: 841.89, left: 56, right: 56, top: 56, bottom: 76 };
const LEADING = 1.38;
const LABEL_WIDTH = 132;
const CELL: TextStyle = { size: 9.5, font: 'regular' };
/** 3 cm: read from paper at arm's length. */
const CODE_SIZE = 85;

/** Sets headings, paragraphs and rows on A4 pages from top to bottom, each a tagged element. */
export class ReportSheet {
  readonly pages: PDFPage[] = [];
  private readonly pdf: PDFDocument;
  private readonly fonts: SheetFonts;
  private readonly tree = new StructureTree();
  /** Words as set already: most of a report says the same again. */
  private readonly words = new Map<string, SetWord>();
  private readonly drawable: Set<number>;
  /** Top of the next line on the last page. */
  private y = 0;

  constructor(pdf: PDFDocument, fonts: SheetFonts) {
    this.pdf = pdf;
    this.fonts = fonts;
    const bold = new Set(fonts.bold.getCharacterSet());
    this.drawable = new Set(fonts.regular.getCharacterSet().filter((code) => bold.has(code)));
    this.turn();
  }

  heading(level: 1 | 2 | 3, text: string, tone: Tone = 'none'): void {
    const size = { 1: 18, 2: 13, 3: 11.5 }[level];
    this.space(level === 1 ? 0 : 8);
    // Never alone at the foot of a page.
    this.room(size * LEADING + 40);
    this.flow(`H${level}`, text, { size, font: 'bold', tone }, PAGE.left, this.bodyWidth);
    this.space(2);
  }

  paragraph(text: string, style: Partial<TextStyle> = {}): void {
    this.flow('P', text, { size: 10.5, font: 'regular', ...style }, PAGE.left, this.bodyWidth);
    this.space(2);
  }

  /** A label at the left and its lines beside it. */
  row(label: string, lines: readonly { text: string; style?: Partial<TextStyle> }[], size = 10.5): void {
    const style: TextStyle = { size, font: size < 10 ? 'regular' : 'bold' };
    const left = this.wrap(label, style, LABEL_WIDTH - 8);
    this.room(Math.min(left.length, 4) * size * LEADING);
    const [page, top] = [this.page, this.y];
    this.flow('P', label, style, PAGE.left, LABEL_WIDTH - 8);
    const under = this.page === page ? this.y : top;
    if (this.page === page) this.y = top;
    for (const { text, style: own } of lines)
      this.flow(
        'P',
        text,
        { size, font: 'regular', ...own },
        PAGE.left + LABEL_WIDTH,
        this.bodyWidth - LABEL_WIDTH,
      );
    if (this.page === page) this.y = Math.min(this.y, under);
    this.space(size / 4);
  }

  /** A QR code with lines beside it that say the same in words; who hears the page hears those. */
  code(modules: readonly boolean[][], lines: readonly { text: string; style?: Partial<TextStyle> }[]): void {
    this.space(6);
    this.room(CODE_SIZE + 12);
    const [page, top] = [this.page, this.y];
    const step = CODE_SIZE / modules.length;
    const dark: PDFOperator[] = [setFillingRgbColor(0, 0, 0)];
    for (const [row, line] of modules.entries())
      for (const [column, on] of line.entries())
        if (on) dark.push(rectangle(PAGE.left + column * step, top - (row + 1) * step, step, step));
    this.tree.artifact(page, [...dark, fill()]);
    const x = PAGE.left + CODE_SIZE + 16;
    for (const { text, style } of lines)
      this.flow('P', text, { size: 10.5, font: 'regular', ...style }, x, PAGE.width - PAGE.right - x);
    if (this.page === page) this.y = Math.min(this.y, top - CODE_SIZE);
    this.space(6);
  }

  /**
   * A table: the first column begins at the left, the others end at the right of their places. A row is never parted; its head
   * is said again on each page.
   * @param widths of the columns, points
   */
  table(widths: readonly number[], head: readonly string[], rows: readonly (readonly string[])[]): void {
    this.space(4);
    const table = this.tree.element('Table');
    this.tableRow(table, widths, head, true);
    for (const row of rows) {
      const before = this.page;
      if (this.y - this.rowHeight(widths, row) < PAGE.bottom) this.turn();
      if (this.page !== before) this.tableRow(table, widths, head, true);
      this.tableRow(table, widths, row, false);
    }
    this.space(6);
  }

  private rowHeight(widths: readonly number[], cells: readonly string[]): number {
    const lines = cells.map((text, i) => this.wrap(text, CELL, (widths[i] as number) - 8).length);
    return Math.max(1, ...lines) * CELL.size * LEADING + 5;
  }

  private tableRow(
    table: Element,
    widths: readonly number[],
    cells: readonly string[],
    isHead: boolean,
  ): void {
    const height = this.rowHeight(widths, cells);
    this.room(isHead ? height + 40 : height);
    const top = this.y;
    const row = this.tree.element('TR', table);
    const style: TextStyle = isHead ? { ...CELL, font: 'bold' } : CELL;
    let x = PAGE.left;
    for (const [i, text] of cells.entries()) {
      const width = (widths[i] as number) - 8;
      const used = Math.max(0, ...this.wrap(text, style, width).map((line) => this.width(line, style)));
      this.y = top;
      this.flow(isHead ? 'TH' : 'TD', text, style, i === 0 ? x : x + width - used, width, row);
      x += widths[i] as number;
    }
    this.y = top - height;
    this.box(this.page, PAGE.left, this.y + 1.5, x - PAGE.left, isHead ? 0.8 : 0.4, COLOURS.line);
  }

  rule(): void {
    this.space(4);
    this.room(30);
    this.box(this.page, PAGE.left, this.y, this.bodyWidth, 0.6, COLOURS.line);
    this.space(5);
  }

  space(points: number): void {
    this.y -= points;
  }

  /** Writes the foot of every page and the document's structure; nothing can be set afterwards. */
  finish(foot: (page: number, of: number) => readonly string[]): void {
    for (const [i, page] of this.pages.entries()) {
      this.box(page, PAGE.left, PAGE.bottom - 12, this.bodyWidth, 0.6, COLOURS.line);
      for (const [n, text] of foot(i + 1, this.pages.length).entries()) {
        const style: TextStyle = { size: 8, font: 'regular' };
        this.tree.artifact(page, this.line(text, style, PAGE.left, PAGE.bottom - 26 - n * 11));
      }
    }
    this.tree.write(this.pdf, this.pages);
  }

  private get page(): PDFPage {
    return this.pages.at(-1) as PDFPage;
  }

  private get bodyWidth(): number {
    return PAGE.width - PAGE.left - PAGE.right;
  }

  private turn(): void {
    const page = this.pdf.addPage([PAGE.width, PAGE.height]);
    for (const style of ['regular', 'bold'] as const)
      page.node.setFontDictionary(fontName(style), this.fonts[style].ref);
    this.pages.push(page);
    this.y = PAGE.height - PAGE.top;
  }

  private room(height: number): void {
    if (this.y - height < PAGE.bottom) this.turn();
  }

  private flow(
    type: StructureType,
    text: string,
    style: TextStyle,
    x: number,
    width: number,
    parent: Element | null = null,
  ): void {
    const element = this.tree.element(type, parent);
    let part: PDFOperator[] = [];
    for (const line of this.wrap(text, style, width)) {
      if (this.y - style.size * LEADING < PAGE.bottom) {
        if (part.length > 0) this.tree.mark(element, this.page, part);
        part = [];
        this.turn();
      }
      this.y -= style.size * LEADING;
      part.push(...this.line(line, style, x, this.y + style.size * 0.3));
    }
    if (part.length > 0) this.tree.mark(element, this.page, part);
  }

  private line(text: string, { size, font, tone = 'none' }: TextStyle, x: number, y: number): PDFOperator[] {
    return [
      beginText(),
      setFillingRgbColor(...COLOURS[tone]),
      setFontAndSize(fontName(font), size),
      moveText(x, y),
      showText(PDFHexString.of(this.codes(text, font))),
      endText(),
    ];
  }

  private box(page: PDFPage, x: number, y: number, width: number, height: number, colour: Colour): void {
    this.tree.artifact(page, [setFillingRgbColor(...colour), rectangle(x, y, width, height), fill()]);
  }

  /** Composed text; a character that the fonts lack is shown as U+FFFD. */
  private shown(text: string): string {
    return [...nfc(text)]
      .map((one) => (this.drawable.has(one.codePointAt(0) ?? 0) ? one : '\ufffd'))
      .join('');
  }

  /** Glyphs of a line, hexadecimal: word by word, so that each is laid out once. */
  private codes(text: string, font: keyof SheetFonts): string {
    const space = this.word(' ', font).codes;
    const words = this.shown(text).split(' ');
    return words.map((one) => this.word(one, font).codes).join(space);
  }

  private word(text: string, font: keyof SheetFonts): SetWord {
    const key = `${font} ${text}`;
    const known = this.words.get(key);
    if (known) return known;
    const face = this.fonts[font];
    const word = { codes: face.encodeText(text).asString(), width: face.widthOfTextAtSize(text, 1) };
    this.words.set(key, word);
    return word;
  }

  private width(text: string, { size, font }: TextStyle): number {
    return this.word(text, font).width * size;
  }

  /** Lines no wider than `width`; a word that is wider alone is broken anywhere. */
  private wrap(text: string, style: TextStyle, width: number): string[] {
    const lines: string[] = [];
    const space = this.width(' ', style);
    let line = '';
    let used = 0;
    for (const word of this.shown(text)
      .split(' ')
      .flatMap((one) => this.pieces(one, style, width))) {
      const own = this.width(word, style);
      if (line !== '' && used + space + own > width) {
        lines.push(line);
        line = '';
        used = 0;
      }
      used += line === '' ? own : space + own;
      line = line === '' ? word : `${line} ${word}`;
    }
    return line === '' ? lines : [...lines, line];
  }

  private pieces(word: string, style: TextStyle, width: number): string[] {
    if (this.width(word, style) <= width) return [word];
    const pieces: string[] = [];
    let piece = '';
    let used = 0;
    for (const one of word) {
      const own = this.width(one, style);
      if (piece !== '' && used + own > width) {
        pieces.push(piece);
        piece = '';
        used = 0;
      }
      piece += one;
      used += own;
    }
    return [...pieces, piece];
  }
}

function fontName(font: keyof SheetFonts): PDFName {
  return PDFName.of(font === 'bold' ? 'F2' : 'F1');
}
