import { isWithin } from './asn1/names.ts';
import type { Certificate } from './certificate.ts';
import type { GeneralSubtree } from './certificate-extensions.ts';
import type { GeneralName } from './general-names.ts';

const EMAIL_ADDRESS = '1.2.840.113549.1.9.1';

/**
 * True when the names of a certificate keep to the constraints of one certificate above it (RFC 5280 §4.2.1.10,
 * §6.1.3 (b), (c)). Kinds of names that we cannot compare are refused where a constraint speaks of them.
 */
export function namesKeepTo(
  certificate: Certificate,
  constraints: { permitted: readonly GeneralSubtree[]; excluded: readonly GeneralSubtree[] },
): boolean {
  const names = constrainedNames(certificate);
  return names.every((name) => {
    const excluded = constraints.excluded.filter((subtree) => sameKind(subtree.base, name));
    if (excluded.some((subtree) => !subtree.plain || matches(name, subtree.base) !== false)) return false;
    const permitted = constraints.permitted.filter((subtree) => sameKind(subtree.base, name));
    return (
      permitted.length === 0 ||
      permitted.some((subtree) => subtree.plain && matches(name, subtree.base) === true)
    );
  });
}

/** Subject (if not empty), alternative names, and every e-mail address in the subject, as OpenSSL takes them. */
function constrainedNames(certificate: Certificate): GeneralName[] {
  const { subject, extensions } = certificate;
  const names: GeneralName[] = [...extensions.alternativeNames];
  if (subject.rdns.length > 0) names.push({ type: 'directory', name: subject });
  for (const { oid, text } of subject.rdns.flat()) {
    if (oid !== EMAIL_ADDRESS) continue;
    names.push(text === null ? { type: 'email', text: '' } : { type: 'email', text });
  }
  return names;
}

function sameKind(a: GeneralName, b: GeneralName): boolean {
  if (a.type === 'other' && b.type === 'other') return a.tag === b.tag;
  return a.type === b.type;
}

/** Null where the two cannot be compared. */
function matches(name: GeneralName, base: GeneralName): boolean | null {
  if (name.type === 'directory' && base.type === 'directory') return isWithin(name.name, base.name);
  if (name.type === 'ip' && base.type === 'ip') return ipMatches(name.bytes, base.bytes);
  if (name.type === 'dns' && base.type === 'dns') return dnsMatches(name.text, base.text);
  if (name.type === 'email' && base.type === 'email') return emailMatches(name.text, base.text);
  if (name.type === 'uri' && base.type === 'uri') return uriMatches(name.text, base.text);
  return null;
}

function dnsMatches(name: string, base: string): boolean | null {
  const [host, wanted] = [name.toLowerCase(), base.toLowerCase()];
  // A trailing dot writes the same host in another way.
  if (host.endsWith('.') || wanted.endsWith('.')) return null;
  if (wanted === '') return true;
  // A leading dot is not in RFC 5280 for DNS names but widely written: subdomains only.
  if (wanted.startsWith('.')) return host.endsWith(wanted);
  return host === wanted || host.endsWith(`.${wanted}`);
}

function emailMatches(name: string, base: string): boolean | null {
  const at = name.lastIndexOf('@');
  if (at < 1 || at === name.length - 1) return null;
  const host = name.slice(at + 1).toLowerCase();
  const separator = base.lastIndexOf('@');
  // RFC 5280 §7.5: the local part is compared exactly, the host without letter case.
  if (separator >= 0)
    return name.slice(0, at) === base.slice(0, separator) && host === base.slice(separator + 1).toLowerCase();
  return hostMatches(host, base.toLowerCase());
}

function uriMatches(name: string, base: string): boolean | null {
  const match = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?(\[[^\]]*\]|[^:/?#]*)/i.exec(name);
  const host = (match?.[1] ?? '').toLowerCase();
  // RFC 5280 §4.2.1.10: a URI without a host name cannot be compared, so it must be refused.
  if (host === '' || host.startsWith('[') || /^[\d.]+$/.test(host)) return null;
  return hostMatches(host, base.toLowerCase());
}

function hostMatches(host: string, base: string): boolean {
  if (base === '') return true;
  return base.startsWith('.') ? host.endsWith(base) : host === base;
}

function ipMatches(address: Uint8Array, base: Uint8Array): boolean | null {
  if (base.length !== 8 && base.length !== 32) return null;
  if (address.length * 2 !== base.length) return address.length === 4 || address.length === 16 ? false : null;
  return address.every((byte, i) => {
    const mask = base[address.length + i] as number;
    return (byte & mask) === ((base[i] as number) & mask);
  });
}
