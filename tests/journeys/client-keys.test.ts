import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type JWTPayload, SignJWT } from 'jose';
import { clientKeys } from '../../src/cli/client-keys.ts';
import { connect } from '../../src/cli/connection.ts';
import { trucClient } from '../../src/client/index.ts';
import { newId } from '../../src/kernel/index.ts';
import { type World, world } from '../world.ts';

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const PAIRS = {
  EdDSA: generateKeyPairSync('ed25519'),
  ES256: generateKeyPairSync('ec', { namedCurve: 'prime256v1' }),
  ES384: generateKeyPairSync('ec', { namedCurve: 'secp384r1' }),
  PS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
};
const pem = (key: KeyObject) => Buffer.from(key.export({ type: 'spki', format: 'pem' }));
const now = () => Math.floor(Date.now() / 1_000);

let axis: World;
beforeAll(async () => {
  axis = await world();
  const { stores } = axis.demo;
  const agencies = await stores.agencies.list({ limit: 1 });
  const keys = Object.values(PAIRS).flatMap(({ publicKey }) => clientKeys(pem(publicKey), 'key.pem'));
  await stores.clients.put({
    clientId: 'qlvb-khoa',
    name: 'QLVB có khóa',
    secretSha256: '',
    keys,
    agencyIds: agencies.agencies.map(({ id }) => id),
    scopes: ['inbox'],
    disabledAt: null,
  });
});
afterAll(() => axis.stop());

interface Told {
  claims?: JWTPayload;
  key?: KeyObject;
  alg?: string;
  also?: Record<string, string>;
}

async function assertion({
  claims = {},
  key = PAIRS.EdDSA.privateKey,
  alg = 'EdDSA',
}: Told): Promise<string> {
  const usual = { iss: 'qlvb-khoa', sub: 'qlvb-khoa', aud: axis.url, jti: newId(), exp: now() + 60 };
  const kid = clientKeys(pem(PAIRS.EdDSA.publicKey), 'key.pem')[0]?.kid as string;
  return new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg, kid }).sign(key);
}

async function ask(client_assertion: string, also: Record<string, string> = {}) {
  const form = { grant_type: 'client_credentials', client_assertion_type: TYPE, client_assertion, ...also };
  const answer = await fetch(`${axis.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) });
  return { status: answer.status, body: (await answer.json()) as Record<string, string> };
}

describe('a system that proves itself by its key (RFC 7523)', () => {
  test.each(Object.keys(PAIRS) as (keyof typeof PAIRS)[])('our client gets in with %s', async (alg) => {
    const client = trucClient({ url: axis.url, clientId: 'qlvb-khoa', clientKey: PAIRS[alg].privateKey });
    expect(await client.inbox()).toEqual([]);
  });

  test('the token is like any other; the assertion counts once', async () => {
    const one = await assertion({});
    expect(await ask(one)).toMatchObject({ status: 200, body: { token_type: 'Bearer', scope: 'inbox' } });
    expect(await ask(one)).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect((await ask(await assertion({ claims: { aud: `${axis.url}/oauth/token` } }))).status).toBe(200);
  });

  const other = generateKeyPairSync('ed25519').privateKey;
  test.each<[string, () => Told]>([
    ['of another key', () => ({ key: other })],
    ['of another system', () => ({ claims: { iss: 'qlvb-h41', sub: 'qlvb-h41' } })],
    ['whose issuer is not its subject', () => ({ claims: { iss: 'qlvb-h41' } })],
    ['for another axis', () => ({ claims: { aud: 'https://truc.example.vn' } })],
    ['that is over', () => ({ claims: { exp: now() - 60 } })],
    ['that lives for an hour', () => ({ claims: { exp: now() + 3_600 } })],
    ['that begins tomorrow', () => ({ claims: { nbf: now() + 86_400 } })],
    ['without a jti', () => ({ claims: { jti: '' } })],
    ['without an end', () => ({ claims: { exp: undefined as never } })],
    ['beside a secret', () => ({ also: { client_secret: 'x' } })],
  ])('one %s is refused', async (_what, told) => {
    const order = told();
    expect(await ask(await assertion(order), order.also)).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
  });

  test('one that is signed with a public key as a secret, or not at all, is refused', async () => {
    const claims = { iss: 'qlvb-khoa', sub: 'qlvb-khoa', aud: axis.url, jti: newId(), exp: now() + 60 };
    const secret = pem(PAIRS.PS256.publicKey);
    const confused = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(secret);
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const bad of [confused, `${part({ alg: 'none' })}.${part(claims)}.`, 'x', 'a.b.c'])
      expect((await ask(bad)).status).toBe(401);
  });

  test('such a system has no secret, not even an empty one', async () => {
    for (const client_secret of ['', 'x']) {
      const form = { grant_type: 'client_credentials', client_id: 'qlvb-khoa', client_secret };
      const answer = await fetch(`${axis.url}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams(form),
      });
      expect(answer.status).toBe(401);
    }
  });
});

describe('keys that may be registered', () => {
  const jwk = PAIRS.ES256.publicKey.export({ format: 'jwk' });
  const read = (value: object | string) =>
    clientKeys(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), 'key');

  test('a set keeps its names and nothing else; a key without one is named by its thumbprint', () => {
    expect(read({ keys: [{ ...jwk, kid: 'a', use: 'sig', note: 'x' }] })).toEqual([{ ...jwk, kid: 'a' }]);
    // RFC 8037 appendix A.3
    const x = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
    expect(read({ kty: 'OKP', crv: 'Ed25519', x })).toEqual([
      { kty: 'OKP', crv: 'Ed25519', x, kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k' },
    ]);
  });

  test.each<[string, () => object | string]>([
    ['a private key', () => String(PAIRS.EdDSA.privateKey.export({ type: 'pkcs8', format: 'pem' }))],
    ['a private JWK', () => PAIRS.ES256.privateKey.export({ format: 'jwk' })],
    ['a secret', () => ({ kty: 'oct', k: 'AAAA' })],
    ['a short RSA key', () => generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' })],
    ['another curve', () => generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey.export({ format: 'jwk' })],
    ['an empty set', () => ({ keys: [] })],
    ['what is no key', () => 'x'],
    ['what is no JSON', () => '{'],
  ])('%s may not', (_what, value) => {
    expect(() => read(value())).toThrow(expect.objectContaining({ code: 'cli.key-unusable' }));
  }); // biome-ignore format: one key a line

  test('a command reads the key that its credentials file names, from beside it', async () => {
    writeFileSync(
      join(axis.dataDir, 'own.pem'),
      PAIRS.ES384.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    );
    const credentials = join(axis.dataDir, 'own.json');
    const own = { url: axis.url, clientId: 'qlvb-khoa', clientKeyFile: 'own.pem' };
    writeFileSync(credentials, JSON.stringify(own));
    expect(await connect({ credentials }).inbox()).toEqual([]);
    writeFileSync(credentials, JSON.stringify({ ...own, clientKeyFile: 'none.pem' }));
    expect(() => connect({ credentials })).toThrow(expect.objectContaining({ code: 'cli.unreadable' }));
  });
});
