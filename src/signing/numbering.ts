import { type Drawing, drawLine, type Rectangle } from './appearance.ts';
import { EmbeddedFont } from './font.ts';
import { addAnnotation, findPage } from './pdf-form.ts';
import { dictionary, number, openPdf, PdfUpdate, text } from './pdf-update.ts';
import { fromShown, type Rotation, shownOn, uprightMatrix } from './rotation.ts';

/** Annotation names by which number and date stamps are known again. */
export const STAMP_NAMES = { number: 'truc-number', date: 'truc-date' } as const;

export interface StampText {
  text: string;
  /** Left end of the base line as the page is shown, in the page's own coordinates, points. */
  x: number;
  y: number;
  /** Points; 13 is the decree's size for number and date (Decree 30/2020, Appendix I). */
  size?: number;
  /** TrueType font that has all its characters. */
  font: Uint8Array;
}

export interface NumberingInput {
  pdf: Buffer;
  /** Number as it is to stand after "Số:", such as `12` or `12/UBND-VP`. */
  number: StampText;
  /** Date of issue, such as `16 tháng 3 năm 2026`; absent where the document carries it already. */
  date?: StampText;
}

/**
 * Stamps number and date on the first page, as annotations in an incremental update, after the person signed and
 * before the agency does (Decree 30/2020 art. 13.7, 15.3). The page's own content is not touched, so the first
 * signature stays valid.
 * @throws TrucError `signing.pdf-not-usable`, `signing.page-not-found`, `signing.text-not-drawable`
 */
export function stampNumber(input: NumberingInput): Buffer {
  const update = new PdfUpdate(openPdf(input.pdf));
  const page = findPage(update, 1);
  const stamps = [
    { name: STAMP_NAMES.number, ...input.number },
    ...(input.date ? [{ name: STAMP_NAMES.date, ...input.date }] : []),
  ];
  const references = stamps.map(({ name, size = 13, ...stamp }) => {
    const font = new EmbeddedFont(stamp.font);
    const drawing = drawLine(stamp.text, size, font);
    const box = boxAt(stamp, drawing, size * 0.25, page.rotate)
      .map(number)
      .join(' ');
    const appearance = update.addStream(
      {
        Type: '/XObject',
        Subtype: '/Form',
        BBox: `[0 0 ${number(drawing.width)} ${number(drawing.height)}]`,
        Matrix: uprightMatrix(page.rotate),
        Resources: `<< /Font << /F1 ${font.embed(update)} >> >>`,
      },
      Buffer.from(drawing.content, 'latin1'),
    );
    return update.add(
      dictionary({
        Type: '/Annot',
        Subtype: '/FreeText',
        NM: text(name),
        Contents: text(stamp.text),
        DA: `(/F1 ${number(size)} Tf 0 g)`,
        P: `${page.reference.num} ${page.reference.gen} R`,
        Rect: `[${box}]`,
        F: '196',
        AP: `<< /N ${appearance} >>`,
      }),
    );
  });
  addAnnotation(update, page, references.join(' '));
  return update.build();
}

/** @param below how far the line reaches below its base line */
function boxAt({ x, y }: StampText, { width, height }: Drawing, below: number, rotate: Rotation): Rectangle {
  const turned = { box: [0, 0, 0, 0], rotate } as const;
  const [left, base] = shownOn([x, y, x, y], turned);
  return fromShown([left, base - below, left + width, base - below + height], turned);
}
