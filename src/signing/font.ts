import { deflateSync } from 'node:zlib';
import fontkit, { type Font, type Glyph } from '@pdf-lib/fontkit';
import { nfc, TrucError } from '../kernel/index.ts';
import type { SigningErrorCode } from './errors.ts';
import { dictionary, type PdfUpdate } from './pdf-update.ts';
import { GlyphSubset } from './truetype.ts';

/** Text set in an embedded font: hexadecimal glyph codes for `Tj`, and its width in points. */
export interface SetText {
  /** Two bytes per glyph, hexadecimal. */
  codes: string;
  width: number;
}

/** A TrueType font of which an update embeds only the glyphs that its texts use (ISO 32000-2 §9.7). */
export class EmbeddedFont {
  private readonly font: Font;
  private readonly subset: GlyphSubset;
  private readonly used = new Map<number, Glyph>();

  /** `bytes`: a TrueType font file, such as the free Tinos, which has the metrics of Times New Roman. */
  constructor(bytes: Uint8Array) {
    this.font = fontkit.create(bytes);
    this.subset = new GlyphSubset(bytes);
  }

  /**
   * Sets a text (NFC is applied) at a size in points.
   * @throws TrucError `signing.text-not-drawable` when the font lacks one of its characters
   */
  set(text: string, size: number): SetText {
    const { glyphs } = this.font.layout(nfc(text));
    let codes = '';
    let width = 0;
    for (const glyph of glyphs) {
      if (glyph.id === 0) throw new TrucError<SigningErrorCode>('signing.text-not-drawable', { text });
      const code = this.subset.includeGlyph(glyph.id);
      this.used.set(code, glyph);
      codes += code.toString(16).padStart(4, '0');
      width += glyph.advanceWidth;
    }
    return { codes, width: (width * size) / this.font.unitsPerEm };
  }

  /** Adds the font with the glyphs used so far to an update and returns the reference to it. */
  embed(update: PdfUpdate): string {
    const file = this.subset.encode();
    const scale = (value: number) => Math.round((value * 1000) / this.font.unitsPerEm);
    const { bbox } = this.font;
    const name = `/TRUCAA+${this.font.postscriptName ?? 'Embedded'}`;
    const fontFile = update.addStream(
      { Filter: '[/ASCIIHexDecode /FlateDecode]', Length1: String(file.length) },
      // In hexadecimal, so that an update is ASCII throughout and a browser can search it for what must not be there.
      Buffer.from(`${deflateSync(file, { level: 9 }).toString('hex')}>`),
    );
    const descriptor = update.add(
      dictionary({
        Type: '/FontDescriptor',
        FontName: name,
        Flags: '4',
        FontBBox: `[${[bbox.minX, bbox.minY, bbox.maxX, bbox.maxY].map(scale).join(' ')}]`,
        ItalicAngle: String(this.font.italicAngle),
        Ascent: String(scale(this.font.ascent)),
        Descent: String(scale(this.font.descent)),
        CapHeight: String(scale(this.font.capHeight)),
        StemV: '80',
        FontFile2: fontFile,
      }),
    );
    const codes = [...this.used.keys()].sort((a, b) => a - b);
    const descendant = dictionary({
      Type: '/Font',
      Subtype: '/CIDFontType2',
      BaseFont: name,
      CIDSystemInfo: '<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>',
      FontDescriptor: descriptor,
      W: `[${codes.map((code) => `${code} [${scale(this.used.get(code)?.advanceWidth ?? 0)}]`).join(' ')}]`,
      CIDToGIDMap: '/Identity',
    });
    return update.add(
      dictionary({
        Type: '/Font',
        Subtype: '/Type0',
        BaseFont: name,
        Encoding: '/Identity-H',
        DescendantFonts: `[${descendant}]`,
        ToUnicode: update.addStream({}, this.toUnicode(codes)),
      }),
    );
  }

  /** So that the drawn text can be searched and copied (ISO 32000-2 §9.10.3). */
  private toUnicode(codes: readonly number[]): Buffer {
    const rows = codes.map((code) => {
      const points = this.used.get(code)?.codePoints ?? [];
      const utf16 = Buffer.from(String.fromCodePoint(...points), 'utf16le').swap16();
      return `<${code.toString(16).padStart(4, '0')}> <${utf16.toString('hex')}>`;
    });
    const blocks: string[] = [];
    for (let i = 0; i < rows.length; i += 100) {
      const block = rows.slice(i, i + 100);
      blocks.push(`${block.length} beginbfchar`, ...block, 'endbfchar');
    }
    const lines = [
      '/CIDInit /ProcSet findresource begin',
      '12 dict begin begincmap',
      '/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def',
      '/CMapName /Adobe-Identity-UCS def /CMapType 2 def',
      '1 begincodespacerange <0000> <ffff> endcodespacerange',
      ...blocks,
      'endcmap CMapName currentdict /CMap defineresource pop end end',
    ];
    return Buffer.from(lines.join('\n'), 'latin1');
  }
}
