import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sha256Hex } from '../../src/kernel/index.ts';
import { tampered } from '../../src/lab/index.ts';
import { type AxisProcess, axisProcess } from '../axis-process.ts';

let axis: AxisProcess;
beforeAll(async () => {
  axis = await axisProcess();
  await axis.start();
});
afterAll(() => axis.remove());

const demo = (...path: string[]) => join(axis.dataDir, 'demo', ...path);
const credentials = () => ['--credentials', demo('credentials.json')];
const as = (code: string) => [...credentials(), '--as', code];
const trust = () => [
  '--trust',
  demo('trust'),
  '--certs',
  demo('certs'),
  '--crls',
  demo('crls'),
  '--policy',
  'lab',
];

/** The only JSON line that a command printed. */
function one<Value = Record<string, unknown>>(result: { stdout: string }): Value {
  const lines = result.stdout.trim().split('\n');
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] as string) as Value;
}

describe('a document system on the command line', () => {
  let sent: { documentId: string };
  let item: { deliveryId: string; documentId: string };

  test('send prints what became of it; repeating is safe', () => {
    const send = () => axis.truc('send', demo('samples', '01-xa-gui-bo.edxml'), ...as('H53.32.29'));
    sent = one(send());
    expect(sent).toMatchObject({
      state: 'accepted',
      indication: 'TOTAL_PASSED',
      legalValue: 'replaces_paper',
    });
    expect(one(send())).toMatchObject({ documentId: sent.documentId });
  });

  test('inbox leases, fetch writes the very bytes and acknowledges, status reports', () => {
    item = one(axis.truc('inbox', ...as('G09')));
    expect(item.documentId).toBe(sent.documentId);
    const out = join(axis.dataDir, 'fetched.edxml');
    expect(one(axis.truc('fetch', item.deliveryId, '--out', out, ...as('G09')))).toMatchObject({
      acknowledged: 'done',
    });
    expect(readFileSync(out).equals(readFileSync(demo('samples', '01-xa-gui-bo.edxml')))).toBe(true);
    expect(one(axis.truc('status', sent.documentId, '03', ...as('G09')))).toMatchObject({
      code: '03',
      inOrder: true,
    });
    expect(one(axis.truc('status', sent.documentId, ...as('H53.32.29')))).toMatchObject({
      recipients: [{ code: 'G09', transport: 'done', business: '03' }],
    });
  });

  test('an unknown agency in --as is a usage error that names the known ones', () => {
    const result = axis.truc('inbox', ...as('X99'));
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('G09');
    expect(result.stderr).toContain('[cli.credentials]');
  });

  test('an axis that does not answer is named in both languages', () => {
    const result = axis.truc('inbox', '--url', 'http://127.0.0.1:1', ...as('G09'));
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('Không kết nối được tới http://127.0.0.1:1');
    expect(result.stderr).toContain('Cannot reach http://127.0.0.1:1');
  });
});

test('deliveries are listed by the operator of the running axis, and by nobody else', () => {
  const list = axis.truc('deliveries', 'list', '--state', 'done', ...as('admin'));
  expect(one(list)).toMatchObject({ to: 'G09', state: 'done' });
  const refused = axis.truc('deliveries', 'list', ...as('G09'));
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('[client.refused]');
});

describe('judging files', () => {
  test('verify --json prints the contract, one line per file, and exits 0 when all passed', () => {
    const files = readdirSync(demo('samples')).filter((name) => name.endsWith('.pdf'));
    const result = axis.truc('verify', '--json', ...trust(), ...files.map((name) => demo('samples', name)));
    expect(result.code).toBe(0);
    const reports = result.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(reports).toHaveLength(files.length);
    for (const report of reports)
      expect(report).toMatchObject({
        format: 'pdf',
        indication: 'TOTAL_PASSED',
        signatures: [
          { baseline: 'B-T', timestamps: 1 },
          { baseline: 'B-T', timestamps: 1 },
        ],
      });
  });

  test('a changed byte exits 1 and says what is wrong', () => {
    const file = join(axis.dataDir, 'tampered.pdf');
    writeFileSync(file, tampered(readFileSync(demo('samples', '01-xa-gui-bo.pdf'))));
    const result = axis.truc('verify', ...trust(), file);
    expect(result.code).toBe(1);
    expect(result.stdout).toContain('TOTAL_FAILED');
  });

  test('without trust anchors nothing passes, and nothing is called wrong', () => {
    const result = axis.truc('verify', '--json', demo('samples', '01-xa-gui-bo.pdf'));
    expect(result.code).toBe(1);
    expect(one(result)).toMatchObject({ indication: 'INDETERMINATE' });
  });

  test('--policy takes a file, and a broken one is a usage error that names its place', () => {
    const file = join(axis.dataDir, 'policy.json');
    const write = (sha256: string) =>
      writeFileSync(
        file,
        JSON.stringify({
          name: 'so-noi-vu',
          base: 'lab',
          title: 'Chính sách của Sở Nội vụ',
          validFrom: null,
          validUntil: null,
          source: 'Quyết định 12/QĐ-SNV',
          rules: {
            anchors: { value: { accepted: [{ sha256 }], refused: [] }, source: 'Quyết định 12/QĐ-SNV' },
          },
        }),
      );
    const pdf = demo('samples', readdirSync(demo('samples')).find((name) => name.endsWith('.pdf')) ?? '');
    const judge = () => axis.truc('verify', pdf, ...trust().slice(0, -2), '--policy', file, '--json');
    write('0'.repeat(64));
    expect(one<{ signatures: { errors: string[] }[] }>(judge()).signatures[0]?.errors).toContain(
      'policy.anchor-not-accepted',
    );
    write('abc');
    const refused = judge();
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('rules.anchors.value.accepted.0.sha256');
  });

  test('path judges a certificate alone', () => {
    const [name = ''] = readdirSync(demo('certs'));
    const result = axis.truc('path', demo('certs', name), '--json', ...trust());
    expect(one(result)).toHaveProperty('indication');
    expect(axis.truc('path', demo('credentials.json'), ...trust())).toMatchObject({ code: 2 });
  });

  test('edxml check names every fault at once and exits 1', () => {
    const file = join(axis.dataDir, 'bad.edxml');
    const good = readFileSync(demo('samples', '01-xa-gui-bo.edxml'), 'utf8');
    writeFileSync(
      file,
      good
        .replace(/<edXML:Subject>[^<]*/, '<edXML:Subject>')
        .replace(/<edXML:CodeNumber>[^<]*/, '<edXML:CodeNumber>'),
    );
    const result = axis.truc('edxml', 'check', file);
    expect(result.code).toBe(1);
    expect(result.stdout).toContain('MessageHeader/Subject');
    expect(result.stdout).toContain('CodeNumber');
    expect(axis.truc('edxml', 'check', demo('samples', '01-xa-gui-bo.edxml')).code).toBe(0);
  });
});

describe('the ledger and its proofs', () => {
  const log = () => ['--url', `${axis.url}/ledger`, '--vkey', axis.credentials().vkey];

  test('checkpoint, prove and audit agree on the running log', () => {
    const saved = join(axis.dataDir, 'saved.checkpoint');
    writeFileSync(saved, axis.truc('ledger', 'checkpoint', '--url', `${axis.url}/ledger`).stdout);
    axis.truc('send', demo('samples', '02-bo-gui-tinh.edxml'), ...as('G09'));
    expect(one(axis.truc('ledger', 'prove', '0', ...log()))).toMatchObject({
      entry: { type: 'registry.changed' },
      proof: expect.stringContaining('c2sp.org/tlog-proof@v1'),
    });
    expect(one(axis.truc('ledger', 'prove', '--from', saved, ...log()))).toMatchObject({ consistent: true });
    const audit = axis.truc('ledger', 'audit', '--json', '--checkpoint', saved, ...log());
    expect({ code: audit.code, ...one(audit) }).toMatchObject({ code: 0, ok: true, findings: [] });
    expect(axis.truc('ledger', 'prove', '999999', ...log())).toMatchObject({ code: 2 });
  });
});

describe('an operator with a stopped axis', () => {
  let receipt: string;

  test('a data folder in use is not touched', () => {
    const result = axis.truc('fsck', '--data', axis.dataDir);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('[app.data-in-use]');
  });

  test('a receipt still proves its submission when the axis is gone, and an altered one does not', async () => {
    receipt = join(axis.dataDir, 'receipt.json');
    const { documentId } = one<{ documentId: string }>(
      axis.truc('send', demo('samples', '01-xa-gui-bo.edxml'), ...as('H53.32.29')),
    );
    const { agencies, vkey } = axis.credentials();
    const sender = agencies.find((agency) => agency.code === 'H53.32.29');
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: sender?.clientId ?? '',
      client_secret: sender?.clientSecret ?? '',
    });
    const token = (await (await fetch(`${axis.url}/oauth/token`, { method: 'POST', body })).json()) as {
      access_token: string;
    };
    const headers = { authorization: `Bearer ${token.access_token}` };
    const text = await (await fetch(`${axis.url}/v1/documents/${documentId}/receipt`, { headers })).text();
    writeFileSync(receipt, text);
    expect(await axis.stop()).toBe(0);

    expect(axis.truc('evidence', 'verify', receipt, '--vkey', vkey)).toMatchObject({ code: 0 });
    const altered = join(axis.dataDir, 'altered.json');
    writeFileSync(altered, text.replace('"H53.32.29"', '"H53.32.28"'));
    expect(readFileSync(altered, 'utf8')).not.toBe(text);
    expect(axis.truc('evidence', 'verify', altered, '--vkey', vkey)).toMatchObject({ code: 1 });
  });

  test('fsck passes, and the log is exported as files', () => {
    const fsck = axis.truc('fsck', '--data', axis.dataDir, '--json');
    expect({ code: fsck.code, ...one(fsck) }).toMatchObject({ code: 0, faults: [], documents: 2 });
    const out = join(axis.dataDir, 'exported');
    expect(axis.truc('ledger', 'export', '--data', axis.dataDir, '--out', out)).toMatchObject({ code: 0 });
    expect(readdirSync(out)).toContain('checkpoint');
  });

  test('agencies are imported from CSV, all or none', () => {
    const csv = join(axis.dataDir, 'agencies.csv');
    const head = 'code,name,level,parent,old_code,valid_from,valid_to,successor\n';
    writeFileSync(csv, `${head}H53.99,Sở Thử nghiệm,province,H53,,,,\nH53.98,,province,H53,,,,\n`);
    const refused = axis.truc('agency', 'import', csv, '--data', axis.dataDir);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stdout).toContain('line 3');
    writeFileSync(csv, `${head}H53.99,Sở Thử nghiệm,province,H53,,,,\n`);
    expect(axis.truc('agency', 'import', csv, '--data', axis.dataDir)).toMatchObject({ code: 0 });
    expect(
      one(axis.truc('agency', 'list', '--query', 'so thu nghiem', '--data', axis.dataDir)),
    ).toMatchObject({
      code: 'H53.99',
    });
    expect(
      one(axis.truc('agency', 'credentials', 'qlvb-moi', 'H53.99', '--data', axis.dataDir)),
    ).toHaveProperty('clientSecret');
    const key = join(axis.dataDir, 'system.pem');
    const { publicKey } = generateKeyPairSync('ed25519');
    writeFileSync(key, publicKey.export({ type: 'spki', format: 'pem' }));
    const flags = ['qlvb-khoa', 'H53.99', '--key', key, '--data', axis.dataDir];
    expect(one(axis.truc('agency', 'credentials', ...flags))).toEqual({
      clientId: 'qlvb-khoa',
      keys: [expect.stringMatching(/^[\w-]{43}$/)],
    });
  });

  test('a certificate is bound to an official or to a seal, never to both', () => {
    const pem = demo('certs', 'ca-1.pem');
    const { raw } = new X509Certificate(readFileSync(pem));
    const bind = (...flags: string[]) =>
      axis.truc('agency', 'bind', 'H53.99', pem, ...flags, '--data', axis.dataDir);
    expect(bind().code).toBe(2);
    expect(bind('--title', 'Giám đốc', '--seal').code).toBe(2);
    expect(axis.truc('agency', 'bind', 'H53.98', pem, '--seal', '--data', axis.dataDir).code).not.toBe(0);
    expect(one(bind('--title', 'Giám đốc', '--to', '2030-01-01T00:00:00Z'))).toMatchObject({
      code: 'H53.99',
      kind: 'person',
      title: 'Giám đốc',
      certificateSha256: sha256Hex(raw),
      validTo: '2030-01-01T00:00:00.000Z',
    });
  });

  test('a damaged page of the database is found', () => {
    const file = join(axis.dataDir, 'truc.sqlite');
    const whole = readFileSync(file);
    const damaged = Buffer.from(whole);
    damaged.fill(0xa5, 3 * 4096, 4 * 4096);
    writeFileSync(file, damaged);
    const result = axis.truc('fsck', '--data', axis.dataDir);
    expect(result.code).toBe(1);
    expect(result.stdout).toContain('fsck.database-damaged');
    writeFileSync(file, whole);
  });

  test('a damaged ledger is found, not served', () => {
    const journal = join(axis.dataDir, 'ledger', 'journal');
    const bytes = readFileSync(journal);
    const at = Math.floor(bytes.length / 3);
    bytes[at] = (bytes[at] as number) ^ 1;
    writeFileSync(journal, bytes);
    const result = axis.truc('fsck', '--data', axis.dataDir);
    expect(result.code).not.toBe(0);
  });
});

describe('configuration', () => {
  test.each([
    [['--profile', 'distributed'], 'app.config-invalid'],
    [['--profile', 'elsewhere'], 'app.config-invalid'],
    [['--port', 'many'], 'app.config-invalid'],
    [['--bind', '0.0.0.0', '--trust-dir', '/tmp'], 'app.config-invalid'],
    [[], 'app.config-invalid'],
  ])('config --check %j is refused with one sentence in each language', (flags, code) => {
    const result = axis.truc('config', '--check', ...flags);
    expect(result.code).toBe(2);
    expect(result.stderr.trim().split('\n')).toHaveLength(2);
    expect(result.stderr).toContain(`[${code}]`);
  });
});
