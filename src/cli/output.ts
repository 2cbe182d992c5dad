import type { TrucError } from '../kernel/index.ts';
import { fill, type Language, PROBLEMS, STARTUP_PROBLEMS } from '../messages/index.ts';

/** The language of the terminal: Vietnamese unless the locale says English. */
export function terminalLanguage(locale: string | undefined): Language {
  return locale?.toLowerCase().startsWith('vi') ? 'vi' : 'en';
}

/** One or two sentences for a typed error: what happened and what to do next. */
export function complaint(error: TrucError, language: Language = 'en'): string {
  const texts: Readonly<Record<string, (typeof PROBLEMS)[keyof typeof PROBLEMS]>> = {
    ...PROBLEMS,
    ...STARTUP_PROBLEMS,
  };
  const text = texts[error.code];
  if (!text) return error.message;
  return `${fill(text.title[language], error.facts)}. ${fill(text.remedy[language], error.facts)} [${error.code}]`;
}

export function printLine(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Progress on stderr, rewritten in place on a terminal and silent elsewhere. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

export function endProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
}
