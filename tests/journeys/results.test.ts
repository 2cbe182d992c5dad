import { createHash, createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ConsentAnswerSchema, ResultsSchema } from '../../src/api/openapi-results.ts';
import { verifyEvidence } from '../../src/evidence/index.ts';
import { sha256Hex } from '../../src/kernel/index.ts';
import { lettered } from '../builders/letter-envelope.ts';
import { sample, type World, world } from '../world.ts';

const COMMUNE = 'H53.32.29';
const CASE = '000.29.32.H53-261120-0007';
const PURPOSE = '2.000635';
const HOLDER = randomBytes(32).toString('base64url');
const SECRET = 'portal-secret';
let axis: World;
let pdf: Buffer;
let sent: { documentId: string; bytes: Buffer };

beforeAll(async () => {
  axis = await world();
  pdf = sample(axis, '01-xa-gui-bo.pdf');
  for (const clientId of ['cong-dvc', 'cong-khac'])
    await axis.demo.stores.clients.put({
      ...{ clientId, name: clientId, secretSha256: sha256Hex(SECRET), agencyIds: [] },
      ...{ scopes: ['consents'], disabledAt: null },
    });
  sent = await send(CASE);
}, 120_000);
afterAll(async () => {
  await axis.audit();
  await axis.stop();
});

async function send(caseNumber: string) {
  const { bytes } = lettered(COMMUNE, ['H53'], pdf);
  const answer = await submit(bytes, tagged(caseNumber));
  const { documentId } = (await answer.json()) as { documentId: string };
  return { documentId, bytes };
}

const tagged = (caseNumber: string, more: Record<string, string> = {}) => ({
  'Truc-Result-Procedure': '1.004227',
  'Truc-Result-Case': caseNumber,
  'Truc-Result-Holders': HOLDER,
  ...more,
});

const submit = (bytes: Buffer, headers: Record<string, string>) =>
  axis.fetch(COMMUNE, '/v1/documents', {
    method: 'POST',
    headers: { 'content-type': 'application/xml', ...headers },
    body: new Uint8Array(bytes),
  });

async function token(clientId: string, secret: string): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: secret,
  });
  const answer = await fetch(`${axis.url}/oauth/token`, { method: 'POST', body });
  return ((await answer.json()) as { access_token: string }).access_token;
}

async function post(path: string, body: object, clientId = 'cong-dvc') {
  const authorization = `Bearer ${await token(clientId, SECRET)}`;
  const headers = { authorization, 'content-type': 'application/json' };
  return fetch(`${axis.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function consentFor(agency: string, changes: object = {}): Promise<string> {
  const answer = await post('/v1/consents', { agency, caseNumber: CASE, purpose: PURPOSE, ...changes });
  expect(answer.status).toBe(201);
  return ConsentAnswerSchema.strict().parse(await answer.json()).consent;
}

async function look(agency: string, consent: string | null, path = CASE, purpose = PURPOSE) {
  const headers: Record<string, string> = consent === null ? {} : { 'Truc-Consent': consent };
  const answer = await axis.fetch(agency, `/v1/results/${path}?purpose=${purpose}`, { headers });
  return { status: answer.status, body: (await answer.json()) as { code?: string } };
}

const refused = async (...args: Parameters<typeof look>) => {
  const { status, body } = await look(...args);
  return [status, body.code];
};

describe('a result', () => {
  test('is found by its case, with its verdict, holders and a receipt that verifies offline', async () => {
    const { status, body } = await look('G09', await consentFor('G09'));
    expect(status).toBe(200);
    const { results } = ResultsSchema.strict().parse(body);
    expect(results).toMatchObject([
      {
        ...{ documentId: sent.documentId, procedure: '1.004227', caseNumber: CASE, holders: [HOLDER] },
        sender: { code: COMMUNE },
        ...{ standing: 'in-force', verification: { indication: 'TOTAL_PASSED' } },
        files: [{ sha256: sha256Hex(pdf), role: 'main' }],
      },
    ]);
    const receipt = results[0]?.receipt;
    expect(receipt?.disclosures.map((one) => one.name).sort()).toEqual(
      ['case', 'file:0', 'holders', 'procedure', 'sender', 'sha256'], // biome-ignore format: a list
    );
    const verdict = await verifyEvidence(Buffer.from(JSON.stringify(receipt)), { vkey: axis.demo.vkey });
    expect(verdict.ok).toBe(true);
  });

  test('is taken in place of the paper, byte for byte', async () => {
    const headers = { 'Truc-Consent': await consentFor('G09') };
    const path = `/v1/results/${CASE}/documents/${sent.documentId}/files/0?purpose=${PURPOSE}`;
    const answer = await axis.fetch('G09', path, { headers });
    expect(Buffer.from(await answer.arrayBuffer()).equals(pdf)).toBe(true);
    const missing = await axis.fetch('G09', path.replace('files/0', 'files/7'), { headers });
    expect(missing.status).toBe(404);
  });

  test('its parties see the tag; the same bytes with the same tag are a repeat, with another a conflict', async () => {
    const view = (await (await axis.fetch('H53', `/v1/documents/${sent.documentId}`)).json()) as object;
    expect(view).toMatchObject({ result: { procedure: '1.004227', caseNumber: CASE } });
    expect((await submit(sent.bytes, tagged(CASE))).status).toBe(200);
    const other = await submit(sent.bytes, tagged('000.29.32.H53-261120-0008'));
    expect([other.status, await other.json()]).toMatchObject([409, { difference: 'result' }]);
    expect((await submit(sent.bytes, {})).status).toBe(409);
  });

  test.each([
    ['case', tagged('H53-1')],
    ['case of no day', tagged('000.29.32.H53-261332-0001')],
    ['procedure', tagged(CASE, { 'Truc-Result-Procedure': '1.42' })],
    ['a name in place of a commitment', tagged(CASE, { 'Truc-Result-Holders': 'Nguyen Van A' })],
    ['nine holders', tagged(CASE, { 'Truc-Result-Holders': Array(9).fill(HOLDER).join(',') })],
    ['case alone', { 'Truc-Result-Case': CASE }],
  ])('with a malformed tag is refused: %s', async (_, headers) => {
    const answer = await submit(lettered(COMMUNE, ['H53'], pdf).bytes, headers);
    expect([answer.status, await answer.json()]).toMatchObject([422, { code: 'intake.result-malformed' }]);
  });

  test('recalled is told and not handed out', async () => {
    const caseNumber = '000.29.32.H53-261120-0009';
    const { documentId } = await send(caseNumber);
    const consent = await consentFor('G09', { caseNumber });
    await axis.fetch(COMMUNE, `/v1/documents/${documentId}/recall`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'cấp nhầm' }),
    });
    const { body } = await look('G09', consent, caseNumber);
    expect(ResultsSchema.parse(body).results).toMatchObject([{ standing: 'recalled', files: [] }]);
    const path = `/v1/results/${caseNumber}/documents/${documentId}/files/0?purpose=${PURPOSE}`;
    const file = await axis.fetch('G09', path, { headers: { 'Truc-Consent': consent } });
    expect([file.status, await file.json()]).toMatchObject([409, { code: 'exchange.result-recalled' }]);
  });
});

describe('a consent', () => {
  test('missing, forged, or of something else opens nothing', async () => {
    const consent = await consentFor('G09');
    const [head, body, signature = ''] = consent.split('.');
    const turned = `${head}.${body}.${signature[0] === 'A' ? 'B' : 'A'}${signature.slice(1)}`;
    expect(await refused('G09', null)).toEqual([403, 'exchange.consent-missing']);
    for (const forged of [turned, 'x', 'a.b.c', 'A'.repeat(5_000), await token('cong-dvc', SECRET)])
      expect(await refused('G09', forged)).toEqual([403, 'exchange.consent-invalid']);
    const access = await fetch(`${axis.url}/v1/inbox`, { headers: { authorization: `Bearer ${consent}` } });
    expect(access.status).toBe(401);
  });

  test('is for one agency, one case and one procedure', async () => {
    const consent = await consentFor('G09');
    expect(await refused('H41', consent)).toEqual([403, 'exchange.consent-not-yours']);
    expect(await refused('G09', consent, '000.29.32.H53-261120-0001')).toEqual([
      403,
      'exchange.consent-other-use',
    ]);
    expect(await refused('G09', consent, CASE, '1.004227')).toEqual([403, 'exchange.consent-other-use']);
    expect((await look('G09', consent, CASE, '')).status).toBe(403);
  });

  test('for a case without a result is given all the same, and finds nothing', async () => {
    const caseNumber = '000.29.32.H53-261120-9999';
    const consent = await consentFor('G09', { caseNumber });
    expect(await refused('G09', consent, caseNumber)).toEqual([404, 'exchange.result-unknown']);
  });

  test('is revoked at once, by the system that asked for it alone', async () => {
    const consent = await consentFor('G09');
    expect((await look('G09', consent)).status).toBe(200);
    expect((await post('/v1/consents/revoke', { consent }, 'cong-khac')).status).toBe(403);
    for (let twice = 0; twice < 2; twice++)
      expect((await post('/v1/consents/revoke', { consent })).status).toBe(200);
    expect(await refused('G09', consent)).toEqual([403, 'exchange.consent-revoked']);
  });

  test('is given by systems that may, for agencies, cases and times that are some', async () => {
    const order = { agency: 'G09', caseNumber: CASE, purpose: PURPOSE };
    const statuses = [
      await post('/v1/consents', { ...order, agency: 'G99' }),
      await post('/v1/consents', { ...order, caseNumber: 'x' }),
      await post('/v1/consents', { ...order, purpose: 'x' }),
      await post('/v1/consents', { ...order, lifetime: 1 }),
      await axis.fetch('G09', '/v1/consents', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(order),
      }),
    ].map((answer) => answer.status);
    expect(statuses).toEqual([404, 422, 422, 400, 403]);
  });

  test('leaves entries without a word of the citizen or the case, each use once', async () => {
    const consent = await consentFor('G09');
    for (let twice = 0; twice < 2; twice++) await look('G09', consent);
    const { jti } = JSON.parse(Buffer.from(consent.split('.')[1] ?? '', 'base64url').toString());
    const events = await axis.demo.stations.events.of(jti as string);
    expect(events.map((one) => one.type)).toEqual(['consent.given', 'consent.used']);
    expect(events.every((one) => one.place !== null)).toBe(true);
    expect(JSON.stringify(events.map((one) => one.facts))).not.toContain(CASE);
    expect(events[1]?.facts).toEqual({ agency: 'G09', documentId: sent.documentId });
  });
});

test('an expired consent is told from a forged one', async () => {
  const { tokenService } = await import('../../src/api/index.ts');
  const { generateKeyPairSync } = await import('node:crypto');
  const { demandConsent } = await import('../../src/exchange/consents.ts');
  const { privateKey } = generateKeyPairSync('ed25519');
  const tokens = tokenService({
    ...{ clients: axis.demo.stores.clients, key: privateKey, audience: axis.url },
    clock: axis.demo.stations.clock,
    ...{ limiter: axis.demo.stores.rates, rates: { submissions: 0, requests: 0 } },
  });
  const agency = await axis.demo.stations.agencies.resolve('G09', Date.now());
  const past = {
    ...{ consentId: 'c', agency: 'G09', agencyId: agency?.id ?? '', caseNumber: CASE, purpose: PURPOSE },
    ...{ givenBy: 'cong-dvc', expiresAt: '2026-01-01T00:00:00.000Z', ledgerDoc: 'd', ledgerKey: 'k' },
  };
  const read = await tokens.consents.read(await tokens.consents.sign(past));
  expect(read).toEqual(past);
  const caller = { clientId: 'x', agencyIds: [agency?.id ?? ''], scopes: ['inbox' as const] };
  await expect(
    demandConsent(read, { caseNumber: CASE, purpose: PURPOSE }, caller, axis.demo.stations),
  ).rejects.toMatchObject({ code: 'exchange.consent-expired' });
});

test('the example of docs/results.md does what it says', async () => {
  const text = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'results.md'), 'utf8');
  const code = /```js\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
  const scope = {
    ...{ url: axis.url, randomBytes, createHmac, createHash, fetch, Buffer },
    edxml: new Uint8Array(lettered(COMMUNE, ['H53'], pdf).bytes),
    commune: await tokenOf(COMMUNE),
    ministry: await tokenOf('G09'),
    portal: await token('cong-dvc', SECRET),
  };
  const run = new Function(...Object.keys(scope), `return (async () => {${code}})()`) as (
    ...values: unknown[]
  ) => Promise<object>;
  expect(await run(...Object.values(scope))).toEqual({ same: true, stands: true, proven: true });
});

async function tokenOf(code: string): Promise<string> {
  const found = axis.credentials.agencies.find((one) => one.code === code);
  return token(found?.clientId ?? '', found?.clientSecret ?? '');
}
