import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgencyDirectory, BindingBook, ClientBook } from '../../agency/index.ts';
import { newSecret, sha256Hex, TrucError } from '../../kernel/index.ts';
import {
  type EntityInput,
  exportPki,
  issuePki,
  loadPki,
  type Pki,
  testPkiDeclaration,
  toPem,
} from '../pki/index.ts';
import { DEMO_AGENCIES, demoDrafts } from './agencies.ts';
import { officialName, sealName } from './letters.ts';

export interface DemoCredentials {
  url: string;
  signingUrl: string;
  admin: { username: string; password: string };
  agencies: { code: string; name: string; level: string; clientId: string; clientSecret: string }[];
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
    credentials: join(path, 'credentials.json'),
  };
}

/** The demo PKI: issued at the first start, kept afterwards; its CRLs are re-issued every time it is opened. */
export async function openDemoPki(folder: DemoFolder, now: number): Promise<Pki> {
  mkdirSync(join(folder.path, 'pki'), { recursive: true, mode: 0o700 });
  const file = join(folder.path, 'pki', 'pki.json');
  const pki = existsSync(file)
    ? loadPki(JSON.parse(readFileSync(file, 'utf8')), { now })
    : await issueDemoPki(now);
  if (!existsSync(file)) writeFileSync(file, JSON.stringify(exportPki(pki)), { mode: 0o600 });
  renewCrls(folder, pki, now);
  return pki;
}

const SERVICES = ['root-g1', 'ca-g1', 'root-g2', 'ca-g2', 'tsa', 'ocsp'];

async function issueDemoPki(now: number): Promise<Pki> {
  const extra: Record<string, EntityInput> = {};
  for (const { code, name, official } of DEMO_AGENCIES) {
    const validity = { from: '-1y', to: '+4y' };
    extra[sealName(code)] = {
      kind: 'seal',
      issuer: 'ca-g2',
      subject: { C: 'VN', O: name, CN: name, UID: `MST:${official.identity.slice(-10)}` },
      validity,
    };
    extra[officialName(code)] = {
      kind: 'official',
      issuer: 'ca-g2',
      subject: {
        C: 'VN',
        O: name,
        title: official.title,
        CN: official.name,
        serialNumber: official.identity,
        UID: `CCCD:${official.identity}`,
      },
      validity,
    };
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
}

/**
 * Registers the demo agencies, their systems and certificates; repeating it changes nothing.
 * @throws TrucError `lab.demo-refused` when the store holds agencies that are not of the demo
 */
export async function seedDemo(
  folder: DemoFolder,
  books: DemoBooks,
  pki: Pki,
  now: number,
): Promise<DemoCredentials['agencies']> {
  const known = await knownAgencies(books.agencies);
  const drafts = demoDrafts(known);
  if (known.size === 0) await books.agencies.put(drafts, now);
  await bindCertificates(drafts, books.bindings, pki);
  const before = readCredentials(folder);
  const ids = new Map(drafts.map((draft) => [draft.code, draft.id]));
  return Promise.all(
    DEMO_AGENCIES.map(async ({ code, name, level }) => {
      const earlier = before?.agencies.find((one) => one.code === code);
      const clientId = earlier?.clientId ?? `qlvb-${code.toLowerCase()}`;
      const clientSecret = earlier?.clientSecret ?? newSecret();
      await books.clients.put({
        clientId,
        name: `QLVB ${name}`,
        secretSha256: sha256Hex(clientSecret),
        agencyIds: [ids.get(code) as string],
        scopes: ['documents.send', 'inbox', 'statuses', 'verify'],
        disabledAt: null,
      });
      return { code, name, level, clientId, clientSecret };
    }),
  );
}

/** The operator's credentials of the demo; they also open the administrators' part of the API. */
export async function seedAdmin(folder: DemoFolder, clients: ClientBook): Promise<DemoCredentials['admin']> {
  const admin = readCredentials(folder)?.admin ?? { username: 'admin', password: newSecret() };
  await clients.put({
    clientId: admin.username,
    name: 'Quản trị trục (trình diễn)',
    secretSha256: sha256Hex(admin.password),
    agencyIds: [],
    scopes: ['admin', 'inbox', 'verify'],
    disabledAt: null,
  });
  return admin;
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
  drafts: readonly { id: string; code: string }[],
  bindings: BindingBook,
  pki: Pki,
): Promise<void> {
  const validFrom = new Date(pki.issuedAt - 365 * 86_400_000).toISOString();
  const rows = DEMO_AGENCIES.flatMap(({ code, official }) => {
    const agencyId = drafts.find((draft) => draft.code === code)?.id as string;
    const bind = (entity: string, kind: 'person' | 'agency', title: string | null) => ({
      certificateSha256: sha256Hex(pki.entity(entity).certificate),
      kind,
      agencyId,
      title,
      validFrom,
      validTo: null,
    });
    return [bind(officialName(code), 'person', official.title), bind(sealName(code), 'agency', null)];
  });
  await bindings.put(rows);
}
