import { beforeAll, describe, expect, test } from '@jest/globals';
import { addDocumentTimestamp, addValidationData, keySigner, signPdf } from '../../src/signing/index.ts';
import type { VerificationContext } from '../../src/verification/context.ts';
import { verifyPdf } from '../../src/verification/index.ts';
import { policyNamed } from '../../src/verification/policy.ts';
import { trustStore } from '../../src/verification/trust-store.ts';
import { certify, keyOf, rootAuthority } from '../builders/forged-pki.ts';
import { revocationList } from '../builders/forged-revocation.ts';
import { letterPdf, pdfContext, sign, stampAt } from '../builders/pdf.ts';
import { anatomy, rawUpdate } from '../builders/pdf-update.ts';
import { TEST_NOW as NOW, testPki } from '../builders/pki.ts';

let letter: Buffer;

beforeAll(async () => {
  letter = (await letterPdf()).bytes;
});

describe('what the security store brings is material, never trust', () => {
  const root = rootAuthority(NOW, 'Gốc DSS');
  const stranger = rootAuthority(NOW, 'Gốc tự đem');
  const impostor = { ...root, key: keyOf('p256', 'dss impostor') };
  const official = certify(NOW, { subject: 'Người ký', issuer: root });
  const ctx: VerificationContext = {
    trust: trustStore({ anchors: [root.certificate] }),
    policy: policyNamed('cong-vu'),
    at: NOW + 3_600_000,
    revocation: 'required',
  };
  const list = (
    issuer: typeof root,
    entries: { party: typeof official; at: number; reason: number }[] = [],
  ) => revocationList({ issuer, thisUpdate: NOW, entries });
  const signed = async (party = official) =>
    (
      await signPdf({
        pdf: letter,
        fieldName: 'P',
        signedAt: NOW,
        signerName: 'Người ký',
        signer: keySigner(party.certificate, party.key),
      })
    ).bytes;
  const judged = (pdf: Buffer) => {
    const [one] = verifyPdf(pdf, ctx).signatures;
    return [one?.indication, ...(one?.errors ?? [])];
  };

  test('a CRL of the issuer is used', async () => {
    const pdf = await signed();
    expect(judged(pdf)).toEqual(['INDETERMINATE', 'revocation.missing']);
    expect(judged(addValidationData(pdf, { certificates: [], crls: [list(root)] }))).toEqual([
      'TOTAL_PASSED',
    ]);
  });

  test('attack: a CRL that somebody else signed in the issuer’s name', async () => {
    const pdf = addValidationData(await signed(), { certificates: [], crls: [list(impostor)] });
    expect(judged(pdf)[0]).toBe('INDETERMINATE');
  });

  test('attack: an anchor of one’s own in the store', async () => {
    const party = certify(NOW, { subject: 'Người ký', issuer: stranger });
    const pdf = addValidationData(await signed(party), {
      certificates: [stranger.certificate],
      crls: [list(stranger)],
    });
    expect(judged(pdf)).toEqual(['INDETERMINATE', 'path.no-chain']);
  });

  test('attack: an old CRL in the store does not hide a revocation that a newer one in it tells', async () => {
    const revoked = list(root, [{ party: official, at: NOW - 60_000, reason: 1 }]);
    const older = revocationList({ issuer: root, thisUpdate: NOW - 86_400_000 });
    for (const crls of [
      [older, revoked],
      [revoked, older],
    ])
      expect(judged(addValidationData(await signed(), { certificates: [], crls }))[0]).not.toBe(
        'TOTAL_PASSED',
      );
  });

  test('things that are no CRLs or certificates are passed over', async () => {
    const junk = [Buffer.alloc(0), Buffer.from('x'), Buffer.alloc(500, 0x30)];
    expect(
      judged(addValidationData(await signed(), { certificates: junk, crls: [...junk, list(root)] })),
    ).toEqual(['TOTAL_PASSED']);
  });
});

describe('levels are what was reached', () => {
  test('attack: a document time-stamp before the store does not make B-LTA', async () => {
    const ctx = await pdfContext();
    const stamped = await addDocumentTimestamp({
      pdf: await sign(letter),
      fieldName: 'T1',
      timestamp: stampAt(NOW + 60_000),
    });
    const pki = await testPki();
    const crls = ['root-g2', 'ca-g2'].map((name) => pki.crlOf(name, NOW + 3_600_000));
    const later = addValidationData(stamped, { certificates: pki.intermediates, crls });
    expect(verifyPdf(later, ctx).signatures[0]).toMatchObject({
      indication: 'TOTAL_PASSED',
      baseline: 'B-LT',
    });
  });
});

describe('hybrid files', () => {
  test('attack: an update whose hidden stream says otherwise than its table', async () => {
    const ctx = await pdfContext();
    const signed = await sign(letter);
    const { contents, widget, file, free } = anatomy(signed);
    const entry = file.define(widget!.num, file.latest)!.entry as { offset: number };
    const row = Buffer.alloc(6);
    row.writeUInt8(1, 0);
    row.writeUInt32BE(entry.offset, 1);
    const body = `<< /Type /XRef /Size 9000 /W [1 4 1] /Index [${contents.num} 1] /Length 6 >>\nstream\n${row.toString('latin1')}\nendstream`;
    const hybrid = rawUpdate(signed, {
      objects: [{ num: free, body }],
      trailer: { XRefStm: String(signed.length) },
    });
    const [one] = verifyPdf(hybrid, ctx).signatures;
    expect(one?.indication).toBe('TOTAL_FAILED');
    expect(one?.laterChanges.map(({ detail }) => detail)).toEqual(
      expect.arrayContaining([`xref.redirected ${contents.num}`, 'xref.hybrid']),
    );
  });
});
