import type { TrucError } from '../kernel/index.ts';
import type { Locate } from './model.ts';

/**
 * One fault of a message. The code is `N.` (missing), `R.` (out of range) or `M.` (wrong value) and the element's path, the
 * scheme of the e-doc generation that integrators know, for example `N.MessageHeader.To.OrganId`.
 */
export interface EdxmlFault {
  code: string;
  kind: 'N' | 'R' | 'M';
  /** Path with ordinals: `MessageHeader/To[2]/OrganId`. */
  path: string;
  /** Line of the element, or of the nearest one above it that is there; null when it is not known. */
  line: number | null;
  /** Warnings never refuse: reality is sloppy there. */
  severity: 'error' | 'warning';
  /** What would be right, as a key of `messages/edxml-faults.ts`, and what was there, shortened. */
  expected: string;
  actual: string;
}

const SHOWN = 60;

type Told = (
  path: string,
  expected: string,
  actual: string | number,
  severity?: EdxmlFault['severity'],
) => void;

export interface FaultList {
  faults: EdxmlFault[];
  missing(path: string, severity?: EdxmlFault['severity']): void;
  range: Told;
  wrong: Told;
}

/** @param locate of the message, where it was read from a file */
export function faultList(locate?: Locate): FaultList {
  const faults: EdxmlFault[] = [];
  const add = (
    kind: EdxmlFault['kind'],
    path: string,
    expected: string,
    actual: string,
    severity: EdxmlFault['severity'],
  ) => {
    const code = `${kind}.${dotted(path)}`;
    const place = locate?.(path);
    const line = known(place?.line);
    // The model keeps no text of a number that is none.
    const shown = actual === 'NaN' ? (place?.text ?? '') : actual;
    faults.push({ code, kind, path, line, severity, expected, actual: shown.slice(0, SHOWN) });
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
  // Faults begin where the validator's do; what stands above is always the same.
  const path = String(facts.path ?? '').replace(/^edXMLEnvelope\/(edXMLHeader|edXMLBody)\//, '');
  const actual = facts.cause ?? facts.found ?? facts.name ?? facts.contentId ?? facts.size ?? '';
  return {
    code: `M.${path === '' ? 'edXML' : dotted(path)}`,
    kind: 'M',
    path,
    line: known(facts.line),
    severity: 'error',
    expected: code,
    actual: String(actual).slice(0, 200),
  };
}

function dotted(path: string): string {
  return path.replace(/\[\d+\]/g, '').replaceAll('/', '.');
}

function known(line: unknown): number | null {
  return typeof line === 'number' && line > 0 ? line : null;
}
