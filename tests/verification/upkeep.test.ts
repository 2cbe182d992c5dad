import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { isoTime, manualClock, silentLog } from '../../src/kernel/index.ts';
import { readCertificate } from '../../src/verification/certificate.ts';
import {
  type Fetched,
  heldAnswers,
  judgePath,
  policyNamed,
  type RevocationShelf,
  sightings,
  type TrustStore,
  trustStore,
  type Upkeep,
  type VerificationContext,
} from '../../src/verification/index.ts';
import { nextAttempt, nextFetch } from '../../src/verification/upkeep/schedule.ts';
import { revocationWorker } from '../../src/workers/index.ts';
import {
  certify,
  crlPoint,
  DAY,
  ext,
  general,
  keyOf,
  type Party,
  rootAuthority,
} from '../builders/forged-pki.ts';
import { ocspResponse, revocationList } from '../builders/forged-revocation.ts';
import { TEST_NOW as NOW } from '../builders/pki.ts';
import { weakRevocation } from '../builders/weak-reviews.ts';

const HOUR = 3_600_000;
const ROOT_LIST = 'http://crl.example/root.crl';
const CA_LIST = 'http://crl.example/ca.crl';
const RESPONDER = 'http://ocsp.example/';
const pointTo = (uri: string) => ext.crlPoints(crlPoint({ uri }));
const authorityAt = (subject: string, issuer: Party, uri: string) =>
  certify(NOW, {
    subject,
    issuer,
    extensions: [ext.ca(), ext.keyUsage(5, 6), pointTo(uri)],
    notBefore: NOW - 5 * DAY,
    notAfter: NOW + 900 * DAY,
  });

const root = rootAuthority(NOW, 'Gốc');
const ca = authorityAt('CA', root, ROOT_LIST);
const stranger = authorityAt('CA lạ', rootAuthority(NOW, 'Gốc lạ'), 'http://evil.example/steal.crl');
const signer = certify(NOW, {
  subject: 'Người ký',
  issuer: ca,
  extensions: [ext.notCa(), ext.keyUsage(0, 1), pointTo(CA_LIST), ext.ocspAt(RESPONDER)],
});

/** What is on the network: by address, a list or how it fails. */
type Network = Map<string, () => Fetched>;

const fetched = (bytes: Buffer): Fetched => ({ outcome: 'fetched', bytes, etag: '"1"', lastModified: null });
const failing = (reason: string, retryAfterMs: number | null = null): Fetched => ({
  outcome: 'failed',
  reason,
  retryAfterMs,
});

let clock: ReturnType<typeof manualClock>;
let network: Network;
let asked: string[];
const workers: { stop(): Promise<void> }[] = [];
let shelf: RevocationShelf;
afterEach(() => Promise.all(workers.splice(0).map((one) => one.stop())));
beforeEach(() => {
  clock = manualClock(NOW);
  asked = [];
  shelf = weakRevocation();
  network = new Map([
    [ROOT_LIST, () => fetched(revocationList({ issuer: root, thisUpdate: clock.now() - HOUR }))],
    [CA_LIST, () => fetched(revocationList({ issuer: ca, thisUpdate: clock.now() - HOUR }))],
  ]);
});

const FOLDERS = trustStore({
  anchors: [root.certificate],
  intermediates: [ca.certificate, stranger.certificate],
});

/** One node of an installation: what it knows, and its worker, driven round by round. */
function node({ mayAsk = true, crlUrls = [] as string[], folders = FOLDERS as TrustStore } = {}) {
  const held = heldAnswers(shelf, silentLog);
  const seen = sightings();
  const context = (): VerificationContext => ({
    trust: held.over(folders),
    policy: policyNamed('cong-vu'),
    at: clock.now(),
    revocation: 'required',
    seen: seen.note,
  });
  const ask = (url: string): Fetched => {
    asked.push(url);
    return network.get(url)?.() ?? failing('ENOTFOUND');
  };
  const upkeep: Upkeep = {
    ...{ shelf, context, clock, random: () => 0.5, log: silentLog },
    fetchCrl: async (url) => ask(url),
    fetchOcsp: async (url) => ask(url),
    everyMs: HOUR,
    nonceRule: 'expected',
  };
  const worker = revocationWorker({
    ...{ held, sightings: seen, crlUrls, log: silentLog },
    upkeep: mayAsk ? upkeep : null,
  });
  workers.push(worker);
  const judged = (party: Party = signer) => {
    const { indication, errors } = judgePath(party.certificate, context());
    return [indication, ...errors];
  };
  return { ...worker, judged, held };
}

async function stateOf(url: string) {
  return (await shelf.states()).find((one) => one.url === url);
}

describe('revocation data are fetched ahead of the verdicts', () => {
  test('those of the authorities at once, those of signers once they were seen; then the signer passes', async () => {
    const axis = node();
    await axis.round();
    expect(asked).toEqual([ROOT_LIST]);
    expect(axis.judged()).toEqual(['INDETERMINATE', 'revocation.missing']);
    await axis.round();
    expect([...asked].sort()).toEqual([CA_LIST, ROOT_LIST, RESPONDER]);
    expect(axis.judged()).toEqual(['TOTAL_PASSED']);
  });

  test('nobody is asked about what has no path to an anchor', async () => {
    const axis = node();
    judgePath(stranger.certificate, {
      trust: FOLDERS,
      policy: policyNamed('cong-vu'),
      at: NOW,
      revocation: 'required',
    });
    await axis.round();
    await axis.round();
    expect(asked.filter((url) => url.includes('evil'))).toEqual([]);
  });

  test('an OCSP answer alone is enough, and one that says revoked counts', async () => {
    network.set(CA_LIST, () => failing('http-404'));
    const answer = (status: 'good' | { revokedAt: number }) => () =>
      fetched(
        ocspResponse({ target: signer, issuer: ca, signer: ca, thisUpdate: clock.now() - HOUR, status }),
      );
    network.set(RESPONDER, answer('good'));
    const axis = node();
    await axis.round();
    axis.judged();
    await axis.round();
    expect(axis.judged()).toEqual(['TOTAL_PASSED']);
    network.set(RESPONDER, answer({ revokedAt: NOW - DAY }));
    clock.advance(2 * HOUR);
    await axis.round();
    expect(axis.judged()).toEqual(['INDETERMINATE', 'revocation.revoked']);
  });

  test('addresses that the operator names are asked too', async () => {
    const named = 'http://mirror.example/ca.crl';
    network.set(named, () => fetched(revocationList({ issuer: ca, thisUpdate: NOW - HOUR })));
    const axis = node({ crlUrls: [named] });
    await axis.round();
    expect(axis.judged()).toEqual(['TOTAL_PASSED']);
  });

  test('a list is fetched again before it ends, and there is no moment without one', async () => {
    const axis = node();
    await axis.round();
    axis.judged();
    for (let hour = 0; hour < 24 * 20; hour += 6) {
      clock.advance(6 * HOUR);
      await axis.round();
      expect(axis.judged()).toEqual(['TOTAL_PASSED']);
    }
  });
});

describe('servers that fail or lie', () => {
  const prepared = async () => {
    const axis = node();
    await axis.round();
    axis.judged();
    await axis.round();
    expect(axis.judged()).toEqual(['TOTAL_PASSED']);
    asked.length = 0;
    return axis;
  };
  const wrong = { ...ca, key: keyOf('p256', 'another key') };
  test.each([
    [
      'a list of another key',
      () => fetched(revocationList({ issuer: wrong, thisUpdate: NOW })),
      'signature-wrong',
    ],
    [
      'an older list',
      () => fetched(revocationList({ issuer: ca, thisUpdate: NOW - 2 * DAY })),
      'older-than-held',
    ],
    [
      'a list of last month',
      () => fetched(revocationList({ issuer: ca, thisUpdate: NOW - 40 * DAY })),
      'stale',
    ],
    ['a page', () => fetched(Buffer.from('<html>')), 'not-a-crl'],
    ['nothing', () => failing('timeout'), 'timeout'],
  ] as [string, () => Fetched, string][])('%s changes nothing, and is told', async (_, answer, reason) => {
    const axis = await prepared();
    const { held } = (await stateOf(CA_LIST)) ?? {};
    network.set(CA_LIST, answer);
    clock.advance(2 * HOUR);
    await axis.round();
    expect(await stateOf(CA_LIST)).toMatchObject({ failures: 1, reason, held });
    expect(axis.judged()).toEqual(['TOTAL_PASSED']);
  });

  test('a failing server is asked less and less often, and not before it wants', async () => {
    network.set(ROOT_LIST, () => failing('http-500'));
    const axis = node();
    const pauses: number[] = [];
    for (let i = 0; i < 9; i++) {
      await axis.round();
      const { nextAt = '' } = (await stateOf(ROOT_LIST)) ?? {};
      pauses.push((Date.parse(nextAt) - clock.now()) / 1_000);
      clock.set(Date.parse(nextAt));
    }
    expect(pauses).toEqual([30, 60, 120, 240, 480, 960, 1_800, 1_800, 1_800]);
    network.set(ROOT_LIST, () => failing('http-503', 5_000_000));
    await axis.round();
    const { nextAt = '' } = (await stateOf(ROOT_LIST)) ?? {};
    expect(Date.parse(nextAt) - clock.now()).toBe(5_000_000);
  });

  test('a server that says "unchanged" of a list that has ended has failed', async () => {
    network.set(CA_LIST, () =>
      fetched(revocationList({ issuer: ca, thisUpdate: NOW - HOUR, nextUpdate: NOW + DAY })),
    );
    const axis = await prepared();
    network.set(CA_LIST, () => ({ outcome: 'unchanged' }));
    clock.advance(2 * HOUR);
    await axis.round();
    expect(await stateOf(CA_LIST)).toMatchObject({ failures: 0 });
    clock.advance(DAY);
    await axis.round();
    expect(await stateOf(CA_LIST)).toMatchObject({ failures: 1, reason: 'stale' });
  });

  test('a signer that nobody has seen for a week is asked about no more', async () => {
    const axis = await prepared();
    await axis.round();
    clock.advance(8 * DAY);
    await axis.round();
    expect((await shelf.states()).map((one) => one.url)).toEqual([ROOT_LIST]);
  });
});

describe('several nodes', () => {
  test('each source is asked by one of them, and what it brings counts for all', async () => {
    const [a, b, silent] = [node(), node(), node({ mayAsk: false })];
    await Promise.all([a.round(), b.round()]);
    a.judged();
    b.judged();
    await Promise.all([a.round(), b.round()]);
    for (const url of [ROOT_LIST, CA_LIST]) expect(asked.filter((one) => one === url)).toHaveLength(1);
    for (const axis of [a, b, silent]) {
      await axis.round();
      expect(axis.judged()).toEqual(['TOTAL_PASSED']);
    }
  });

  test('a node that starts reads what is there before anybody is asked', async () => {
    const first = node();
    await first.round();
    first.judged();
    await first.round();
    network.clear();
    const second = node();
    await second.held.renew();
    expect(second.judged()).toEqual(['TOTAL_PASSED']);
  });
});

describe('delta lists', () => {
  const DELTA = 'http://crl.example/delta.crl';
  const told = certify(NOW, {
    subject: 'Người ký có danh sách bổ sung',
    issuer: root,
    extensions: [
      ext.notCa(),
      ext.keyUsage(0, 1),
      pointTo(ROOT_LIST),
      ext.freshestCrl(false, crlPoint({ uri: DELTA })),
    ],
  });
  const list = (more: object) =>
    fetched(revocationList({ issuer: root, thisUpdate: clock.now() - HOUR, ...more }));

  test('are fetched from where the certificate says (freshestCRL), and tell of a revocation before the whole list does', async () => {
    network.set(ROOT_LIST, () => list({ number: 5 }));
    network.set(DELTA, () => list({ number: 6, deltaBase: 5 }));
    const axis = node({ folders: trustStore({ anchors: [root.certificate] }) });
    expect(axis.judged(told)).toEqual(['INDETERMINATE', 'revocation.missing']);
    await axis.round();
    expect([...asked].sort()).toEqual([DELTA, ROOT_LIST]);
    expect(axis.judged(told)).toEqual(['TOTAL_PASSED']);
    const entries = [{ party: told, at: clock.now() - 2 * HOUR, reason: 1 }];
    network.set(DELTA, () => list({ number: 7, deltaBase: 5, entries, thisUpdate: clock.now() - HOUR / 2 }));
    clock.advance(2 * HOUR);
    await axis.round();
    expect(axis.judged(told)[0]).not.toBe('TOTAL_PASSED');
  });

  test('an extension that claims to be critical makes the certificate one that we do not understand', () => {
    const odd = certify(NOW, {
      subject: 'x',
      issuer: root,
      extensions: [ext.freshestCrl(true, crlPoint({ uri: DELTA }))],
    });
    expect(node({ folders: trustStore({ anchors: [root.certificate] }) }).judged(odd)).toContain(
      'path.critical-extension',
    );
  });
});

describe('what a certificate may make us ask', () => {
  const askedBy = (forged: Party, certificates: readonly Party[]) => {
    const seen = sightings();
    judgePath(
      forged.certificate,
      {
        trust: trustStore({ anchors: [root.certificate], intermediates: [ca.certificate] }),
        policy: policyNamed('cong-vu'),
        at: NOW,
        revocation: 'required',
        seen: seen.note,
      },
      {
        embedded: {
          certificates: certificates.map((one) => readCertificate(one.certificate)),
          crls: [],
          ocsps: [],
        },
      },
    );
    return seen.take(NOW).map(({ url }) => url);
  };
  const HARM = pointTo('http://10.0.0.1/steal');

  test.each([
    ['an official whom an authority certified, and who certifies others himself', () => {
      const forged = certify(NOW, { subject: 'Kẻ mạo danh', issuer: signer, extensions: [HARM] });
      return askedBy(forged, [signer]);
    }],
    ['an authority of nobody’s', () => {
      const forged = certify(NOW, { subject: 'Kẻ mạo danh', issuer: stranger, extensions: [HARM] });
      return askedBy(forged, [stranger]);
    }],
    ['who takes the name of an authority without its key', () => {
      const impostor = certify(NOW, { subject: 'CA', issuer: rootAuthority(NOW, 'Gốc lạ'), key: keyOf('rsa', 'impostor'), extensions: [ext.ca(), HARM] });
      const forged = certify(NOW, { subject: 'Kẻ mạo danh', issuer: impostor, extensions: [HARM] });
      return askedBy(forged, [impostor]);
    }],
  ] as [string, () => string[]][])('nothing by %s', (_, asked) => {
    expect(asked()).toEqual([]);
  }); // biome-ignore format: a table

  const urls = (...uris: string[]) => {
    const certificate = certify(NOW, {
      subject: 'x',
      issuer: root,
      extensions: [ext.crlPoints(...uris.map((uri) => crlPoint({ uri }))), ext.ocspAt(uris[0] as string)],
    });
    const seen = sightings();
    judgePath(certificate.certificate, {
      trust: trustStore({ anchors: [root.certificate] }),
      policy: policyNamed('cong-vu'),
      at: NOW,
      revocation: 'required',
      seen: seen.note,
    });
    const first = seen.take(NOW).map((one) => `${one.kind} ${one.url}`);
    expect(seen.take(NOW)).toEqual([]);
    return first;
  };

  test('HTTP addresses only, few, and not endless ones', () => {
    expect(urls('ldap://x/cn=a', 'file:///etc/passwd', 'javascript:alert(1)')).toEqual([]);
    expect(urls('http://a/', 'HTTPS://b/', 'http://a/')).toEqual([
      'crl http://a/',
      'crl HTTPS://b/',
      'ocsp http://a/',
    ]);
    expect(urls(`http://a/${'x'.repeat(2_000)}`)).toEqual([]);
    expect(urls(...Array.from({ length: 40 }, (_, i) => `http://a/${i}`))).toHaveLength(7);
  });

  test('broken access information does not make a certificate unreadable', () => {
    const broken = ext.raw('1.3.6.1.5.5.7.1.1', false, general.uri('http://a/'));
    const party = certify(NOW, {
      subject: 'x',
      issuer: root,
      extensions: [ext.notCa(), ext.keyUsage(0, 1), broken],
    });
    const crls = [revocationList({ issuer: root, thisUpdate: NOW - HOUR })];
    const { indication } = judgePath(party.certificate, {
      trust: trustStore({ anchors: [root.certificate], crls }),
      policy: policyNamed('cong-vu'),
      at: NOW,
      revocation: 'required',
    });
    expect(indication).toBe('TOTAL_PASSED');
  });
});

describe('the times of asking', () => {
  test.each([
    ['a list of a week: every hour', 7 * DAY, HOUR],
    ['one that ends in an hour: in half of it', HOUR, HOUR / 2],
    ['one that ends in a minute, or has ended', 30_000, 60_000],
    ['one that ended', -DAY, 60_000],
  ])('%s', (_, left, pause) => {
    expect(nextFetch(NOW + left, NOW, HOUR, 0.5) - NOW).toBe(pause);
    expect(nextFetch(NOW + left, NOW, HOUR, 0) - NOW).toBe(pause * 0.9);
  });

  test('an answer without an end is asked for again all the same', () => {
    expect(nextFetch(null, NOW, HOUR, 0.5) - NOW).toBe(HOUR);
  });

  test('no server is left alone for longer than six hours', () => {
    expect(nextAttempt(1, NOW, 99 * DAY, 0.5) - NOW).toBe(6 * HOUR);
    expect(isoTime(nextAttempt(1_000, NOW, null, 0.999))).toBe(isoTime(NOW + 1.2495 * 1_800_000));
  });
});
