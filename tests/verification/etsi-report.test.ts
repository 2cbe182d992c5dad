import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { XmlDocument } from 'libxml2-wasm';
import {
  codeMeanings,
  etsiReport,
  type FileReport,
  type VerificationCode,
  type VerificationContext,
  verifyFile,
} from '../../src/verification/index.ts';
import { issuedLetter, letterPdf, pdfContext } from '../builders/pdf.ts';
import { overwrite } from '../builders/pdf-update.ts';

const SCHEMA = join(import.meta.dirname, '..', '..', '.runtime', 'etsi-schemas', 'report.xsd');
const VR = 'http://uri.etsi.org/19102/v1.4.1#';

let ctx: VerificationContext;
let issued: FileReport;
beforeAll(async () => {
  ctx = await pdfContext();
  issued = verifyFile(await issuedLetter(), ctx);
});

/** Texts of all elements found, in order. */
function texts(xml: string, name: string): string[] {
  using document = XmlDocument.fromString(xml);
  return document.find(`//v:${name}`, { v: VR }).map((one) => one.content);
}

/** A report in which every code, name and time is as awkward as the type allows. */
function awkward(): FileReport {
  const [signature] = issued.signatures;
  const codes = Object.keys(codeMeanings) as VerificationCode[];
  const name = `<&>"' \u0000\u001b\ud800 ]]> Nguyễn Văn Thử`;
  return {
    ...issued,
    errors: codes.filter((code) => codeMeanings[code].severity === 'error'),
    signatures: [
      { ...signature!, id: name, signer: { ...signature!.signer!, subject: name }, chain: [] },
      { ...signature!, id: '', signer: null, chain: [], timestamps: [], signingTime: null, errors: codes },
    ],
  };
}

const cases = async (): Promise<Record<string, FileReport>> => ({
  issued,
  tampered: verifyFile(overwrite(await issuedLetter(), 'startxref', 'startxreg'), ctx),
  unsigned: verifyFile((await letterPdf()).bytes, ctx),
  broken: verifyFile(Buffer.from('%PDF-1.7 /ByteRange'), ctx),
  awkward: awkward(),
});

describe('the report of ETSI TS 119 102-2', () => {
  test('says what our own report says', () => {
    const xml = etsiReport(issued);
    expect(texts(xml, 'MainIndication')).toEqual(
      issued.signatures.map(() => 'urn:etsi:019102:mainindication:total-passed'),
    );
    expect(texts(xml, 'DAIdentifier')).toEqual(issued.signatures.map(({ id }) => id));
    expect(texts(xml, 'POETime')).toEqual(issued.signatures.map((one) => one.bestSignatureTime));
    expect(texts(xml, 'Signer')).toEqual(issued.signatures.map(({ signer }) => signer?.subject));
    expect(texts(xml, 'SignatureValidationProcessID')).toEqual(
      issued.signatures.map(() => 'urn:etsi:019102:validationprocess:LTVM'),
    );
  });

  test('what is wrong with the file counts against every signature in it', () => {
    const xml = etsiReport({ ...issued, errors: ['pdf.trailing-bytes'] });
    expect(texts(xml, 'SignatureValidationStatus')).toHaveLength(issued.signatures.length);
    expect(texts(xml, 'SignatureValidationStatus').join()).not.toContain('total-passed');
    expect(texts(xml, 'ValidationConstraintIdentifier')).toContain('urn:x-truc:verdict:pdf.trailing-bytes');
  });

  test('a file without signatures has one report, and it passed nothing', async () => {
    const { unsigned } = await cases();
    expect(unsigned?.indication).toBe('NO_SIGNATURE');
    expect(texts(etsiReport(unsigned!), 'MainIndication')).toEqual([
      'urn:etsi:019102:mainindication:indeterminate',
    ]);
  });

  test('every reference points to a certificate that is listed, whatever names hold', async () => {
    for (const report of Object.values(await cases())) {
      using document = XmlDocument.fromString(etsiReport(report));
      const values = (query: string) => document.find(query, { v: VR }).map((one) => one.content);
      const listed = values('//v:ValidationObject/@id');
      expect(new Set(listed).size).toBe(listed.length);
      expect(values('//@VOReference').filter((one) => !listed.includes(one))).toEqual([]);
    }
  });

  test('is valid by the published schema, where that was fetched', async () => {
    if (!existsSync(SCHEMA)) {
      console.info('not run: the schema of ETSI TS 119 102-2 (bash scripts/etsi-schemas.sh fetches it)');
      return;
    }
    const folder = mkdtempSync(join(tmpdir(), 'truc-etsi-'));
    try {
      for (const [name, report] of Object.entries(await cases())) {
        const file = join(folder, `${name}.xml`);
        writeFileSync(file, etsiReport(report));
        execFileSync('xmllint', ['--nonet', '--noout', '--schema', SCHEMA, file], { stdio: 'pipe' });
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
