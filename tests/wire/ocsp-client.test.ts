import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { ocspClient, ocspRequest } from '../../src/adapters/wire/ocsp-client.ts';
import { targetGuard } from '../../src/adapters/wire/target-guard.ts';
import { randomBytes, systemClock } from '../../src/kernel/index.ts';
import {
  checkOcsp,
  type Fetched,
  policyNamed,
  readCertificate,
  trustStore,
} from '../../src/verification/index.ts';
import { certify, DAY, ext, extension, keyOf, type Party, rootAuthority } from '../builders/forged-pki.ts';
import { type OcspRequest, ocspResponse, revocationList } from '../builders/forged-revocation.ts';
import { listening } from '../builders/listening.ts';
import { opensslResponder } from '../builders/openssl-ocsp.ts';
import { requiredTool } from '../required-tool.ts';

/** openssl's responder looks at the real clock. */
const NOW = systemClock.now();
const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';
const root = rootAuthority(NOW, 'Gốc OCSP');
const signer = certify(NOW, { subject: 'Người ký', issuer: root });
const withdrawn = certify(NOW, { subject: 'Người đã thôi việc', issuer: root });
const responder = (more: Buffer[] = [ext.noCheck()], issuer: Party = root) =>
  certify(NOW, {
    subject: 'OCSP',
    issuer,
    extensions: [ext.keyUsage(0), ext.purposes(false, OCSP_SIGNING), ...more],
  });
const good = responder();

const closers: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of closers.splice(0)) await one.close();
});

const client = (timeout = 10_000) =>
  ocspClient({
    guard: targetGuard({ allowed: ['127.0.0.0/8'], own: () => [] }),
    clock: systemClock,
    timeout,
  });

function question(target: Party = signer, nonce: Buffer = randomBytes(16)) {
  return {
    certificate: readCertificate(target.certificate),
    issuer: readCertificate(root.certificate),
    nonce,
  };
}
type Question = ReturnType<typeof question>;

interface CheckOptions {
  nonceRule?: 'required' | 'expected';
  heldSince?: number | null;
  crls?: readonly Buffer[];
}

/** What our own code says to an answer. */
function checked(
  bytes: Uint8Array,
  asked: Question,
  { nonceRule = 'required', heldSince = null, crls = [] }: CheckOptions = {},
) {
  const answer = checkOcsp(
    bytes,
    { ...asked, nonceRule, heldSince },
    {
      trust: trustStore({ anchors: [root.certificate], crls }),
      policy: policyNamed('cong-vu'),
      at: systemClock.now(),
      revocation: 'required',
    },
  );
  return answer.ok ? 'kept' : answer.reason;
}

async function serve(answer: RequestListener): Promise<string> {
  const one = await listening(answer);
  closers.push(one);
  return one.url;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const bytesOf = (answer: Fetched) => {
  expect(answer).toEqual(expect.objectContaining({ outcome: 'fetched' }));
  return (answer as { bytes: Buffer }).bytes;
};

const openssl = requiredTool('openssl', 'asking the OCSP responder of openssl');
const describeWithOpenssl = openssl ? describe : describe.skip;

describeWithOpenssl('openssl as responder', () => {
  const start = async (over: Partial<Parameters<typeof opensslResponder>[0]> = {}) => {
    const running = await opensslResponder({
      openssl: openssl as string,
      authority: root,
      responder: good,
      good: [signer],
      revoked: [withdrawn],
      ...over,
    });
    closers.push(running);
    return running.url;
  };

  test('understands the question and repeats the nonce, for a good certificate and a revoked one', async () => {
    const url = await start();
    for (const target of [signer, withdrawn]) {
      const asked = question(target);
      expect(checked(bytesOf(await client()(url, asked)), asked)).toBe('kept');
    }
  });

  test('an answer to another question is not taken: the nonce is ours', async () => {
    const url = await start();
    const bytes = bytesOf(await client()(url, question()));
    expect(checked(bytes, question())).toBe('nonce-wrong');
  });

  test('a responder whose certificate no authority made is refused', async () => {
    const stranger = responder([ext.noCheck()], rootAuthority(NOW, 'Gốc lạ'));
    const asked = question();
    const url = await start({ responder: stranger });
    expect(checked(bytesOf(await client()(url, asked)), asked)).toBe('responder-not-authorised');
  });

  test('a certificate that the responder does not know has no status', async () => {
    const url = await start({ good: [] });
    const asked = question();
    expect(checked(bytesOf(await client()(url, asked)), asked)).toBe('status-unknown');
  });

  test('openssl reads our request as we mean it', () => {
    const asked = question(signer, Buffer.from('00112233445566778899aabbccddeeff', 'hex'));
    const file = join(mkdtempSync(join(tmpdir(), 'truc-ocsp-')), 'request.der');
    writeFileSync(file, ocspRequest(asked));
    const text = execFileSync(openssl as string, ['ocsp', '-reqin', file, '-req_text'], { encoding: 'utf8' });
    rmSync(dirname(file), { recursive: true });
    expect(text).toContain('041000112233445566778899AABBCCDDEEFF');
    expect(text.toLowerCase()).toContain(asked.certificate.number);
  });
});

describe('responders that mean harm, or are broken', () => {
  const answer = (request: Partial<OcspRequest> = {}) =>
    ocspResponse({
      target: signer,
      issuer: root,
      signer: good,
      thisUpdate: systemClock.now() - 60_000,
      certificates: [(request.signer ?? good).certificate],
      ...request,
    });
  const asked = question();
  const { nonce } = asked;

  test.each([
    ['the nonce of an earlier answer', { nonce: randomBytes(16) }, 'nonce-wrong'],
    ['a nonce cut short', { nonce: nonce.subarray(0, 8) }, 'nonce-wrong'],
    ['no nonce', {}, 'nonce-missing'],
    ['an old answer with our nonce', { nonce, thisUpdate: NOW - 9 * DAY }, 'stale'],
    ['an answer from tomorrow', { nonce, thisUpdate: NOW + DAY }, 'stale'],
    ['another certificate', { nonce, target: withdrawn }, 'missing'],
    ['another key', { nonce, signer: { ...good, key: keyOf('p256', 'other') } }, 'signature-wrong'],
    ['a weak digest', { nonce, digest: 'sha1' }, 'weak-signature'],
  ] as [string, Partial<OcspRequest>, string][])('%s', (_, request, reason) => {
    expect(checked(answer(request), asked)).toBe(reason);
  });

  test('where a nonce is only expected, an answer without one counts until its end, and never before a newer one', () => {
    const expected = { nonceRule: 'expected' as const };
    expect(checked(answer(), asked, expected)).toBe('kept');
    expect(checked(answer(), asked, { ...expected, heldSince: systemClock.now() })).toBe('older-than-held');
    expect(checked(answer({ nextUpdate: null }), asked, expected)).toBe('nonce-missing');
    expect(checked(answer({ nonce: randomBytes(16) }), asked, expected)).toBe('nonce-wrong');
  });

  test('a responder that may be revoked itself rests on the lists at hand', () => {
    const checkable = responder([]);
    const bytes = answer({ nonce, signer: checkable });
    expect(checked(bytes, asked)).toBe('responder-not-authorised');
    const clean = revocationList({ issuer: root, thisUpdate: NOW - DAY });
    expect(checked(bytes, asked, { crls: [clean] })).toBe('kept');
    const entries = [{ party: checkable, at: NOW - 2 * DAY }];
    const revoked = revocationList({ issuer: root, thisUpdate: NOW - DAY, entries });
    expect(checked(bytes, asked, { crls: [revoked] })).toBe('responder-not-authorised');
  });

  test('refusals are told by their names, and octets that are nothing at all', () => {
    expect(checked(Buffer.from('30030a0103', 'hex'), asked)).toBe('try-later');
    expect(checked(Buffer.from('30030a0106', 'hex'), asked)).toBe('unauthorized');
    for (const bytes of ['', '30', '30030a0100', 'ffffffff', '308000000000'])
      expect(checked(Buffer.from(bytes, 'hex'), asked)).toBe('not-an-ocsp-response');
  });

  test('a critical extension beside the nonce is not skipped', () => {
    const more = extension('1.2.3.4', true, Buffer.from('0500', 'hex'));
    expect(checked(answer({ nonce, more: [more] }), asked)).toBe('malformed');
  });

  test('a page instead of an answer, silence, and no end', async () => {
    const page = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<p>');
    });
    expect(await client()(page, asked)).toMatchObject({ outcome: 'failed', reason: 'content-type' });
    const silent = await serve(() => undefined);
    expect(await client(100)(silent, asked)).toMatchObject({ outcome: 'failed', reason: 'timeout' });
    const endless = await serve((request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': 'application/ocsp-response' });
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(64 * 1024)));
      };
      response.on('drain', more);
      more();
    });
    expect(await client()(endless, asked)).toMatchObject({ outcome: 'failed', reason: 'too-large' });
  });

  test('a server that takes no POST is asked by GET', async () => {
    const seen: string[] = [];
    const url = await serve(async (request, response) => {
      const body = await bodyOf(request);
      seen.push(`${request.method} ${request.method === 'GET' ? request.url : body.toString('base64')}`);
      if (request.method === 'POST') response.writeHead(405).end();
      else response.writeHead(200, { 'content-type': 'application/ocsp-response' }).end(answer({ nonce }));
    });
    expect(checked(bytesOf(await client()(`${url}/ocsp/`, asked)), asked)).toBe('kept');
    const request = ocspRequest(asked).toString('base64');
    expect(seen).toEqual([`POST ${request}`, `GET /ocsp/${encodeURIComponent(request)}`]);
  });
});
