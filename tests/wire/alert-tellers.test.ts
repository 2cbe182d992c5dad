import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import { tellersOf } from '../../src/app/alerting.ts';
import { manualClock } from '../../src/kernel/index.ts';
import { anAlert } from '../builders/records.ts';

const KEY = generateKeyPairSync('ed25519').privateKey;
const NOW = Date.parse('2026-03-16T03:00:00Z');
const NEWS = {
  at: '2026-03-16T03:00:00.000Z',
  alerts: [
    anAlert({ severity: 'critical', measure: 'ledger-fault', value: 1, limit: 0 }),
    anAlert({ state: 'resolved', measure: 'dead-letters', label: 'H53.06', value: 0 }),
  ],
};

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

interface Mail {
  to: string[];
  text: string;
}

/** An SMTP server that takes or refuses mail. */
async function smtp(refuse: string | null = null): Promise<{ url: string; mails: Mail[] }> {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, done) =>
      done(username === 'truc' && password === 'm@t' ? null : new TypeError('no'), { user: username ?? '' }),
    onRcptTo: (_address, _session, done) => done(refuse === null ? null : new TypeError(refuse)),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map((one) => one.address);
        mails.push({ to, text: Buffer.concat(chunks).toString('utf8') });
        done();
      });
    },
  });
  const listening = server.listen(0, '127.0.0.1');
  await new Promise<void>((resolve) => listening.once('listening', () => resolve()));
  closers.push(() => server.close(() => {}));
  const { port } = listening.address() as AddressInfo;
  return { url: `smtp://truc:m%40t@127.0.0.1:${port}`, mails };
}

const here = async () => ({ address: '127.0.0.1', family: 4 as const });

function tellers(mail: string | null, webhook: string | null) {
  const to = { from: 'truc@example.gov.vn', to: ['a@example.gov.vn', 'b@example.gov.vn'] };
  return tellersOf({
    config: { rules: [], mail: mail === null ? null : { url: mail, ...to }, webhook },
    ...{ publicUrl: 'https://truc.example.gov.vn', key: KEY, clock: manualClock(NOW), guard: here },
  });
}

/** Decodes what a mail says, as a reader of mail does (RFC 2047, quoted-printable or base64). */
function decoded(mail: string): string {
  const gap = mail.indexOf('\r\n\r\n');
  const [head, body] = [mail.slice(0, gap), mail.slice(gap + 4)];
  const text = /base64/i.test(head)
    ? Buffer.from(body, 'base64').toString('utf8')
    : quoted(body.replace(/=\r\n/g, ''));
  const subject = head
    .replace(/\r\n\s+/g, ' ')
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?UTF-8\?B\?([^?]*)\?=/gi, (_, part: string) => Buffer.from(part, 'base64').toString('utf8'))
    .replace(/=\?UTF-8\?Q\?([^?]*)\?=/gi, (_, part: string) => quoted(part.replaceAll('_', ' ')));
  return `${subject}\n${text}`;
}

const quoted = (text: string) => {
  const bytes = text.replace(/=([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
};

test('one mail with all that has changed, in both languages, to everybody, by a real SMTP server', async () => {
  const { url, mails } = await smtp();
  await tellers(url, null)[0]?.(NEWS);
  expect(mails).toHaveLength(1);
  expect(mails[0]?.to).toEqual(['a@example.gov.vn', 'b@example.gov.vn']);
  const text = decoded(mails[0]?.text ?? '');
  for (const said of [
    'NGHIÊM TRỌNG · 1 cảnh báo, 1 đã hết',
    'Nghiêm trọng · Sổ cái không ghi được: 1',
    'Đã hết · Cần chú ý · Lượt chuyển đã dừng đến một cơ quan (H53.06)',
    'Critical · The ledger cannot be written',
    'https://truc.example.gov.vn/console/alerts',
  ])
    expect(text).toContain(said);
});

test('a server that refuses, or is away, is an error for the next round', async () => {
  const { url } = await smtp('no such mailbox');
  await expect(tellers(url, null)[0]?.(NEWS)).rejects.toThrow('no such mailbox');
  await expect(tellers('smtp://127.0.0.1:1', null)[0]?.(NEWS)).rejects.toThrow();
  await expect(tellers(url.replace('m%40t', 'wrong'), null)[0]?.(NEWS)).rejects.toThrow();
});

test('the webhook is signed as all of ours are, and an answer other than 2xx is an error', async () => {
  const got: { headers: Record<string, unknown>; body: Buffer }[] = [];
  let status = 204;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    got.push({ headers: request.headers, body: Buffer.concat(chunks) });
    response.writeHead(status).end();
  });
  closers.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts`;
  await tellers(null, url)[0]?.(NEWS);
  const [{ headers, body } = { headers: {}, body: Buffer.alloc(0) }] = got;
  const signed = Buffer.concat([
    Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`),
    body,
  ]);
  const signature = Buffer.from(String(headers['webhook-signature']).split(',')[1] ?? '', 'base64');
  expect(verify(null, signed, createPublicKey(KEY), signature)).toBe(true);
  expect(JSON.parse(body.toString())).toMatchObject({
    type: 'alerts.changed',
    alerts: [{ measure: 'ledger-fault', text: { vi: expect.any(String) } }, { state: 'resolved' }],
  });
  status = 500;
  await expect(tellers(null, url)[0]?.(NEWS)).rejects.toMatchObject({ code: 'adapters.webhook-refused' });
});
