import { fault } from './fault.ts';

/** Content outside the XML that References may point to. Nothing else is ever read or fetched. */
export type SignedFiles =
  /** One file whose name nobody knows: what `--detached` gives. */
  | { kind: 'one'; bytes: Uint8Array }
  /**
   * Files of a container.
   * @param name relative to the container's root, percent-decoded, without `.` and `..`
   */
  | { kind: 'named'; find(name: string): Uint8Array | null };

export interface FoundFile {
  name: string;
  bytes: Uint8Array;
}

/** True when a Reference points out of the XML; a missing URI means what only the application knows (§4.4.3.1). */
export function isOutside(uri: string | null): boolean {
  return uri === null || (uri !== '' && !uri.startsWith('#'));
}

/**
 * @param uri as it stands in the Reference
 * @param others distinct outside URIs of the signature: one unnamed file answers for one of them only
 * @throws a fault that says why there is no such file
 */
export function fileOf(uri: string | null, others: number, files: SignedFiles | undefined): FoundFile {
  if (files?.kind === 'one' && others === 1) return { name: uri ?? '', bytes: files.bytes };
  if (uri === null) throw fault('xml.reference-unsupported', 'no URI');
  if (files?.kind !== 'named') throw fault('xml.reference-external', uri);
  const name = nameOf(uri);
  const bytes = files.find(name);
  if (!bytes) throw fault('xml.reference-not-found', uri);
  return { name, bytes };
}

/** A relative path (RFC 3986 §4.2, ETSI EN 319 162-1 §4.4.3): no scheme, no authority, no way out of the container. */
function nameOf(uri: string): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(uri) || uri.startsWith('/') || /[?#\\]/.test(uri))
    throw fault('xml.reference-external', uri);
  const name = decoded(uri).replace(/^(?:\.\/)+/, '');
  const odd = name === '' || /[\p{Cc}\\]/u.test(name) || name.startsWith('/');
  if (odd || name.split('/').some((part) => part === '' || part === '.' || part === '..'))
    throw fault('xml.reference-external', uri);
  return name;
}

function decoded(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    throw fault('xml.reference-external', uri);
  }
}
