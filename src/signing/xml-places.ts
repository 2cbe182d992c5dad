import { TrucError } from '../kernel/index.ts';
import type { SigningErrorCode } from './errors.ts';

const DS = 'http://www.w3.org/2000/09/xmldsig#';
const XADES = 'http://uri.etsi.org/01903/v1.3.2#';

/** Where a further unsigned property of a signature goes, and what has to stand around it there. */
export interface PropertyPlace {
  /** Octets from the beginning of the file. */
  at: number;
  before: string;
  after: string;
}

interface Open {
  name: string;
  namespace: string;
  prefixes: ReadonlyMap<string, string>;
  /** The innermost Signature around it, by its place among all. */
  signature: number;
}

/** Comments, CDATA sections, declarations and tags; attribute values may hold a `>`. */
const MARKUP =
  /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<[?!][^>]*>|<(\/?)([^\s/>]+)((?:[^>"']|"[^"]*"|'[^']*')*?)(\/?)>/g;
const DECLARATION = /(?:^|\s)xmlns(?::([^\s=]+))?\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/**
 * Finds in the octets of an XML file, for each Signature element (XML Signature) in document order, where the next unsigned
 * property of its XAdES properties goes (EN 319 132-1 §4.3). Of files that a parser has read already: it checks nothing.
 * @returns null in the place of a signature without QualifyingProperties
 * @throws TrucError `signing.xml-not-usable` where elements do not nest
 */
export function propertyPlaces(xml: Buffer): (PropertyPlace | null)[] {
  const text = xml.toString('latin1');
  const places: (PropertyPlace | null)[] = [];
  const stack: Open[] = [];
  for (const { index, 0: markup, 1: end, 2: name, 3: attributes = '', 4: empty } of text.matchAll(MARKUP)) {
    if (name === undefined) continue;
    if (end) close(stack, name, index, places);
    else {
      const opened = open(stack.at(-1), name, attributes, places);
      if (empty) continue;
      stack.push(opened);
      // A group that is there already is the place, whatever stands in it.
      if (isOurs(stack, ['UnsignedProperties'], XADES))
        places[opened.signature] = { at: index + markup.length, ...group('UnsignedSignatureProperties') };
    }
  }
  if (stack.length > 0) throw unusable();
  return places;
}

function open(
  outer: Open | undefined,
  written: string,
  attributes: string,
  places: (PropertyPlace | null)[],
): Open {
  const prefixes = new Map(outer?.prefixes ?? []);
  for (const [, prefix = '', double, single] of attributes.matchAll(DECLARATION))
    prefixes.set(prefix, double ?? single ?? '');
  const [local, prefix = ''] = written.split(':').reverse() as [string, string?];
  const namespace = prefixes.get(prefix) ?? '';
  const isSignature = local === 'Signature' && namespace === DS;
  const signature = isSignature ? places.push(null) - 1 : (outer?.signature ?? -1);
  return { name: local, namespace, prefixes, signature };
}

function close(stack: Open[], written: string, at: number, places: (PropertyPlace | null)[]): void {
  const closed = stack.at(-1);
  if (!closed || closed.name !== written.split(':').at(-1)) throw unusable();
  const { signature } = closed;
  if (isOurs(stack, ['UnsignedSignatureProperties', 'UnsignedProperties'], XADES))
    places[signature] = { at, before: '', after: '' };
  // Last, so that it counts only where there is no group inside.
  if (isOurs(stack, [], XADES)) places[signature] ??= { at, ...groups() };
  stack.pop();
}

/** Whether what is open now is these elements, innermost first, in the QualifyingProperties of an Object of a Signature. */
function isOurs(stack: readonly Open[], inner: readonly string[], namespace: string): boolean {
  const path = [...inner, 'QualifyingProperties', 'Object', 'Signature'];
  return path.every((name, i) => {
    const one = stack.at(-1 - i);
    return one?.name === name && one.namespace === (i <= inner.length ? namespace : DS);
  });
}

function group(name: string): Pick<PropertyPlace, 'before' | 'after'> {
  return { before: `<${name} xmlns="${XADES}">`, after: `</${name}>` };
}

function groups(): Pick<PropertyPlace, 'before' | 'after'> {
  const [outer, inner] = [group('UnsignedProperties'), group('UnsignedSignatureProperties')];
  return { before: outer.before + inner.before, after: inner.after + outer.after };
}

function unusable(): TrucError {
  return new TrucError<SigningErrorCode>('signing.xml-not-usable', { cause: 'nesting' });
}
