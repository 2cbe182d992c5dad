import { createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { TrucError } from '../../kernel/index.ts';
import { type CertificateParts, certificateParts, publicKeyBits } from '../../signing/index.ts';
import {
  buildCertificate,
  buildCrl,
  encodeName,
  keyIdentifier,
  type RevokedCertificate,
} from './certificate.ts';
import {
  atRelative,
  completeEntity,
  type EntityDeclaration,
  type EntityInput,
  type KeyKind,
  type PkiDeclaration,
} from './declaration.ts';
import type { PkiErrorCode } from './errors.ts';

const makeKeyPair = promisify(generateKeyPair);
const WEEK = 7 * 86_400_000;

/** An issued entity: its certificate and private key. */
export interface PkiEntity {
  name: string;
  declaration: EntityDeclaration;
  /** Time that its declared times are relative to, milliseconds since 1970. */
  issuedAt: number;
  /** DER. */
  certificate: Buffer;
  key: KeyObject;
  /** Certificates of the authorities above it, nearest first, without the root; DER. */
  chain: Buffer[];
  parts: CertificateParts;
  /** When its declared revocation takes effect, milliseconds since 1970; null when it is not revoked. */
  revokedAt: number | null;
}

export interface Pki {
  /** Time of issue, milliseconds since 1970; every declared time is relative to it. */
  issuedAt: number;
  policyOid: string;
  /** Trusted roots, DER. */
  anchors: Buffer[];
  /** Intermediate authorities, DER. */
  intermediates: Buffer[];
  /** One CRL per trusted root and intermediate as of the last issue, DER. */
  crls: Buffer[];
  names(): string[];
  /** @throws TrucError `lab.pki-unknown-entity` */
  entity(name: string): PkiEntity;
  /** Issues one more entity; its times are relative to `now`. */
  add(name: string, input: EntityInput, now: number): Promise<PkiEntity>;
  /** Issues all CRLs anew as of `now` (valid for a week unless told otherwise) and keeps them in `crls`. */
  issueCrls(now: number, lifetime?: number): Buffer[];
  /** One authority's CRL (an impostor's too), as of `now`; not kept. */
  crlOf(authority: string, now: number, lifetime?: number): Buffer;
}

export interface IssueOptions {
  /** Time of issue, milliseconds since 1970. */
  now: number;
  /** Entities beside the declared ones, by name. */
  extra?: Readonly<Record<string, EntityInput>>;
  /** Issue only these of the declared entities (and the authorities above them). */
  only?: readonly string[];
}

/**
 * Issues a whole PKI from its declaration; keys are made in parallel.
 * @throws TrucError `lab.pki-declaration-invalid`, `lab.pki-unknown-issuer`, `lab.pki-name-taken`
 */
export async function issuePki(declaration: PkiDeclaration, options: IssueOptions): Promise<Pki> {
  const wanted = new Map<string, EntityDeclaration>();
  const selected = options.only ? withIssuers(declaration, options.only) : Object.keys(declaration.entities);
  for (const name of selected) wanted.set(name, declared(declaration, name));
  for (const [name, input] of Object.entries(options.extra ?? {})) {
    if (wanted.has(name)) throw new TrucError<PkiErrorCode>('lab.pki-name-taken', { name });
    wanted.set(name, completeEntity(input));
  }
  const keys = await Promise.all(
    [...wanted].map(async ([name, { key }]) => [name, await makeKey(key)] as const),
  );
  const pki = new IssuedPki(options.now, declaration.policyOid);
  const keyOf = new Map(keys);
  for (const name of issuersFirst(wanted)) {
    pki.issue(name, wanted.get(name)!, keyOf.get(name)!, options.now);
  }
  pki.issueCrls(options.now);
  return pki;
}

function declared(declaration: PkiDeclaration, name: string): EntityDeclaration {
  const entity = declaration.entities[name];
  if (!entity) throw new TrucError<PkiErrorCode>('lab.pki-unknown-entity', { name });
  return entity;
}

function withIssuers(declaration: PkiDeclaration, names: readonly string[]): string[] {
  const result = new Set<string>();
  function visit(name: string): void {
    if (result.has(name)) return;
    result.add(name);
    const { issuer, extensions } = declared(declaration, name);
    if (issuer) visit(issuer);
    if (extensions.authorityKeyOf) visit(extensions.authorityKeyOf);
  }
  names.forEach(visit);
  return [...result];
}

/** Issuers, and entities whose key another claims, come before those who need them. */
function issuersFirst(wanted: ReadonlyMap<string, EntityDeclaration>): string[] {
  const order = new Set<string>();
  function visit(name: string, below: string): void {
    if (order.has(name)) return;
    const entity = wanted.get(name);
    if (!entity || name === below)
      throw new TrucError<PkiErrorCode>('lab.pki-unknown-issuer', { name, below });
    if (entity.issuer) visit(entity.issuer, name);
    if (entity.extensions.authorityKeyOf) visit(entity.extensions.authorityKeyOf, name);
    order.add(name);
  }
  for (const name of wanted.keys()) visit(name, '');
  return [...order];
}

async function makeKey(kind: KeyKind): Promise<KeyObject> {
  if (kind === 'ec-p256' || kind === 'ec-p384') {
    const namedCurve = kind === 'ec-p256' ? 'prime256v1' : 'secp384r1';
    return (await makeKeyPair('ec', { namedCurve })).privateKey;
  }
  return (await makeKeyPair('rsa', { modulusLength: Number(kind.slice(4)) })).privateKey;
}

/** The PKI itself; `loadPki` fills it from an export. */
export class IssuedPki implements Pki {
  readonly issuedAt: number;
  readonly policyOid: string;
  crls: Buffer[] = [];
  private readonly entities = new Map<string, PkiEntity>();

  constructor(issuedAt: number, policyOid: string) {
    this.issuedAt = issuedAt;
    this.policyOid = policyOid;
  }

  get anchors(): Buffer[] {
    return this.all('root')
      .filter((entity) => entity.declaration.anchor)
      .map((entity) => entity.certificate);
  }

  get intermediates(): Buffer[] {
    return this.all('ca').map((entity) => entity.certificate);
  }

  names(): string[] {
    return [...this.entities.keys()];
  }

  entity(name: string): PkiEntity {
    const found = this.entities.get(name);
    if (!found) throw new TrucError<PkiErrorCode>('lab.pki-unknown-entity', { name });
    return found;
  }

  async add(name: string, input: EntityInput, now: number): Promise<PkiEntity> {
    const declaration = completeEntity(input);
    return this.issue(name, declaration, await makeKey(declaration.key), now);
  }

  /** Issues and keeps an entity whose key is made already. */
  issue(name: string, declaration: EntityDeclaration, key: KeyObject, now: number): PkiEntity {
    const issuer = declaration.issuer ? this.authority(declaration.issuer) : null;
    const publicKeyInfo = createPublicKey(key).export({ type: 'spki', format: 'der' });
    const keyBits = publicKeyBits(publicKeyInfo);
    const claimed = declaration.extensions.authorityKeyOf;
    const certificate = buildCertificate({
      name,
      declaration,
      notBefore: atRelative(declaration.validity.from, now),
      notAfter: atRelative(declaration.validity.to, now),
      publicKeyInfo,
      publicKeyBits: keyBits,
      issuerName: declaration.issuer ?? name,
      issuerSubject: issuer?.parts.subject ?? encodeName(declaration.subject),
      issuerKey: issuer?.key ?? key,
      authorityKeyId: keyIdentifier(
        claimed ? this.entity(claimed).parts.publicKeyBits : (issuer?.parts.publicKeyBits ?? keyBits),
      ),
      policyOid: this.policyOid,
    });
    return this.keep(name, declaration, certificate, key, now);
  }

  /** Keeps an entity that is issued already. */
  keep(
    name: string,
    declaration: EntityDeclaration,
    certificate: Buffer,
    key: KeyObject,
    now: number,
  ): PkiEntity {
    if (this.entities.has(name)) throw new TrucError<PkiErrorCode>('lab.pki-name-taken', { name });
    const issuer = declaration.issuer ? this.authority(declaration.issuer) : null;
    const chain = issuer?.declaration.kind === 'ca' ? [issuer.certificate, ...issuer.chain] : [];
    const revokedAt = declaration.revoked ? atRelative(declaration.revoked.at, now) : null;
    const parts = certificateParts(certificate);
    const entity = { name, declaration, issuedAt: now, certificate, key, chain, parts, revokedAt };
    this.entities.set(name, entity);
    return entity;
  }

  issueCrls(now: number, lifetime = WEEK): Buffer[] {
    const trusted = this.all('root').filter((root) => root.declaration.anchor);
    this.crls = [...trusted, ...this.all('ca')].map(({ name }) => this.crlOf(name, now, lifetime));
    return this.crls;
  }

  crlOf(name: string, now: number, lifetime = WEEK): Buffer {
    const authority = this.authority(name);
    return buildCrl({
      issuerSubject: authority.parts.subject,
      issuerKey: authority.key,
      issuerKeyId: keyIdentifier(authority.parts.publicKeyBits),
      thisUpdate: now,
      nextUpdate: now + lifetime,
      number: BigInt(Math.floor(now / 1000)),
      revoked: this.revokedBy(name, now),
    });
  }

  private revokedBy(issuer: string, now: number): RevokedCertificate[] {
    return [...this.entities.values()].flatMap(({ declaration, parts, revokedAt }) => {
      if (declaration.issuer !== issuer || !declaration.revoked) return [];
      if (revokedAt === null || revokedAt > now) return [];
      return [{ serialNumber: parts.serialNumber, at: revokedAt, reason: declaration.revoked.reason }];
    });
  }

  private authority(name: string): PkiEntity {
    const entity = this.entities.get(name);
    if (!entity) throw new TrucError<PkiErrorCode>('lab.pki-unknown-issuer', { name });
    if (!['root', 'ca'].includes(entity.declaration.kind)) {
      throw new TrucError<PkiErrorCode>('lab.pki-not-an-authority', { name });
    }
    return entity;
  }

  private all(kind: EntityDeclaration['kind']): PkiEntity[] {
    return [...this.entities.values()].filter((entity) => entity.declaration.kind === kind);
  }
}
