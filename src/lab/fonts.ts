import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fontkit from '@pdf-lib/fontkit';
import { GlyphSubset } from '../signing/index.ts';

/** Tinos has the metrics of Times New Roman, which the decree asks for and nobody may ship. */
const FILES = {
  regular: '@expo-google-fonts/tinos/400Regular/Tinos_400Regular.ttf',
  italic: '@expo-google-fonts/tinos/400Regular_Italic/Tinos_400Regular_Italic.ttf',
  bold: '@expo-google-fonts/tinos/700Bold/Tinos_700Bold.ttf',
  boldItalic: '@expo-google-fonts/tinos/700Bold_Italic/Tinos_700Bold_Italic.ttf',
} as const;

export type FontStyle = keyof typeof FILES;

const loaded = new Map<FontStyle, Buffer>();

/** The TrueType file of a style, read once. */
export function tinos(style: FontStyle): Buffer {
  const known = loaded.get(style);
  if (known) return known;
  const bytes = readFileSync(createRequire(import.meta.url).resolve(FILES[style]));
  loaded.set(style, bytes);
  return bytes;
}

/** fontkit for pdf-lib, with our subsetter: fontkit's own writes glyph offsets that Tinos' odd lengths break. */
export const letterFontkit = {
  create(bytes: Uint8Array, postscriptName?: string) {
    return Object.assign(fontkit.create(bytes, postscriptName), {
      createSubset: () => new GlyphSubset(bytes),
    });
  },
};
