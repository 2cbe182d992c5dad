import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const FONTS = [
  '@expo-google-fonts/be-vietnam-pro/400Regular/BeVietnamPro_400Regular.ttf',
  '@expo-google-fonts/be-vietnam-pro/600SemiBold/BeVietnamPro_600SemiBold.ttf',
];

/** Paths of the TrueType files that charts are drawn with. */
export function chartFonts(): string[] {
  return FONTS.map((file) => require.resolve(file));
}

/** Nothing in a picture runs, should a browser show it as a page of its own. */
export const PICTURE_POLICY = "default-src 'none'; sandbox";
