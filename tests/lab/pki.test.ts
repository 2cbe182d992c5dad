import { execFileSync, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sha256 } from '../../src/kernel/index.ts';
import {
  exportPki,
  issuePki,
  loadPki,
  type Pki,
  parsePkiDeclaration,
  startTsa,
  testPkiDeclaration,
  toPem,
} from '../../src/lab/index.ts';
import { TEST_NOW, testPki } from '../builders/pki.ts';

let pki: Pki;
let folder: string;

beforeAll(async () => {
  pki = await testPki();
  folder = mkdtempSync(join(tmpdir(), 'truc-pki-'));
  file('anchors.pem', pki.anchors.map((one) => toPem('CERTIFICATE', one)).join(''));
  file('middle.pem', pki.intermediates.map((one) => toPem('CERTIFICATE', one)).join(''));
  const authorities = [...pki.anchors, ...pki.intermediates];
  file('all.pem', authorities.map((one) => toPem('CERTIFICATE', one)).join(''));
  file('crls.pem', pki.crls.map((one) => toPem('X509 CRL', one)).join(''));
});

afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function opensslVerify(name: string, now = TEST_NOW) {
  const leaf = file(`${name}.pem`, toPem('CERTIFICATE', pki.entity(name).certificate));
  const result = spawnSync(
    'openssl',
    [
      'verify', '-x509_strict', '-crl_check_all', '-attime', String(now / 1000), '-CAfile', join(folder, 'anchors.pem'),
      '-untrusted', join(folder, 'middle.pem'), '-CRLfile', join(folder, 'crls.pem'), leaf,
    ], // biome-ignore format: a command line
    { encoding: 'utf8' },
  );
  return result.stdout + result.stderr;
}

describe('chains, judged by openssl', () => {
  test.each(['seal-province', 'seal-g1', 'official-chairman', 'official-vice', 'official-g1', 'tsa', 'ocsp'])(
    '%s verifies strictly with CRLs',
    (name) => expect(opensslVerify(name)).toMatch(/: OK$/m),
  );

  test.each([
    ['official-expired', 'certificate has expired'],
    ['official-not-yet-valid', 'certificate is not yet valid'],
    ['official-revoked-early', 'certificate revoked'],
    ['official-revoked-late', 'certificate revoked'],
    ['official-on-hold', 'certificate revoked'],
    ['official-rogue', 'certificate signature failure'],
  ])('%s fails: %s', (name, reason) => expect(opensslVerify(name)).toContain(reason));

  test('faults that are no path faults are in the certificates', () => {
    const weak = new X509Certificate(pki.entity('official-weak').certificate);
    expect(weak.publicKey.asymmetricKeyDetails?.modulusLength).toBe(1024);
    const text = execFileSync('openssl', ['x509', '-noout', '-text', '-inform', 'DER'], {
      input: pki.entity('official-wrong-usage').certificate,
      encoding: 'utf8',
    });
    expect(text).toMatch(/X509v3 Key Usage: critical\s+Key Encipherment, Key Agreement\n/);
  });

  test('names carry the attributes of official-duty certificates', () => {
    const subject = new X509Certificate(pki.entity('official-chairman').certificate).subject;
    expect(subject.split('\n')).toEqual([
      'C=VN',
      'L=Tỉnh Thử Nghiệm',
      'O=Ủy ban nhân dân tỉnh Thử Nghiệm',
      'title=Chủ tịch',
      'CN=Nguyễn Văn Thử',
      'serialNumber=001080000001',
      'UID=CCCD:001080000001',
    ]);
  });
});

describe('CRLs', () => {
  test('openssl reads and verifies each, and lists the revoked ones', () => {
    const reports = pki.crls.map((crl) =>
      spawnSync('openssl', ['crl', '-inform', 'DER', '-noout', '-text', '-CAfile', join(folder, 'all.pem')], {
        input: crl,
        encoding: 'utf8',
      }),
    );
    expect(reports.map((report) => report.status)).toEqual(pki.crls.map(() => 0));
    const text = reports.map((report) => report.stdout).join('');
    expect(text.match(/Revocation Date/g)).toHaveLength(3);
    for (const reason of ['Key Compromise', 'Affiliation Changed', 'Certificate Hold']) {
      expect(text).toContain(reason);
    }
  });

  test('a revocation in the future is not listed before its time', async () => {
    const small = await issuePki(testPkiDeclaration(), {
      now: TEST_NOW,
      only: ['official-revoked-late'],
    });
    const revoked = (crls: Buffer[]) =>
      crls.filter((crl) => crl.includes(small.entity('official-revoked-late').parts.serialNumber)).length;
    expect(revoked(small.issueCrls(TEST_NOW))).toBe(1);
    expect(revoked(small.issueCrls(TEST_NOW - 2 * 86_400_000))).toBe(0);
  });
});

describe('issuing', () => {
  test('entities of the caller are issued under declared authorities, and later ones too', async () => {
    const small = await issuePki(testPkiDeclaration(), {
      now: TEST_NOW,
      only: ['ca-g2'],
      extra: {
        'seal-x': {
          kind: 'seal',
          issuer: 'ca-g2',
          key: 'ec-p256',
          subject: { C: 'VN', CN: 'Sở X' },
          validity: { from: '-1d', to: '+1y' },
        },
      },
    });
    await small.add(
      'official-x',
      {
        kind: 'official',
        issuer: 'ca-g2',
        key: 'ec-p256',
        subject: { CN: 'Ông X' },
        validity: { from: '-1d', to: '+1y' },
      },
      TEST_NOW,
    );
    expect(small.names()).toEqual(['root-g2', 'ca-g2', 'seal-x', 'official-x']);
    const issuer = new X509Certificate(small.entity('ca-g2').certificate);
    for (const name of ['seal-x', 'official-x']) {
      const leaf = new X509Certificate(small.entity(name).certificate);
      expect(leaf.verify(issuer.publicKey)).toBe(true);
      expect(leaf.checkPrivateKey(small.entity(name).key)).toBe(true);
      expect(small.entity(name).chain).toEqual([small.entity('ca-g2').certificate]);
    }
  });

  test('a PKI survives export and load, with fresh CRLs', () => {
    const later = TEST_NOW + 86_400_000;
    const loaded = loadPki(JSON.parse(JSON.stringify(exportPki(pki))), { now: later });
    expect(loaded.names()).toEqual(pki.names());
    expect(loaded.anchors).toEqual(pki.anchors);
    expect(loaded.entity('tsa').key.equals(pki.entity('tsa').key)).toBe(true);
    expect(loaded.entity('official-chairman').chain).toEqual(pki.entity('official-chairman').chain);
    expect(loaded.entity('official-revoked-late').revokedAt).toBe(
      pki.entity('official-revoked-late').revokedAt,
    );
    expect(loaded.crls).toHaveLength(pki.crls.length);
    expect(loaded.crls).not.toEqual(pki.crls);
  });

  test('faults of a declaration are named', async () => {
    expect(() =>
      parsePkiDeclaration('version: 1\npolicyOid: "1.2"\nentities: { a: { kind: king } }'),
    ).toThrow(expect.objectContaining({ code: 'lab.pki-declaration-invalid' }));
    expect(() => loadPki({ version: 2 }, { now: 0 })).toThrow(
      expect.objectContaining({ code: 'lab.pki-export-invalid' }),
    );
    const lost = { kind: 'seal', subject: { CN: 'x' }, validity: { from: '-1d', to: '+1d' } } as const;
    const issued = (issuer: string) =>
      issuePki(testPkiDeclaration(), {
        now: TEST_NOW,
        only: ['official-rogue'],
        extra: { lost: { ...lost, issuer } },
      });
    await expect(issued('nobody')).rejects.toMatchObject({ code: 'lab.pki-unknown-issuer' });
    await expect(issued('official-rogue')).rejects.toMatchObject({ code: 'lab.pki-not-an-authority' });
    expect(() => pki.entity('nobody')).toThrow(expect.objectContaining({ code: 'lab.pki-unknown-entity' }));
  });
});

describe('the timestamping authority', () => {
  const clock = { now: () => TEST_NOW };

  function query(data: string, ...options: string[]): string {
    const path = join(folder, 'query.tsq');
    execFileSync('openssl', ['ts', '-query', '-sha256', '-data', data, '-out', path, ...options]);
    return path;
  }

  async function ask(url: string, body: Uint8Array, type = 'application/timestamp-query') {
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body });
    return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) };
  }

  test.each([['-cert'], ['-no_nonce']])('openssl accepts its answer (%s)', async (option) => {
    const tsa = await startTsa({ pki, clock });
    try {
      const data = file('data.txt', 'công văn');
      const request = query(data, option);
      const { status, body } = await ask(tsa.url, readFileSync(request));
      expect(status).toBe(200);
      const reply = file('reply.tsr', body);
      const untrusted = file(
        'tsa-chain.pem',
        ['tsa', 'ca-g2'].map((name) => toPem('CERTIFICATE', pki.entity(name).certificate)).join(''),
      );
      const verified = spawnSync(
        'openssl',
        [
          'ts', '-verify', '-queryfile', request, '-in', reply, '-CAfile', join(folder, 'anchors.pem'),
          '-untrusted', untrusted, '-attime', String(TEST_NOW / 1000),
        ], // biome-ignore format: a command line
        { encoding: 'utf8' },
      );
      expect(verified.stdout + verified.stderr).toContain('Verification: OK');
      const text = execFileSync('openssl', ['ts', '-reply', '-in', reply, '-text'], { encoding: 'utf8' });
      expect(text).toContain('Time stamp: Mar 16 02:00:00 2026 GMT');
    } finally {
      await tsa.close();
    }
  });

  test('it refuses what it cannot read, and misbehaves on demand', async () => {
    const behaviour: Record<string, unknown> = {};
    const tsa = await startTsa({ pki, clock, behaviour });
    try {
      const request = readFileSync(query(file('data.txt', 'công văn')));
      const refused = await ask(tsa.url, Buffer.from('30030201', 'hex'));
      expect(refused.body.toString('hex')).toMatch(/^30093007020102030202/);
      expect((await ask(tsa.url, Buffer.alloc(5000))).status).toBe(413);
      expect((await ask(tsa.url, request, 'text/plain')).status).toBe(415);
      expect((await fetch(tsa.url)).status).toBe(403);
      behaviour.refuse = 'timeNotAvailable';
      expect((await ask(tsa.url, request)).body.toString('hex')).toMatch(/^300a30080201020303/);
      behaviour.status = 503;
      expect((await ask(tsa.url, request)).status).toBe(503);
      delete behaviour.status;
      behaviour.garbage = true;
      expect((await ask(tsa.url, request)).body.toString()).toBe('no timestamp');
      delete behaviour.garbage;
      delete behaviour.refuse;
      behaviour.wrongImprint = true;
      const digest = sha256('công văn');
      expect((await ask(tsa.url, request)).body.includes(digest)).toBe(false);
      delete behaviour.wrongImprint;
      expect((await ask(tsa.url, request)).body.includes(digest)).toBe(true);
    } finally {
      await tsa.close();
    }
  });
});
