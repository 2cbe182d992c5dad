import type { VerificationContext } from '../../src/verification/context.ts';
import { policyNamed } from '../../src/verification/policy.ts';
import { trustStore } from '../../src/verification/trust-store.ts';
import { gzippedVectors } from '../vectors/gzipped.ts';
import { issuedLetter, letterPdf, pdfContext, sign } from './pdf.ts';
import { attacked, dictionaryAttacks, updateAttacks } from './pdf-attacks.ts';
import { xadesAt } from './xades.ts';
import { signEnvelope } from './xml.ts';

/** A file that is judged, and with what. */
export interface SignedFile {
  name: string;
  bytes: Buffer;
  ctx: VerificationContext;
  detached?: Buffer;
}

/** Every whole file of tests/vectors: what EU DSS signed, in all its formats. */
export function vectorFiles(): SignedFile[] {
  return [...dssFiles(), ...dssXades()];
}

/** Files of our own in each format: good ones, and PDF files with every attack that we know of. */
export async function ownFiles(): Promise<SignedFile[]> {
  const ctx = await pdfContext();
  const signed = await sign((await letterPdf()).bytes);
  const good: [string, Buffer][] = [
    ['letter', await issuedLetter()],
    ['unsigned', (await letterPdf()).bytes],
    ['envelope', await signEnvelope()],
  ];
  for (const level of ['B', 'T', 'LT', 'LTA'] as const)
    good.push([`xades ${level}`, Buffer.from(await xadesAt(level))]);
  const attacks: [string, Buffer][] = [
    ...updateAttacks.map(([name, , build]): [string, Buffer] => [name, build(attacked(signed))]),
    ...dictionaryAttacks.map(([name, , build]): [string, Buffer] => [name, build(signed)]),
  ];
  return [...good, ...attacks].map(([name, bytes]) => ({ name, bytes, ctx }));
}

const decoded = (list: readonly string[]) => list.map((one) => Buffer.from(one, 'base64'));

interface DssVectors {
  at: string;
  trust: string[];
  certs: string[];
  crls: string[];
  content: string;
  files: Record<string, string>;
}

function dssFiles(): SignedFile[] {
  const { trust, certs, crls, at, content, files } = gzippedVectors<DssVectors>('dss/signatures.json.gz');
  const ctx: VerificationContext = {
    trust: trustStore({ anchors: decoded(trust), intermediates: decoded(certs), crls: decoded(crls) }),
    policy: policyNamed('lab'),
    at: Date.parse(at),
    revocation: 'required',
  };
  return Object.entries(files).map(([name, text]) => ({
    name,
    bytes: Buffer.from(text, 'base64'),
    ctx,
    ...(name.includes('DETACHED') ? { detached: Buffer.from(content, 'base64') } : {}),
  }));
}

interface DssXadesVectors {
  at: string;
  anchors: string[];
  intermediates: string[];
  crls: string[];
  content: string;
  files: Record<string, string>;
}

function dssXades(): SignedFile[] {
  const vectors = gzippedVectors<DssXadesVectors>('dss-xades/dss-xades.json.gz');
  const { anchors, intermediates, crls, at, content, files } = vectors;
  const ctx: VerificationContext = {
    trust: trustStore({
      anchors: decoded(anchors),
      intermediates: decoded(intermediates),
      crls: decoded(crls),
    }),
    policy: policyNamed('cong-vu'),
    at: Date.parse(at),
    revocation: 'required',
  };
  return Object.entries(files).map(([name, text]) => ({
    name: `xades ${name}`,
    bytes: Buffer.from(text),
    ctx,
    ...(name.startsWith('detached') ? { detached: Buffer.from(content, 'base64') } : {}),
  }));
}
