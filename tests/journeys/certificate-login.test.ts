import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { configFrom } from '../../src/app/index.ts';
import { bindFile, endBinding, lockPerson } from '../../src/exchange/index.ts';
import { sha256Hex } from '../../src/kernel/index.ts';
import { officialName, sealName, staffName, toPem } from '../../src/lab/index.ts';
import { type World, world } from '../world.ts';

const COMMUNE = 'H53.32.30';
const PAGES = 'https://truc.example.gov.vn';
const BY_CERTIFICATE = `${PAGES}:8443/login/certificate`;
const SECRET = 'x'.repeat(32);
const SETTINGS = {
  PUBLIC_URL: PAGES,
  LOGIN_CERTIFICATE_URL: BY_CERTIFICATE,
  LOGIN_CERTIFICATE_SECRET: SECRET,
};
let axis: World;

beforeAll(async () => {
  axis = await world({ ...SETTINGS, TRUSTED_PROXIES: '127.0.0.0/8' });
}, 60_000);
afterAll(() => axis.stop());

const der = (name: string): Buffer => axis.demo.pki.entity(name).certificate;
const field = (bytes: Buffer) => `:${bytes.toString('base64')}:`;
const clerk = () => staffName('clerk', COMMUNE);
const personOf = (role: string) =>
  axis.credentials.people.find((one) => one.role === role && one.agency === COMMUNE);

/** What a proxy hands on: the address of the connection is this machine's. */
async function shown(headers: [string, string][] | Record<string, string>, of: World = axis) {
  const url = `${of.demo.localUrl}/login/certificate?next=/work`;
  const answer = await fetch(url, { headers: { accept: 'text/html', 'truc-proxy-secret': SECRET, ...Object.fromEntries(Object.entries(headers)) }, redirect: 'manual' });
  const text = await answer.text();
  const [session = ''] = answer.headers.getSetCookie().filter((one) => one.startsWith('__Host-truc='));
  return { status: answer.status, to: answer.headers.get('location'), session: session.split(';')[0] ?? '', text };
} // biome-ignore format: one call

describe('login by certificate', () => {
  test('who shows the certificate that is bound to them is logged in, and goes on with the pages', async () => {
    for (const value of [field(der(clerk())), encodeURIComponent(toPem('CERTIFICATE', der(clerk())))]) {
      const answer = await shown({ 'client-cert': value });
      expect([answer.status, answer.to]).toEqual([303, `${PAGES}/work`]);
      const page = await fetch(`${axis.demo.localUrl}/work`, { headers: { cookie: answer.session } });
      expect([page.status, (await page.text()).includes(personOf('clerk')?.name as string)]).toEqual([200, true]);
    }
    const to = (path: string) => fetch(`${axis.demo.localUrl}${path}`, { headers: { accept: 'text/html' }, redirect: 'manual' });
    expect(await (await to('/login?next=/work')).text()).toContain('href="/login/by-certificate?next=%2Fwork"');
    expect((await to('/login/by-certificate?next=/work')).headers.get('location')).toBe(`${BY_CERTIFICATE}?next=%2Fwork`);
    const elsewhere = await to('/login/by-certificate?next=//example.vn');
    expect(elsewhere.headers.get('location')).not.toContain('example.vn%2F');
    expect(elsewhere.headers.get('location')).toMatch(/\?next=%2F[a-z]*$/);
  }, 60_000); // biome-ignore format: one call

  test('no certificate, two, none that reads, of nobody’s authority, of a seal, of nobody: each is refused, and nobody is logged in', async () => {
    const cut = der(clerk()).subarray(0, 200);
    const flipped = Buffer.from(der(clerk()));
    flipped[flipped.length - 5] = (flipped.at(-5) as number) ^ 1;
    const cases: [Record<string, string>, string][] = [
      [{ 'client-cert': field(der(clerk())), 'truc-proxy-secret': '' }, 'not-from-a-proxy'],
      [{ 'client-cert': field(der(clerk())), 'truc-proxy-secret': `${SECRET}x` }, 'not-from-a-proxy'],
      [{}, 'no-certificate'],
      [{ 'client-cert': '' }, 'no-certificate'],
      [{ 'client-cert': `${field(der(clerk()))}, ${field(der(clerk()))}` }, 'no-certificate'],
      [{ 'client-cert': '%E0%A4%A' }, 'no-certificate'],
      [{ 'client-cert': ':!!:' }, 'no-certificate'],
      [{ 'client-cert': `:${'A'.repeat(15_000)}:` }, 'signing.certificate-refused'],
      [{ 'client-cert': field(cut) }, 'signing.certificate-refused'],
      [{ 'client-cert': field(flipped) }, 'signing.certificate-refused'],
      [{ 'client-cert': field(der(sealName(COMMUNE))) }, 'not-bound'],
    ];
    for (const [headers, cause] of cases) {
      const answer = await shown(headers);
      expect([answer.status, answer.session, answer.text.includes(cause)]).toEqual([403, '', true]);
    }
  }, 60_000);

  test('a binding that has ended, one of two persons, and a locked person open nothing', async () => {
    const x = axis.demo.stations;
    const deputy = staffName('deputy', COMMUNE);
    const [held] = await x.bindings.of(sha256Hex(der(deputy)));
    if (!held) throw new TypeError('the deputy has no certificate');
    await endBinding(held, 'test', x);
    expect((await shown({ 'client-cert': field(der(deputy)) })).text).toContain('not-bound');

    const twice = { agencyId: held.agencyId, certificate: der(clerk()), title: 'Văn thư', validFrom: '2026-02-01T00:00:00.000Z', validTo: null };
    await bindFile({ ...twice, personId: personOf('specialist')?.personId as string }, 'test', x);
    expect((await shown({ 'client-cert': field(der(clerk())) })).text).toContain('not-bound');

    await lockPerson(personOf('leader')?.personId as string, 'command-line', x);
    expect((await shown({ 'client-cert': field(der(officialName(COMMUNE))) })).text).toContain('locked');
  }, 60_000); // biome-ignore format: one value
});

test('nobody’s word counts but a trusted proxy’s, and the settings say when they do not fit', async () => {
  const other = await world({ ...SETTINGS, TRUSTED_PROXIES: '10.1.2.3' });
  try {
    const forged = await shown({ 'client-cert': field(other.demo.pki.entity(clerk()).certificate) }, other);
    expect([forged.status, forged.session, forged.text.includes('not-from-a-proxy')]).toEqual([
      403,
      '',
      true,
    ]);
  } finally {
    await other.stop();
  }
  const config = (more: Record<string, string>) => () =>
    configFrom({ DATA: '/nowhere', TRUSTED_PROXIES: '10.1.2.3', ...SETTINGS, ...more }, true);
  expect(config({})().certificateLogin).toEqual({ url: BY_CERTIFICATE, secret: SECRET });
  const wrongs: Record<string, string>[] = [
    { LOGIN_CERTIFICATE_URL: 'https://cert.example.gov.vn/login/certificate' },
    { LOGIN_CERTIFICATE_URL: `${PAGES}:8443/` },
    { LOGIN_CERTIFICATE_URL: 'http://truc.example.gov.vn:8443/login/certificate' },
    { TRUSTED_PROXIES: '' },
  ];
  for (const wrong of wrongs) expect(config(wrong)).toThrow('LOGIN_CERTIFICATE_URL');
  expect(config({ LOGIN_CERTIFICATE_SECRET: 'short' })).toThrow('LOGIN_CERTIFICATE_SECRET');
}, 60_000);
