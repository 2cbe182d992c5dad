import { type InboxItem, type TrucClient, trucClient } from '../../client/index.ts';
import { isTrucError, sha256Hex, sleep } from '../../kernel/index.ts';
import { DEMO_AGENCIES } from '../demo/agencies.ts';
import type { DemoCredentials } from '../demo/world.ts';
import { count, type History, type Refused, type Sent } from './history.ts';
import type { DrillLetter } from './letters.ts';

export interface LoadOptions {
  /** Addresses of the nodes; every call goes to one of them by chance. */
  urls: readonly string[];
  agencies: DemoCredentials['agencies'];
  letter(): DrillLetter;
  /** A number in [0, 1). */
  random(): number;
  senders: number;
  /** Pause of a sender between two letters, milliseconds. */
  pauseMs: number;
  history: History;
}

export interface Load {
  /** No new letters from now on; resolves when every one that was begun has its answer or has been refused. */
  endSending(): Promise<void>;
  /** Resolves when recipients have taken everything that was sent to them, or nothing came for `patienceMs`. */
  endTaking(patienceMs: number): Promise<void>;
}

const TIMEOUT_MS = 25_000;
const LEASE_SECONDS = 15;
const AFTER_FAULT_MS = 150;
/** Deliveries that may wait for their recipients: on a slow machine the load is what it can take, and an end comes. */
const MOST_WAITING = 200;

/** Agencies that send, fetch, acknowledge and answer over a set of nodes, and write down what they saw. */
export function startLoad(options: LoadOptions): Load {
  const { history, random } = options;
  const sending = new AbortController();
  const taking = new AbortController();
  const clientOf = clients(options);
  let lastAccepted = performance.now();
  let lastTaken = performance.now();

  /** Deliveries that come of what was accepted. */
  function due(): number {
    return history.sent.reduce((sum, { answer, to }) => sum + (answer === null ? 0 : to.length), 0);
  }

  async function send(): Promise<void> {
    while (!sending.signal.aborted) {
      while (due() - history.taken.length > MOST_WAITING && !sending.signal.aborted) await sleep(50);
      const { from, to, edxml } = options.letter();
      const sent: Sent = {
        from,
        to,
        edxml,
        sha256: sha256Hex(edxml),
        answer: null,
        documentId: null,
        refusal: null,
        tries: 0,
      };
      history.sent.push(sent);
      while (sent.answer === null && sent.refusal === null) await attempt(sent);
      await sleep(options.pauseMs * (0.5 + random()), sending.signal);
    }
  }

  async function attempt(sent: Sent): Promise<void> {
    sent.tries++;
    try {
      const answer = await clientOf(sent.from).send(sent.edxml);
      sent.answer = JSON.stringify(answer);
      sent.documentId = answer.documentId;
      count(history, 'send ok');
      history.longestSilenceMs = Math.max(history.longestSilenceMs, performance.now() - lastAccepted);
      lastAccepted = performance.now();
    } catch (error) {
      count(history, `send ${codeOf(error)}`);
      if (isFinal(error)) sent.refusal = codeOf(error);
      else await sleep(AFTER_FAULT_MS * (0.5 + random()));
    }
  }

  async function take(code: string): Promise<void> {
    const answered = new Set<string>();
    while (!taking.signal.aborted) {
      try {
        for (const item of await inboxOf(clientOf(code))) {
          await handle(code, item, answered);
          lastTaken = performance.now();
        }
        count(history, 'inbox ok');
      } catch (error) {
        count(history, `inbox ${codeOf(error)}`);
        await sleep(AFTER_FAULT_MS, taking.signal);
      }
    }
  }

  /** Acts of a recipient are repeated until they are answered: the axis must stand that. */
  async function handle(code: string, item: InboxItem, answered: Set<string>): Promise<void> {
    const { deliveryId, documentId, kind } = item;
    const insist = <T>(act: string, work: () => Promise<T>) =>
      untilAnswered({ act, by: code, documentId }, work);
    const content = await insist('content', () => clientOf(code).content(deliveryId));
    await insist('ack', () => clientOf(code).acknowledge(deliveryId, 'done'));
    if (content === null || kind !== 'document') return;
    if (!answered.has(deliveryId)) {
      answered.add(deliveryId);
      history.taken.push({ by: code, deliveryId, documentId, sha256: sha256Hex(content) });
    }
    await insist('status', () => clientOf(code).status({ documentId, code: '03' }));
  }

  /** Null where the act was refused for good. */
  async function untilAnswered<T>(what: Omit<Refused, 'code'>, work: () => Promise<T>): Promise<T | null> {
    for (;;) {
      try {
        const answer = await work();
        count(history, `${what.act} ok`);
        return answer;
      } catch (error) {
        count(history, `${what.act} ${codeOf(error)}`);
        if (isFinal(error)) {
          history.refused.push({ ...what, code: codeOf(error) });
          return null;
        }
        await sleep(AFTER_FAULT_MS * (0.5 + random()));
      }
    }
  }

  const senders = Array.from({ length: options.senders }, () => send());
  const takers = DEMO_AGENCIES.map((agency) => take(agency.code));
  return {
    endSending: async () => {
      sending.abort();
      await Promise.all(senders);
    },
    endTaking: async (patienceMs) => {
      lastTaken = performance.now();
      while (history.taken.length < due() && performance.now() - lastTaken < patienceMs) await sleep(50);
      taking.abort();
      await Promise.all(takers);
    },
  };
}

/** A client of a node that is chosen anew at every call; tokens are kept for each pair. */
function clients({ urls, agencies, random }: LoadOptions): (code: string) => TrucClient {
  const known = new Map<string, TrucClient>();
  return (code) => {
    const url = urls[Math.floor(random() * urls.length)] as string;
    const key = `${code} ${url}`;
    const { clientId, clientSecret } = agencies.find((one) => one.code === code) as (typeof agencies)[number];
    const client = known.get(key) ?? trucClient({ url, clientId, clientSecret, timeoutMs: TIMEOUT_MS });
    known.set(key, client);
    return client;
  };
}

async function inboxOf(client: TrucClient): Promise<InboxItem[]> {
  const body = await client.get(`/v1/inbox?limit=10&wait=1&lease=${LEASE_SECONDS}`);
  return (JSON.parse(body.toString()) as { items: InboxItem[] }).items;
}

function codeOf(error: unknown): string {
  if (!isTrucError(error)) throw error;
  return error.code === 'client.refused' ? `${error.facts.status} ${error.facts.code}` : error.code;
}

/** What no repeat can mend. A node that is not there, draining or without its stores is not final. */
function isFinal(error: unknown): boolean {
  if (!isTrucError(error, 'client.refused')) return false;
  const status = Number(error.facts.status);
  return status >= 400 && status < 500 && status !== 429;
}
