import { expect } from '@jest/globals';
import { type Desk, picture, violations } from './signing-desk.ts';

/** What is coloured is the same in both languages. */
export const THEMES = { vi: ['light', 'dark', 'contrast'], en: ['light'] } as const;

/** That axe-core has nothing against a state in any width and theme, and that nothing is too wide; 320 pixels are 1280 at 400 %. */
export async function look(desk: Desk, state: string, lang: 'vi' | 'en'): Promise<void> {
  await desk.inState(state);
  const root = desk.widget.locator('html');
  for (const width of [320, 768, 1440]) {
    await desk.page.setViewportSize({ width, height: 900 });
    for (const theme of THEMES[lang]) {
      await root.evaluate((one, name) => {
        (one as unknown as { dataset: { theme: string } }).dataset.theme = name;
      }, theme);
      const found = await violations(desk, theme === 'light' ? 'everything' : 'colours');
      expect({ state, width, theme, found }).toEqual({ state, width, theme, found: [] });
    }
    const tooWide = await root.evaluate((one) => one.scrollWidth - one.clientWidth);
    expect({ state, width, isTooWide: tooWide > 0 }).toEqual({ state, width, isTooWide: false });
    await picture(desk, `axe-${lang}-${state}-${width}`);
  }
  await desk.page.emulateMedia({ forcedColors: 'active' });
  expect([state, 'forced colours', await violations(desk)]).toEqual([state, 'forced colours', []]);
  await desk.page.emulateMedia({ forcedColors: 'none' });
}
