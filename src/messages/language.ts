export type Language = 'vi' | 'en';

/** One sentence in both languages; Vietnamese comes first everywhere. */
export interface Bilingual {
  vi: string;
  en: string;
}

/** The language of an Accept-Language header: Vietnamese unless English is preferred. */
export function languageOf(header: string | undefined): Language {
  if (!header) return 'vi';
  const wishes = header
    .split(',')
    .map((part) => {
      const [tag = '', quality] = part.trim().split(';q=');
      return { tag: tag.toLowerCase(), quality: quality === undefined ? 1 : Number(quality) || 0 };
    })
    .sort((a, b) => b.quality - a.quality);
  const first = wishes.find(({ tag }) => tag.startsWith('vi') || tag.startsWith('en'));
  return first?.tag.startsWith('en') ? 'en' : 'vi';
}

/** Puts facts into a sentence: `{name}` becomes the fact of that name, lists are joined; unknown names become "?". */
export function fill(sentence: string, facts: Readonly<Record<string, unknown>>): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = facts[name];
    if (Array.isArray(value)) return value.join(', ');
    return value === undefined || value === null ? '?' : String(value);
  });
}
