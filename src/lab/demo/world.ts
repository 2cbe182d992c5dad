import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  AgencyDirectory,
  AgencyDraft,
  BindingBook,
  CertificateBinding,
  ClientBook,
} from '../../agency/index.ts';
import type { PeopleDesk } from '../../exchange/index.ts';
import { isoTime, isTrucError, newSecret, sha256Hex, TrucError } from '../../kernel/index.ts';
import { readCertificate } from '../../verification/index.ts';
import {
  type EntityInput,
  exportPki,
  issuePki,
  loadPki,
  type Pki,
  testPkiDeclaration,
  toPem,
} from '../pki/index.ts';
import {
  DEMO_AGENCIES,
  demoDrafts,
  identityOf,
  OFFICE_AGENCIES,
  STAFF_ROLES,
  type StaffRole,
} from './agencies.ts';
import { officialName, sealName, staffName } from './letters.ts';
import { type DemoPerson, demoStaff, officialIds, seedPeople } from './people.ts';
import { placeShared, type SharedShelf } from './shared.ts';

/** A key of the demo as a file that the widget's software provider opens. */
export interface DemoSigner {
  agency: string;
  kind: 'person' | 'agency';
  name: string;
  file: string;
  password: string;
  /** serialNumber attribute of the subject: what tickets name; null for a seal. */
  serialNumber: string | null;
}

export interface DemoCredentials {
  url: string;
  signingUrl: string;
  admin: { username: string; password: string };
  /** Who can log in under /login. */
  people: DemoPerson[];
  agencies: { code: string; name: string; level: string; clientId: string; clientSecret: string }[];
  /** Key files for trying the signing widget. */
  signers: DemoSigner[];
  /** The demo's document system: a page where its drafts are signed. */
  officeUrl: string;
  /** Folders of the demo PKI. */
  trust: string;
  certs: string;
  crls: string;
  vkey: string;
}

export interface DemoFolder {
  /** `DIR/demo`. */
  path: string;
  trust: string;
  certs: string;
  crls: string;
  samples: string;
  /** Key files, and letters that wait for their signature. */
  signers: string;
  drafts: string;
  credentials: string;
}

export function demoFolder(dataDir: string): DemoFolder {
  const path = join(dataDir, 'demo');
  return {
    path,
    trust: join(path, 'trust'),
    certs: join(path, 'certs'),
    crls: join(path, 'crls'),
    samples: join(path, 'samples'),
    signers: join(path, 'signers'),
    drafts: join(path, 'drafts'),
    credentials: join(path, 'credentials.json'),
  };
}

/**
 * The demo PKI: issued at the first start, kept afterwards, the same on all nodes; its CRLs are re-issued every time it
 * is opened.
 */
export async function openDemoPki(
  folder: DemoFolder,
  now: number,
  shelf: SharedShelf | null = null,
): Promise<Pki> {
  const file = join(folder.path, 'pki', 'pki.json');
  await placeShared(shelf, 'demo-pki', file, async () => exportPki(await issueDemoPki(now)));
  const pki = loadPki(JSON.parse(readFileSync(file, 'utf8')), { now });
  renewCrls(folder, pki, now);
  return pki;
}

const SERVICES = ['root-g1', 'ca-g1', 'root-g2', 'ca-g2', 'tsa', 'ocsp'];

async function issueDemoPki(now: number): Promise<Pki> {
  const extra: Record<string, EntityInput> = {};
  const validity = { from: '-1y', to: '+4y' };
  const person = (agency: string, name: string, title: string, identity: string): EntityInput => ({
    kind: 'official',
    issuer: 'ca-g2',
    subject: { C: 'VN', O: agency, title, CN: name, serialNumber: identity, UID: `CCCD:${identity}` },
    validity,
  });
  for (const { code, name, official } of DEMO_AGENCIES) {
    extra[sealName(code)] = {
      kind: 'seal',
      issuer: 'ca-g2',
      subject: { C: 'VN', O: name, CN: name, UID: `MST:${official.identity.slice(-10)}` },
      validity,
    };
    extra[officialName(code)] = person(name, official.name, official.title, official.identity);
    if (!OFFICE_AGENCIES.includes(code)) continue;
    for (const role of STAFF_ROLES) {
      const [entity, holder] = [staffName(role, code), demoStaff(role, code)];
      extra[entity] = person(name, holder.name, holder.title ?? '', identityOf(entity));
    }
  }
  return issuePki(testPkiDeclaration(), { now, only: SERVICES, extra });
}

/** Writes anchors, intermediates and fresh CRLs where verifiers and other people's tools look for them. */
export function renewCrls(folder: DemoFolder, pki: Pki, now: number): void {
  pki.issueCrls(now);
  writeFolder(folder.trust, 'CERTIFICATE', pki.anchors, 'root');
  writeFolder(folder.certs, 'CERTIFICATE', pki.intermediates, 'ca');
  writeFolder(folder.crls, 'X509 CRL', pki.crls, 'crl');
}

function writeFolder(path: string, label: string, ders: readonly Buffer[], stem: string): void {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  ders.forEach((der, i) => {
    writeFileSync(join(path, `${stem}-${i + 1}.pem`), toPem(label, der));
  });
}

export interface DemoBooks {
  agencies: AgencyDirectory;
  clients: ClientBook;
  bindings: BindingBook;
  /** Writes the agencies as an administrator would. @throws TrucError `agency.code-taken` */
  importAgencies(drafts: AgencyDraft[]): Promise<unknown>;
}

/**
 * Registers the demo agencies, their systems and certificates, and the operator; repeating it changes nothing, on
 * whichever node.
 * @throws TrucError `lab.demo-refused` when the store holds agencies that are not of the demo
 */
export async function seedDemo(
  folder: DemoFolder,
  books: DemoBooks,
  pki: Pki,
  shelf: SharedShelf | null = null,
): Promise<Pick<DemoCredentials, 'agencies' | 'admin'>> {
  const ids = await seedAgencies(books);
  await bindCertificates(ids, [], books.bindings, pki);
  await placeShared(shelf, 'demo-credentials', folder.credentials, async () => freshCredentials());
  const { agencies, admin } = readCredentials(folder) as DemoCredentials;
  for (const { code, name, clientId, clientSecret } of agencies)
    await books.clients.put({
      clientId,
      name: `QLVB ${name}`,
      secretSha256: sha256Hex(clientSecret),
      agencyIds: [ids.get(code) as string],
      scopes: ['documents.send', 'inbox', 'statuses', 'sign', 'verify'],
      disabledAt: null,
      signingOrigins: ['http://127.0.0.1:*', 'http://localhost:*'],
    });
  await books.clients.put({
    clientId: admin.username,
    name: 'Quản trị trục (trình diễn)',
    secretSha256: sha256Hex(admin.password),
    agencyIds: [],
    scopes: ['admin', 'inbox', 'verify'],
    disabledAt: null,
  });
  return { agencies, admin };
}

/** Registers the demo's people and says whose the officials' certificates are; repeating it changes nothing, on whichever node. */
export async function seedDemoPeople(
  folder: DemoFolder,
  desk: PeopleDesk & Pick<DemoBooks, 'bindings'>,
  admin: DemoCredentials['admin'],
  pki: Pki,
  shelf: SharedShelf | null = null,
): Promise<DemoPerson[]> {
  const ids = await knownAgencies(desk.agencies);
  const people = await seedPeople({ folder: folder.path, ids, admin, shelf, desk });
  await bindCertificates(ids, people, desk.bindings, pki);
  return people;
}

function freshCredentials(): Pick<DemoCredentials, 'agencies' | 'admin'> {
  return {
    admin: { username: 'admin', password: newSecret() },
    agencies: DEMO_AGENCIES.map(({ code, name, level }) => ({
      code,
      name,
      level,
      clientId: `qlvb-${code.toLowerCase()}`,
      clientSecret: newSecret(),
    })),
  };
}

/** Ids of the demo agencies by code. A node that finds another one seeding takes what that one made. */
async function seedAgencies({
  agencies: directory,
  importAgencies,
}: DemoBooks): Promise<Map<string, string>> {
  const known = await knownAgencies(directory);
  if (known.size > 0) return known;
  try {
    await importAgencies(demoDrafts(known));
  } catch (error) {
    if (!isTrucError(error, 'agency.code-taken')) throw error;
  }
  return knownAgencies(directory);
}

export function readCredentials(folder: DemoFolder): DemoCredentials | null {
  return existsSync(folder.credentials)
    ? (JSON.parse(readFileSync(folder.credentials, 'utf8')) as DemoCredentials)
    : null;
}

export function writeCredentials(folder: DemoFolder, credentials: DemoCredentials): void {
  writeFileSync(folder.credentials, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
  chmodSync(folder.credentials, 0o600);
}

/** Codes and ids in the registry. @throws TrucError `lab.demo-refused` for a store with other agencies */
async function knownAgencies(directory: AgencyDirectory): Promise<Map<string, string>> {
  const { agencies } = await directory.list({ limit: 500 });
  const ours = new Set(demoDrafts(new Map()).map((draft) => draft.code));
  const stranger = agencies.find((agency) => !ours.has(agency.code));
  if (stranger) throw new TrucError('lab.demo-refused', { cause: 'real-agencies', code: stranger.code });
  return new Map(agencies.map((agency) => [agency.code, agency.id]));
}

async function bindCertificates(
  ids: ReadonlyMap<string, string>,
  people: readonly DemoPerson[],
  bindings: BindingBook,
  pki: Pki,
): Promise<void> {
  const validFrom = new Date(pki.issuedAt - 365 * 86_400_000).toISOString();
  const leaders = officialIds(people, 'leader');
  const bind = (
    code: string,
    entity: string,
    holder: Pick<CertificateBinding, 'kind' | 'title'> & { personId?: string | undefined },
  ) => ({
    certificateSha256: sha256Hex(pki.entity(entity).certificate),
    kind: holder.kind,
    agencyId: ids.get(code) as string,
    title: holder.title,
    validFrom,
    validTo: null,
    certificateTo: isoTime(readCertificate(pki.entity(entity).certificate).notAfter),
    ...(holder.personId === undefined ? {} : { personId: holder.personId }),
  });
  const rows = DEMO_AGENCIES.flatMap(({ code, official }) => [
    bind(code, officialName(code), { kind: 'person', title: official.title, personId: leaders.get(code) }),
    bind(code, sealName(code), { kind: 'agency', title: null }),
  ]);
  const theirs = staffOf(pki).map(({ role, code, entity }) =>
    bind(code, entity, {
      kind: 'person',
      title: demoStaff(role, code).title,
      personId: officialIds(people, role).get(code),
    }),
  );
  await bindings.put([...rows, ...theirs]);
}

/** Who beside the heads has a certificate; data folders of earlier demos have fewer of them, or none. */
export function staffOf(pki: Pki): { role: StaffRole; code: string; entity: string }[] {
  const names = pki.names();
  return OFFICE_AGENCIES.flatMap((code) =>
    STAFF_ROLES.map((role) => ({ role, code, entity: staffName(role, code) })),
  ).filter(({ entity }) => names.includes(entity));
}
