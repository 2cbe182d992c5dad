import { type Clock, isoTime, type Log, randomBytes, sha256Hex } from '../../kernel/index.ts';
import { readCertificate } from '../certificate.ts';
import type { VerificationContext } from '../context.ts';
import { type Checked, checkCrl, checkOcsp } from './checks.ts';
import type { FetchCrl, Fetched, FetchOcsp } from './fetching.ts';
import type { ClaimedSource, HeldAnswer, RevocationShelf } from './revocation-shelf.ts';
import { nextAttempt, nextFetch } from './schedule.ts';

export interface Upkeep {
  shelf: RevocationShelf;
  fetchCrl: FetchCrl;
  fetchOcsp: FetchOcsp;
  /** Trust, policy and time by which what is fetched is checked. */
  context(): VerificationContext;
  clock: Clock;
  /** A number in [0, 1), for jitter only. */
  random(): number;
  log: Log;
  /** How often a source is asked at least, milliseconds. */
  everyMs: number;
  nonceRule: 'required' | 'expected';
}

/** So long a claimed source is left to who claimed it. */
const CLAIM_MS = 5 * 60_000;
const AT_ONCE = 200;
/** RFC 9654 §2.1 recommends 32 octets. */
const NONCE_OCTETS = 32;

export interface Refreshed {
  /** Sources that gave something new. */
  renewed: number;
  failed: number;
}

/**
 * Asks the sources whose time has come and keeps what passes the checks. Hosts are asked side by side, the sources of
 * one host one after the other: a slow host holds up itself only.
 */
export async function refreshDue(x: Upkeep): Promise<Refreshed> {
  const now = x.clock.now();
  const until = now + CLAIM_MS;
  const claimed = await x.shelf.claim({ now: isoTime(now), until: isoTime(until), limit: AT_ONCE });
  const lanes = Map.groupBy(claimed, ({ url }) => (URL.canParse(url) ? new URL(url).host : ''));
  const outcomes = await Promise.all([...lanes.values()].map((lane) => askInTurn(lane, until, x)));
  const all = outcomes.flat();
  return {
    renewed: all.filter((one) => one === 'renewed').length,
    failed: all.filter((one) => one === 'failed').length,
  };
}

type Outcome = 'renewed' | 'same' | 'failed';

/** What is not reached while the claim holds is claimed anew. */
async function askInTurn(lane: readonly ClaimedSource[], until: number, x: Upkeep): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const source of lane) {
    if (x.clock.now() >= until) break;
    outcomes.push(await askOne(source, x));
  }
  return outcomes;
}

async function askOne(source: ClaimedSource, x: Upkeep): Promise<Outcome> {
  const { fetched, check } = source.kind === 'crl' ? await askForList(source, x) : await askAbout(source, x);
  if (fetched.outcome === 'failed') return fail(source, fetched.reason, fetched.retryAfterMs, x);
  if (fetched.outcome === 'unchanged') return keepOn(source, x);
  const checked = check(fetched.bytes);
  if (!checked.ok) return fail(source, checked.reason, null, x);
  return keep(source, fetched, checked, x);
}

interface Answered {
  fetched: Fetched;
  check(bytes: Uint8Array): Checked;
}

async function askForList({ url, held, issuer }: ClaimedSource, x: Upkeep): Promise<Answered> {
  const signers = issuer === null ? [] : [readCertificate(Buffer.from(issuer, 'base64'))];
  const fetched = await x.fetchCrl(url, held);
  return { fetched, check: (bytes) => checkCrl(bytes, { signers, heldSince: sinceOf(held) }, x.context()) };
}

async function askAbout(source: ClaimedSource, x: Upkeep): Promise<Answered> {
  const read = (base64: string | null) => readCertificate(Buffer.from(base64 ?? '', 'base64'));
  const question = {
    certificate: read(source.certificate),
    issuer: read(source.issuer),
    nonce: randomBytes(NONCE_OCTETS),
  };
  const fetched = await x.fetchOcsp(source.url, question);
  const { nonceRule } = x;
  const heldSince = sinceOf(source.held);
  return { fetched, check: (bytes) => checkOcsp(bytes, { ...question, nonceRule, heldSince }, x.context()) };
}

function sinceOf(held: HeldAnswer | null): number | null {
  return held && Date.parse(held.thisUpdate);
}

async function keep(
  { key, held: before }: ClaimedSource,
  { etag, lastModified }: Extract<Fetched, { outcome: 'fetched' }>,
  { der, thisUpdate, nextUpdate }: Extract<Checked, { ok: true }>,
  x: Upkeep,
): Promise<Outcome> {
  const now = x.clock.now();
  const sha256 = sha256Hex(der);
  const held: HeldAnswer = {
    sha256,
    size: der.length,
    thisUpdate: isoTime(thisUpdate),
    nextUpdate: nextUpdate === null ? null : isoTime(nextUpdate),
    etag,
    lastModified,
    fetchedAt: isoTime(now),
  };
  await x.shelf.settle({
    ...succeeded(key, nextUpdate, now, x),
    answer: { held, der },
  });
  return sha256 === before?.sha256 ? 'same' : 'renewed';
}

/** A server that says that nothing changed of a list that has ended has no list. */
async function keepOn(source: ClaimedSource, x: Upkeep): Promise<Outcome> {
  const now = x.clock.now();
  const { key, held } = source;
  if (held === null) return fail(source, 'unchanged-from-nothing', null, x);
  const nextUpdate = held.nextUpdate === null ? null : Date.parse(held.nextUpdate);
  if (nextUpdate !== null && nextUpdate < now) return fail(source, 'stale', null, x);
  await x.shelf.settle(succeeded(key, nextUpdate, now, x));
  return 'same';
}

function succeeded(key: string, nextUpdate: number | null, now: number, { everyMs, random }: Upkeep) {
  const nextAt = isoTime(nextFetch(nextUpdate, now, everyMs, random()));
  return { key, nextAt, failures: 0, reason: null };
}

async function fail(
  source: ClaimedSource,
  reason: string,
  retryAfterMs: number | null,
  x: Upkeep,
): Promise<Outcome> {
  const failures = source.failures + 1;
  const nextAt = isoTime(nextAttempt(failures, x.clock.now(), retryAfterMs, x.random()));
  await x.shelf.settle({ key: source.key, nextAt, failures, reason });
  const { kind, url } = source;
  x.log.warn({ kind, url, reason, failures, nextAt }, 'revocation data not renewed');
  return 'failed';
}
