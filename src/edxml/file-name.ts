import type { EdxmlFault } from './fault.ts';

export interface FileNameFault {
  expected: 'file-name' | 'not-reserved';
  /** The name with what cannot be shown as `\u{…}`. */
  shown: string;
  severity: EdxmlFault['severity'];
}

/** Separators, controls, and the marks that turn the direction of text (`fdp.exe` shown as `exe.pdf`: Unicode TR 36 §3). */
const UNSAFE = /[/\\\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;
/** Device names of Windows, with any ending; names that end in a dot or a space lose it there. */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)|[. ]$/i;

/** What is wrong with a name that another system may take for a path; null when nothing is. */
export function fileNameFault(name: string): FileNameFault | null {
  const shown = name.replace(/[\p{Cc}\p{Cf}]/gu, (sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`);
  if (UNSAFE.test(name) || /^\.+$/.test(name)) return { expected: 'file-name', shown, severity: 'error' };
  if (RESERVED.test(name)) return { expected: 'not-reserved', shown, severity: 'warning' };
  return null;
}
