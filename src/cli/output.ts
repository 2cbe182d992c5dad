import type { TrucError } from '../kernel/index.ts';
import { fill, type Language, PROBLEMS, type ProblemText, STARTUP_PROBLEMS } from '../messages/index.ts';

/** What happened and what to do next, in Vietnamese and on a second line in English. */
export function complaint(error: TrucError): string {
  const texts: Readonly<Record<string, ProblemText>> = { ...PROBLEMS, ...STARTUP_PROBLEMS };
  const text = texts[error.code];
  if (!text) return error.message;
  const sentence = (language: Language) =>
    `${fill(text.title[language], error.facts)}. ${fill(text.remedy[language], error.facts)}`;
  return `${sentence('vi')} [${error.code}]\n      ${sentence('en')}`;
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
