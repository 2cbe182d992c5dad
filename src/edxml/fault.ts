import type { TrucError } from '../kernel/index.ts';

/**
 * One fault of a message. The code is `N.` (missing), `R.` (out of range) or `M.` (wrong value) and the element's path, the
 * scheme of the e-doc generation that integrators know, for example `N.MessageHeader.To.OrganId`.
 */
export interface EdxmlFault {
  code: string;
  kind: 'N' | 'R' | 'M';
  /** Path with ordinals: `MessageHeader/To[2]/OrganId`. */
  path: string;
  line: number | null;
  /** Warnings never refuse: reality is sloppy there. */
  severity: 'error' | 'warning';
  /** What would be right, as a key of `messages/edxml-faults.ts`, and what was there, shortened. */
  expected: string;
  actual: string;
}

const SHOWN = 60;

export interface FaultList {
  faults: EdxmlFault[];
  missing(path: string, severity?: EdxmlFault['severity']): void;
  range(path: string, expected: string, actual: string | number, severity?: EdxmlFault['severity']): void;
  wrong(path: string, expected: string, actual: string | number, severity?: EdxmlFault['severity']): void;
}

export function faultList(): FaultList {
  const faults: EdxmlFault[] = [];
  const add = (
    kind: EdxmlFault['kind'],
    path: string,
    expected: string,
    actual: string,
    severity: EdxmlFault['severity'],
  ) => {
    const code = `${kind}.${path.replace(/\[\d+\]/g, '').replaceAll('/', '.')}`;
    faults.push({ code, kind, path, line: null, severity, expected, actual: actual.slice(0, SHOWN) });
  };
  return {
    faults,
    missing: (path, severity = 'error') => add('N', path, 'present', '', severity),
    range: (path, expected, actual, severity = 'error') => add('R', path, expected, String(actual), severity),
    wrong: (path, expected, actual, severity = 'error') => add('M', path, expected, String(actual), severity),
  };
}

/** A reading error in the form of a fault; `expected` is its code, which messages know. */
export function readingFault({ code, facts }: TrucError): EdxmlFault {
  const path = typeof facts.path === 'string' ? facts.path : '';
  const place = path === '' ? 'edXML' : path.replace(/\[\d+\]/g, '').replaceAll('/', '.');
  const actual = facts.cause ?? facts.found ?? facts.name ?? facts.contentId ?? facts.size ?? '';
  return {
    code: `M.${place}`,
    kind: 'M',
    path,
    line: typeof facts.line === 'number' && facts.line > 0 ? facts.line : null,
    severity: 'error',
    expected: code,
    actual: String(actual).slice(0, 200),
  };
}
