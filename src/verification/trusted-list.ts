import type { XmlElement } from 'libxml2-wasm';
import { isTrucError, TrucError } from '../kernel/index.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import type { VerificationContext } from './context.ts';
import type { VerificationErrorCode } from './errors.ts';
import { policyNamed } from './policy.ts';
import { trustStore } from './trust-store.ts';
import { attribute, childrenOf, isNamed, octetsOf, plainText } from './xml/elements.ts';
import { verifyXml } from './xml/index.ts';
import { checkXml, withDocument } from './xml/open.ts';

/** Times for which a service was approved, milliseconds since 1970 UTC, both included; `until` Infinity: still. */
export interface Approval {
  from: number;
  until: number;
}

/** A service of a trusted list by one certificate of its identity (TS 119 612 §5.5.3). */
export interface TrustedService {
  provider: string;
  name: string;
  /** Service type identifier, a URI. */
  type: string;
  certificate: Certificate;
  approvals: Approval[];
}

/** A trusted list (ETSI TS 119 612) whose signature was checked. */
export interface TrustedList {
  operator: string;
  /** Grows with every issue: what a reader remembers so that an old list is not taken for a new one. */
  sequence: number;
  issuedAt: number;
  nextUpdate: number;
  services: TrustedService[];
}

const TSL = 'http://uri.etsi.org/02231/v2#';
const TYPES = 'http://uri.etsi.org/TrstSvc/Svctype/';
const STATUSES = 'http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/';

/** Services that sign certificates or time-stamps (TS 119 612 §5.5.1.1, §5.5.1.2); others are no anchors. */
const ANCHOR_TYPES: readonly string[] = ['CA/QC', 'CA/PKC', 'CA', 'TSA', 'TSA/QTST', 'TSA/TSS-QC'].map(
  (one) => TYPES + one,
);
/** TS 119 612 §5.5.4: statuses under which a service may be relied on. */
const APPROVED: readonly string[] = [
  'granted',
  'recognisedatnationallevel',
  'setbynationallaw',
  'undersupervision',
  'supervisionincessation',
  'accredited',
].map((one) => STATUSES + one);

/**
 * Reads a trusted list.
 * @param bytes the XML file
 * @param signers certificates (PEM or DER) that the caller trusts to sign it, or anchors above them
 * @param at time of reading, milliseconds
 * @throws TrucError `verification.trusted-list-refused` with the cause: unreadable, unsigned, out of date, …
 */
export function readTrustedList(bytes: Buffer, signers: readonly Uint8Array[], at: number): TrustedList {
  refuseUnlessSigned(bytes, signers, at);
  const list = attemptRead(bytes);
  if (list.issuedAt > at) throw refused('issued-in-the-future');
  // TS 119 612 §5.3.15: after that date the list has expired.
  if (list.nextUpdate < at) throw refused('out-of-date');
  return list;
}

function refused(cause: string, original?: unknown): TrucError {
  const code: VerificationErrorCode = 'verification.trusted-list-refused';
  return new TrucError(code, { cause }, original);
}

/** TS 119 612 §5.7.1: one enveloped signature over the whole list; its certificate's usage is one of its own. */
function refuseUnlessSigned(bytes: Buffer, signers: readonly Uint8Array[], at: number): void {
  const lab = policyNamed('lab');
  const context: VerificationContext = {
    trust: trustStore({ anchors: signers }),
    policy: {
      ...lab,
      name: 'trusted-list',
      allowedEkus: { value: null, source: 'ETSI TS 119 612 §5.7.1 (id-tsl-kp-tslSigning)' },
    },
    at,
    revocation: 'if-available',
  };
  const { indication, signatures, errors } = verifyXml(bytes, context);
  if (indication === 'NO_SIGNATURE') throw refused('not-signed');
  const [signature] = signatures;
  if (indication !== 'TOTAL_PASSED' || signatures.length !== 1 || signature?.coverage !== 'whole-file')
    throw refused([...errors, ...signatures.flatMap((one) => one.errors)][0] ?? 'not-signed-as-a-whole');
}

function attemptRead(bytes: Buffer): TrustedList {
  try {
    return withDocument(checkXml(bytes), ({ root }) => readRoot(root));
  } catch (error) {
    if (isTrucError(error, 'verification.trusted-list-refused')) throw error;
    if (isTrucError(error)) throw refused(error.code, error);
    throw error;
  }
}

function readRoot(root: XmlElement): TrustedList {
  if (!isNamed(root, TSL, 'TrustServiceStatusList')) throw refused('not-a-trusted-list');
  const scheme = need(root, 'SchemeInformation');
  const sequence = Number(plainText(need(scheme, 'TSLSequenceNumber')).trim());
  if (!Number.isSafeInteger(sequence) || sequence < 1) throw refused('TSLSequenceNumber');
  const providers = all(one(root, 'TrustServiceProviderList'), 'TrustServiceProvider');
  return {
    operator: nameIn(need(scheme, 'SchemeOperatorName')),
    sequence,
    issuedAt: timeOf(need(scheme, 'ListIssueDateTime')),
    nextUpdate: timeOf(need(need(scheme, 'NextUpdate'), 'dateTime')),
    services: providers.flatMap(readProvider),
  };
}

function readProvider(provider: XmlElement): TrustedService[] {
  const name = nameIn(need(need(provider, 'TSPInformation'), 'TSPName'));
  return all(one(provider, 'TSPServices'), 'TSPService').flatMap((service) => readService(name, service));
}

function readService(provider: string, service: XmlElement): TrustedService[] {
  const now = need(service, 'ServiceInformation');
  const type = plainText(need(now, 'ServiceTypeIdentifier')).trim();
  if (!ANCHOR_TYPES.includes(type)) return [];
  const history = all(one(service, 'ServiceHistory'), 'ServiceHistoryInstance');
  const approvals = approvalsOf([now, ...history]);
  const name = nameIn(need(now, 'ServiceName'));
  return certificatesIn(now).map((certificate) => ({ provider, name, type, certificate, approvals }));
}

/** Each status holds from its start until the next one starts (TS 119 612 §5.6). */
function approvalsOf(stages: readonly XmlElement[]): Approval[] {
  const statuses = stages
    .map((stage) => ({
      from: timeOf(need(stage, 'StatusStartingTime')),
      approved: APPROVED.includes(plainText(need(stage, 'ServiceStatus')).trim()),
    }))
    .toSorted((a, b) => a.from - b.from);
  return statuses.flatMap(({ from, approved }, i) => {
    const next = statuses[i + 1]?.from ?? Number.POSITIVE_INFINITY;
    return approved && next > from ? [{ from, until: next - 1 }] : [];
  });
}

function certificatesIn(stage: XmlElement): Certificate[] {
  return all(one(stage, 'ServiceDigitalIdentity'), 'DigitalId').flatMap((id) =>
    all(id, 'X509Certificate').map((element) => readCertificate(octetsOf(element))),
  );
}

function all(parent: XmlElement | undefined, name: string): XmlElement[] {
  return parent ? childrenOf(parent).filter((child) => isNamed(child, TSL, name)) : [];
}

function one(parent: XmlElement, name: string): XmlElement | undefined {
  const found = all(parent, name);
  if (found.length > 1) throw refused(name);
  return found[0];
}

function need(parent: XmlElement, name: string): XmlElement {
  const found = one(parent, name);
  if (!found) throw refused(name);
  return found;
}

/** Of a name in several languages the Vietnamese one, else the English one, else the first. */
function nameIn(names: XmlElement): string {
  const list = all(names, 'Name');
  const lang = (element: XmlElement) =>
    element.attrs.find(({ name }) => name === 'lang')?.value ?? attribute(element, 'lang');
  const chosen =
    list.find((name) => lang(name) === 'vi') ?? list.find((name) => lang(name) === 'en') ?? list[0];
  return chosen ? plainText(chosen).trim() : '';
}

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;

/** TS 119 612 §5.1.4: UTC, to the second. */
function timeOf(element: XmlElement): number {
  const written = plainText(element).trim();
  const time = DATE_TIME.test(written) ? Date.parse(written) : Number.NaN;
  if (Number.isNaN(time)) throw refused(element.name);
  return time;
}

const DAY = 86_400_000;
const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/**
 * A policy file that accepts the anchors of a list for the days on which each was approved as a whole.
 * @param name of the new policy
 * @param base built-in policy whose other rules hold
 * @throws TrucError `verification.trusted-list-refused` where no service of the list can be an anchor
 */
export function policyOfList(list: TrustedList, name: string, base: string): object {
  const source = `${list.operator}, trusted list no. ${list.sequence} of ${dayOf(list.issuedAt)} (ETSI TS 119 612)`;
  const accepted = list.services.flatMap(({ certificate, approvals }) =>
    approvals
      .map(({ from, until }) => ({
        from: Math.ceil(from / DAY) * DAY,
        until: Math.floor((until + 1) / DAY) * DAY - 1,
      }))
      .filter(({ from, until }) => from < until)
      .map(({ from, until }) => ({
        sha256: certificate.sha256,
        from: dayOf(from),
        ...(Number.isFinite(until) ? { until: dayOf(until) } : {}),
      })),
  );
  if (accepted.length === 0) throw refused('no-approved-service');
  return {
    name,
    base,
    title: list.operator,
    validFrom: null,
    validUntil: null,
    source,
    rules: { anchors: { value: { accepted, refused: [] }, source } },
  };
}
