import { PassThrough, Readable } from 'node:stream';
import yazl from 'yazl';

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const SPREADSHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** A cell: text is text, so that nothing in it computes; a share is a number that is shown as per cent. */
export type SheetCell = string | number | null | { share: number };

export interface Sheet {
  /** At most 31 characters, none of `[]:*?/\`. */
  name: string;
  /** The first row stands out. */
  head: readonly string[];
  /** Rows as they are read, in groups. */
  rows: AsyncIterable<readonly (readonly SheetCell[])[]>;
  /** Widths of columns in characters; the usual ones where not given. */
  widths?: readonly number[];
}

/** Rows of one sheet; more do not fit. */
const MOST_ROWS = 1_048_576;

/** Styles by place: 0 as it is, 1 the first row, 2 per cent (ECMA-376 part 1, §18.8.30: format 10 is 0.00%). */
const STYLES = `${XML}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="10" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`;

/** A workbook (ECMA-376 part 1, §12.2), written as it is read: inline strings, no formulas. */
export function xlsx(sheets: readonly Sheet[]): Readable {
  const zip = new yazl.ZipFile();
  for (const [name, text] of Object.entries(parts(sheets))) zip.addBuffer(Buffer.from(text), name);
  const streams = sheets.map((sheet) => Readable.from(sheetText(sheet)));
  for (const [i, stream] of streams.entries()) zip.addReadStream(stream, `xl/worksheets/sheet${i + 1}.xml`);
  zip.end();
  const out = new PassThrough();
  for (const stream of streams) stream.on('error', (error) => out.destroy(error));
  out.on('close', () => {
    for (const stream of streams) stream.destroy();
  });
  zip.outputStream.pipe(out);
  return out;
}

function parts(sheets: readonly Sheet[]): Record<string, string> {
  const each = (text: (n: number, sheet: Sheet) => string) =>
    sheets.map((one, i) => text(i + 1, one)).join('');
  const types = each(
    (n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${SPREADSHEET}.worksheet+xml"/>`,
  );
  const named = each((n, { name }) => `<sheet name="${escaped(name)}" sheetId="${n}" r:id="r${n}"/>`);
  const related = each(
    (n) => `<Relationship Id="r${n}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${n}.xml"/>`,
  );
  return {
    '[Content_Types].xml': `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${SPREADSHEET}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${SPREADSHEET}.styles+xml"/>${types}</Types>`,
    '_rels/.rels': `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="r1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${named}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${XML}<Relationships xmlns="${PACKAGE}/relationships">${related}<Relationship Id="s1" Type="${RELATIONS}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': STYLES,
  };
}

async function* sheetText({ head, rows, widths = [] }: Sheet): AsyncGenerator<string> {
  const columns = widths.map(
    (width, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`,
  );
  const layout = columns.length === 0 ? '' : `<cols>${columns.join('')}</cols>`;
  yield `${XML}<worksheet xmlns="${MAIN}">${layout}<sheetData>${rowText(head, 1)}`;
  let written = 1;
  for await (const group of rows) {
    const fitting = group.slice(0, MOST_ROWS - written);
    written += fitting.length;
    yield fitting.map((one) => rowText(one, 0)).join('');
  }
  yield '</sheetData></worksheet>';
}

function rowText(cells: readonly SheetCell[], style: number): string {
  const text = cells.map((cell) => {
    if (cell === null) return '<c/>';
    if (typeof cell === 'number') return `<c><v>${cell}</v></c>`;
    if (typeof cell === 'object') return `<c s="2"><v>${cell.share}</v></c>`;
    return `<c s="${style}" t="inlineStr"><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`;
  });
  return `<row>${text.join('')}</row>`;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Characters that XML 1.0 does not have become U+FFFD. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"]/g, (one) => ESCAPES[one] as string);
}
