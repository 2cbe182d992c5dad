import { beforeAll, describe, expect, test } from '@jest/globals';
import type { VerificationContext } from '../../src/verification/context.ts';
import { verifyFile } from '../../src/verification/index.ts';
import { ASIC_E, ASIC_S, type AsicFile, asic } from '../builders/asic.ts';
import { pdfContext } from '../builders/pdf.ts';
import {
  propertiesObject,
  propertiesReference,
  signatureTemplate,
  signTemplate,
} from '../builders/xml-template.ts';

const SIGNATURES = 'META-INF/signatures.xml';
const FILES: Record<string, Buffer> = {
  'van-ban.txt': Buffer.from('Kính gửi Văn phòng Chính phủ'),
  'phu-luc.txt': Buffer.from('Phụ lục'),
};

let ctx: VerificationContext;
let xml: Buffer;

beforeAll(async () => {
  ctx = await pdfContext();
  xml = await signaturesOver(Object.keys(FILES));
});

async function signaturesOver(names: string[]): Promise<Buffer> {
  const references = [...names.map((uri) => ({ uri })), propertiesReference()];
  const signature = await signatureTemplate({ references, objects: await propertiesObject() });
  return signTemplate(
    `<a:XAdESSignatures xmlns:a="http://uri.etsi.org/02918/v1.2.1#">${signature}</a:XAdESSignatures>`,
    { files: FILES },
  );
}

const data = (files = FILES): AsicFile[] => Object.entries(files).map(([name, bytes]) => ({ name, bytes }));
const extended = (files: AsicFile[], signatures = xml) =>
  verifyFile(asic(ASIC_E, [...files, { name: SIGNATURES, bytes: signatures }]), ctx);
const codes = ({ indication, errors, signatures }: ReturnType<typeof extended>) => [
  indication,
  ...errors,
  ...signatures.flatMap((one) => one.errors),
];

describe('ASiC with XAdES', () => {
  test('over all its files', () => {
    const report = extended(data());
    expect(report).toMatchObject({ format: 'asic', indication: 'TOTAL_PASSED', errors: [] });
    expect(report.signatures).toMatchObject([
      { id: `${SIGNATURES}/s`, baseline: 'B-B', coverage: 'whole-file', files: Object.keys(FILES) },
    ]);
  });

  test('ASiC-S over its one file', async () => {
    const name = 'van-ban.txt';
    const bytes = await signaturesOver([name]);
    const file = asic(ASIC_S, [...data({ [name]: FILES[name]! }), { name: SIGNATURES, bytes }]);
    expect(verifyFile(file, ctx).indication).toBe('TOTAL_PASSED');
  });

  test('attack: signed file replaced', () => {
    expect(codes(extended(data({ ...FILES, 'phu-luc.txt': Buffer.from('giả') })))).toEqual(
      expect.arrayContaining(['TOTAL_FAILED', 'xml.digest-mismatch']),
    );
  });

  test('attack: file added that no signature covers', () => {
    const report = extended(data({ ...FILES, 'them.txt': Buffer.from('giả') }));
    expect(report).toMatchObject({ indication: 'INDETERMINATE', unsignedFiles: ['them.txt'] });
    expect(report.errors).toEqual(['asic.file-not-signed']);
    expect(report.signatures[0]?.coverage).toBe('part');
  });

  test('attack: signed file taken away', () => {
    const report = extended(data({ 'van-ban.txt': FILES['van-ban.txt']! }));
    expect(codes(report)).toContain('xml.reference-not-found');
    expect(report.indication).not.toBe('TOTAL_PASSED');
  });

  test('attack: signatures whose XML has a DTD', () => {
    const report = extended(data(), Buffer.from(`<!DOCTYPE a []>${xml}`));
    expect(codes(report)).toContain('xml.dtd-forbidden');
  });
});
