import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Person } from '../../src/agency/index.ts';
import { pathOfOurs } from '../../src/api/login-state.ts';
import { lockPerson } from '../../src/exchange/index.ts';
import { sha256Hex } from '../../src/kernel/index.ts';
import { type Walker, walker } from '../builders/browser-walk.ts';
import { type TestProvider, testProvider } from '../builders/identity-provider.ts';
import { type PeopleGate, peopleGate } from '../builders/people-gate.ts';
import { aGrant, aPerson } from '../builders/records.ts';

// The provider judges by the machine's clock.
const START = Date.now();
const MINUTE = 60_000;

// The provider warns that it is set up for tests.
for (const method of ['info', 'warn'] as const) jest.spyOn(console, method).mockImplementation(() => {});

describe('with an OpenID Connect provider', () => {
  let provider: TestProvider;
  let axis: PeopleGate;
  let clerk: Person;
  let browser: Walker;

  beforeAll(async () => {
    provider = await testProvider();
    axis = await peopleGate(provider, START);
    clerk = aPerson({ subject: { issuer: provider.issuer, sub: 'văn.thư' }, grants: [aGrant()] });
    await axis.stores.persons.put(clerk);
  });

  beforeEach(() => {
    browser = walker();
    axis.clock.set(START);
  });

  afterAll(async () => {
    await axis.close();
    await provider.close();
  });

  /** Logs in at the provider, from whatever page led there. */
  async function logIn(start: string, login = 'văn.thư') {
    const form = await browser.get(start);
    expect(form.url).toMatch(new RegExp(`^${provider.issuer}/interaction/`));
    const consent = await browser.post(form.url, { prompt: 'login', login, password: 'x' });
    return browser.post(consent.url, { prompt: 'consent' });
  }

  test('whoever opens a page logs in at the provider and comes to that page, with its query', async () => {
    const page = await logIn(`${axis.url}/clerks?q=412/SKHCN&state=failed`);
    expect(page.url).toBe(`${axis.url}/clerks?q=412/SKHCN&state=failed`);
    expect(JSON.parse(page.text)).toMatchObject({ name: clerk.name, agencies: [clerk.grants[0]?.agencyId] });
    expect(page.headers.get('cache-control')).toBe('no-store');
  });

  test('the store knows the session by its hash only, and every login makes a new one and ends the old', async () => {
    await logIn(`${axis.url}/all`);
    const first = browser.cookies.get('truc') as string;
    expect(first).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(await axis.stores.sessions.find(first)).toBeNull();
    expect(await axis.stores.sessions.find(sha256Hex(first))).toMatchObject({ personId: clerk.personId });
    await browser.get(`${axis.url}/login?next=/all`);
    const second = browser.cookies.get('truc') as string;
    expect(second).not.toBe(first);
    expect(await axis.stores.sessions.find(sha256Hex(first))).toBeNull();
  });

  test('a stranger hears whom to ask, with what the administrator needs, and has no session', async () => {
    const page = await logIn(`${axis.url}/clerks`, 'người-lạ');
    expect(page.status).toBe(403);
    expect(page.text).toContain('sub: người-lạ');
    expect(page.text).toContain(`issuer: ${provider.issuer}`);
    expect(page.text).toContain('quản trị trục');
    expect(browser.cookies.has('truc')).toBe(false);
  });

  test('a callback of another browser, of another login, or a repeated one logs nobody in', async () => {
    await logIn(`${axis.url}/all`);
    const { url } = browser.trail.find((one) => one.url.includes('/login/callback')) as { url: string };
    const other = walker();
    expect((await other.get(url)).status).toBe(400);
    await other.get(`${axis.url}/login/provider`);
    const mixed = await other.get(url);
    expect([mixed.status, other.cookies.has('truc')]).toEqual([400, false]);
    expect((await browser.get(url)).status).toBe(400);
  });

  test('a login that took longer than ten minutes begins again', async () => {
    const form = await browser.get(`${axis.url}/all`);
    axis.clock.advance(10 * MINUTE + 1_000);
    const consent = await browser.post(form.url, { prompt: 'login', login: 'văn.thư', password: 'x' });
    const page = await browser.post(consent.url, { prompt: 'consent' });
    expect(page.status).toBe(400);
    expect(page.text).toContain('Lượt đăng nhập đã hết hạn');
  });

  test('whoever cancels at the provider reads so', async () => {
    const form = await browser.get(`${axis.url}/all`);
    const page = await browser.get(`${form.url}/abort`);
    expect([page.status, page.text.includes('access_denied')]).toEqual([403, true]);
  });

  test('a provider that is away is a page that says so, and the next login asks it again', async () => {
    const fresh = await peopleGate(provider, START);
    provider.away(true);
    const page = await browser.get(`${fresh.url}/all`);
    expect([page.status, page.headers.get('retry-after')]).toEqual([503, '30']);
    expect(page.text).toContain('Hệ thống xác thực tập trung không trả lời');
    const english = await walker({ 'accept-language': 'en' }).get(`${fresh.url}/login`);
    expect(english.text).toContain('The identity provider does not answer');
    provider.away(false);
    expect((await browser.get(`${fresh.url}/all`)).url).toContain('/interaction/');
    await fresh.close();
    provider.serve(axis.url);
  });

  test('the logout ends the session here and goes on to the provider, which comes back', async () => {
    await logIn(`${axis.url}/clerks`);
    const { csrf } = JSON.parse((await browser.get(`${axis.url}/clerks`)).text) as { csrf: string };
    const id = browser.cookies.get('truc') as string;
    expect((await browser.post(`${axis.url}/logout`, {})).status).toBe(403);
    const page = await browser.post(`${axis.url}/logout`, { csrf: csrf });
    expect(await axis.stores.sessions.find(sha256Hex(id))).toBeNull();
    expect(browser.cookies.has('truc')).toBe(false);
    const onward = new URL((page.headers.get('refresh') as string).replace('0; url=', ''));
    expect(onward.href).toContain(`${provider.issuer}/session/end?`);
    expect(onward.searchParams.get('post_logout_redirect_uri')).toBe(`${axis.url}/logout/done`);
    const question = await browser.get(onward.href);
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(question.text)?.[1] as string;
    const back = await browser.post(`${provider.issuer}/session/end/confirm`, { xsrf, logout: 'yes' });
    expect([back.url.split('?')[0], back.status]).toEqual([`${axis.url}/logout/done`, 200]);
    expect((await browser.get(`${axis.url}/all`)).url).toContain('/interaction/');
  });

  test('where the provider has no logout, the one here is enough', async () => {
    const plain = await testProvider({ endsSessions: false });
    const there = await peopleGate(plain, START);
    await there.stores.persons.put({ ...clerk, subject: { issuer: plain.issuer, sub: 'a' } });
    const form = await browser.get(`${there.url}/clerks`);
    const consent = await browser.post(form.url, { prompt: 'login', login: 'a', password: 'x' });
    const page = await browser.post(consent.url, { prompt: 'consent' });
    const { csrf } = JSON.parse(page.text) as { csrf: string };
    const out = await browser.post(`${there.url}/logout`, { csrf: csrf });
    expect([out.status, out.headers.get('refresh')]).toEqual([200, null]);
    expect(out.text).toContain('Bạn đã đăng xuất');
    await there.close();
    await plain.close();
  });

  describe('a session', () => {
    /** Logs in. @returns whether the session of that login is still open (a browser would be logged in again by its provider) */
    async function opener(): Promise<() => Promise<boolean>> {
      await logIn(`${axis.url}/all`);
      const headers = { cookie: `truc=${browser.cookies.get('truc')}`, accept: 'application/json' };
      return async () => (await fetch(`${axis.url}/all`, { headers })).status === 200;
    }

    test('ends after 30 minutes without a request, not while it is used, and after 10 hours at the latest', async () => {
      const open = await opener();
      for (let minutes = 0; minutes < 590; minutes += 29) {
        expect(await open()).toBe(true);
        axis.clock.advance(29 * MINUTE);
      }
      axis.clock.set(START + 600 * MINUTE - 1_000);
      expect(await open()).toBe(true);
      axis.clock.advance(2_000);
      expect(await open()).toBe(false);
    });

    test('unused for 30 minutes it is over', async () => {
      const open = await opener();
      axis.clock.advance(30 * MINUTE - 1);
      expect(await open()).toBe(true);
      axis.clock.advance(30 * MINUTE);
      expect(await open()).toBe(false);
    });

    test('of a person who is locked ends at once, and nobody comes in as them', async () => {
      const subject = { issuer: provider.issuer, sub: 'khóa' };
      const person = aPerson({ subject });
      await axis.stores.persons.put(person);
      await logIn(`${axis.url}/all`, 'khóa');
      await lockPerson(person.personId, 'command-line', { ...axis.stores, clock: axis.clock });
      expect(await axis.stores.sessions.ofPerson(person.personId)).toEqual([]);
      const page = await browser.get(`${axis.url}/all`);
      expect([page.status, page.text.includes('sub: khóa')]).toEqual([403, true]);
    });

    test('roles count while they are in force, and only those', async () => {
      const until = new Date(START + 5 * MINUTE).toISOString();
      const person = aPerson({
        subject: { issuer: provider.issuer, sub: 'hết-hạn' },
        grants: [aGrant({ validTo: until }), aGrant({ role: 'leader' })],
      });
      await axis.stores.persons.put(person);
      expect((await logIn(`${axis.url}/clerks`, 'hết-hạn')).status).toBe(200);
      axis.clock.advance(5 * MINUTE);
      const page = await browser.get(`${axis.url}/clerks`);
      expect(page.status).toBe(403);
      expect(page.text).toContain('clerk, agency-admin');
      expect((await browser.get(`${axis.url}/all`)).status).toBe(200);
    });

    test('programs get a problem, not a page', async () => {
      const answer = await fetch(`${axis.url}/clerks`, { headers: { accept: 'application/json' } });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        401,
        'application/problem+json; charset=utf-8',
      ]);
      expect(await answer.json()).toMatchObject({ code: 'api.login-needed' });
      await logIn(`${axis.url}/clerks`);
      const cookie = `truc=${browser.cookies.get('truc')}`;
      const asked = await fetch(`${axis.url}/clerks`, { method: 'POST', headers: { cookie } });
      expect([asked.status, ((await asked.json()) as { code: string }).code]).toEqual([403, 'api.csrf']);
    });

    test('a cookie that is not one of ours, two of the same name, or a stranger opens nothing', async () => {
      await logIn(`${axis.url}/all`);
      const id = browser.cookies.get('truc') as string;
      const ask = async (cookie: string) =>
        (await fetch(`${axis.url}/all`, { headers: { cookie, accept: 'application/json' } })).status;
      expect(await ask(`truc=${id}`)).toBe(200);
      for (const cookie of [
        `truc=${id}x`,
        `truc=${id.slice(1)}`,
        `truc=${id}; truc=${id}`,
        'truc=',
        `Truc=${id}`,
      ])
        expect(await ask(cookie)).toBe(401);
    });
  });

  test('what changes something comes from a page of ours and carries the token of the session', async () => {
    await logIn(`${axis.url}/clerks`);
    const { csrf } = JSON.parse((await browser.get(`${axis.url}/clerks`)).text) as { csrf: string };
    const send = async (fields: Record<string, string>, headers: Record<string, string>) =>
      (await browser.post(`${axis.url}/clerks`, fields, headers)).status;
    expect(await send({ csrf: csrf }, {})).toBe(200);
    expect(await send({}, { 'x-csrf-token': csrf })).toBe(200);
    expect(await send({}, {})).toBe(403);
    expect(await send({ csrf: `${csrf.slice(1)}A` }, {})).toBe(403);
    expect(await send({ csrf: csrf }, { origin: 'https://evil.example' })).toBe(403);
    expect(await send({ csrf: csrf }, { origin: 'null' })).toBe(403);
    expect(await send({ csrf: csrf }, { 'sec-fetch-site': 'same-site' })).toBe(403);
    expect(await send({ csrf: csrf }, { 'sec-fetch-site': 'cross-site' })).toBe(403);
  });
});

describe('with the passwords of the demo', () => {
  let axis: PeopleGate;
  let person: Person;
  const right = 'một mật khẩu';

  beforeAll(async () => {
    person = aPerson({ subject: null });
    axis = await peopleGate(null, START, async (name, password) =>
      name === 'vanthu' && password === right ? person.personId : null,
    );
    await axis.stores.persons.put(person);
  });
  afterAll(() => axis.close());

  test('a name and its password open the page that was wanted; a wrong pair says so and keeps the wish', async () => {
    const browser = walker();
    const form = await browser.get(`${axis.url}/clerks?q=1`);
    expect(form.url).toBe(`${axis.url}/login?next=%2Fclerks%3Fq%3D1`);
    const next = /name="next" value="([^"]+)"/.exec(form.text)?.[1] as string;
    const wrong = await browser.post(`${axis.url}/login/demo`, { username: 'vanthu', password: 'x', next });
    expect([wrong.status, wrong.text.includes('Sai tên đăng nhập hoặc mật khẩu')]).toEqual([401, true]);
    expect(wrong.text).toContain(`name="next" value="${next}"`);
    const page = await browser.post(`${axis.url}/login/demo`, { username: 'vanthu', password: right, next });
    expect([page.url, page.status]).toEqual([`${axis.url}/clerks?q=1`, 200]);
  });

  test("another site's form logs nobody in", async () => {
    const fields = { username: 'vanthu', password: right };
    const foreign: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of foreign) {
      const browser = walker();
      expect((await browser.post(`${axis.url}/login/demo`, fields, headers)).status).toBe(403);
      expect(browser.cookies.has('truc')).toBe(false);
    }
  });

  test('guesses of one name are slowed down', async () => {
    const guesses = [];
    for (let i = 0; i < 12; i++)
      guesses.push(
        (await walker().post(`${axis.url}/login/demo`, { username: 'Ai', password: `${i}` })).status,
      );
    expect(guesses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 401));
    expect(guesses.slice(10)).toEqual([429, 429]);
  });
});

test('without any way to log in, the page says what to configure', async () => {
  const axis = await peopleGate(null, START);
  const page = await walker().get(`${axis.url}/clerks`);
  expect([page.status, page.text.includes('TRUC_OIDC_ISSUER')]).toEqual([503, true]);
  expect((await walker().post(`${axis.url}/login/demo`, { username: 'a', password: 'b' })).status).toBe(404);
  await axis.close();
});

test('after a login nobody is sent to another host, or around in a circle', () => {
  for (const good of ['/', '/console?q=1&x=%2F#a', '/văn-bản/1'])
    expect(pathOfOurs(good)).toBe(new URL(good, 'http://x').href.slice('http://x'.length));
  const bad = [
    'https://evil.example/', '//evil.example', '/\\evil.example', '/\t/evil.example', '/a\n', 'console', '',
    'javascript:alert(1)', '/login', '/login?next=/a', '/logout', '/./login', '/..//evil.example', '/.//evil.example',
    `/${'a'.repeat(3_000)}`, undefined, ['/a'], { a: '/b' },
  ]; // biome-ignore format: a list
  for (const one of bad) expect([one, pathOfOurs(one)]).toEqual([one, '/']);
});
