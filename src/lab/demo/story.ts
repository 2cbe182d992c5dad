import { type TrucClient, trucClient } from '../../client/index.ts';
import { type Clock, isTrucError, sha256Hex, sleep } from '../../kernel/index.ts';
import type { TimestampClient } from '../../signing/index.ts';
import type { Pki } from '../pki/index.ts';
import { DEMO_AGENCIES, OFFICE_AGENCIES } from './agencies.ts';
import { edxmlOf, signedLetter } from './letters.ts';
import { demoAgency, letterOrder, tampered } from './samples.ts';
import type { DemoCredentials } from './world.ts';

/** What happened in the demo world, for the terminal to tell. */
export type StoryEvent =
  | {
      kind: 'sent';
      from: string;
      to: readonly string[];
      subject: string;
      documentId: string;
      indication: string;
      legalValue: string;
      logIndex: number;
    }
  | {
      kind: 'refused';
      from: string;
      to: readonly string[];
      code: string;
      title: string;
      /** Codes that the axis suggests instead of a wrong address. */
      suggested: readonly string[];
      logIndex: number | null;
    }
  | { kind: 'fetched'; by: string; from: string; documentId: string }
  | { kind: 'status'; by: string; to: string; code: string; documentId: string }
  | { kind: 'notice'; agency: string; documentId: string };

export interface StoryOptions {
  credentials: DemoCredentials;
  pki: Pki;
  timestamp: TimestampClient;
  clock: Clock;
  tell(event: StoryEvent): void;
  /** False while another node sends the letters. */
  mayPlay(): Promise<boolean>;
  /** Pause between letters, milliseconds. */
  everyMs: number;
  signal: AbortSignal;
}

const SUBJECTS: readonly (readonly [string, readonly string[], string, number])[] = [
  ['H53.32.29', ['G09'], 'V/v đề nghị hướng dẫn bố trí nhân sự sau sắp xếp', 0],
  ['G22', ['H53', 'H41', 'H49'], 'V/v đẩy mạnh gửi, nhận văn bản điện tử', 1],
  ['H41', ['H41.21.05'], 'V/v ứng phó mưa lũ diện rộng', 3],
  ['G09', ['H49'], 'V/v báo cáo sử dụng biên chế', 0],
  ['H49.11.08', ['H49'], 'V/v báo cáo tình hình kinh tế - xã hội tháng', 0],
];

/** Agencies that exchange signed letters over the axis until told to stop: with one forged letter and one wrong address a round. */
export async function playStory(options: StoryOptions): Promise<void> {
  const clients = new Map(options.credentials.agencies.map((one) => [one.code, clientOf(one, options)]));
  const automatic = DEMO_AGENCIES.filter(({ code }) => !OFFICE_AGENCIES.includes(code));
  const recipients = automatic.map((agency) =>
    answerInbox(agency.code, agency.slow, clients.get(agency.code) as TrucClient, options),
  );
  await Promise.all([sendLetters(clients, options), ...recipients]);
}

function clientOf(one: DemoCredentials['agencies'][number], { credentials }: StoryOptions): TrucClient {
  return trucClient({ url: credentials.url, clientId: one.clientId, clientSecret: one.clientSecret });
}

async function sendLetters(clients: ReadonlyMap<string, TrucClient>, options: StoryOptions): Promise<void> {
  let number = 0;
  for (let round = 0; !options.signal.aborted; round++) {
    if (!(await options.mayPlay())) {
      await sleep(options.everyMs, options.signal);
      continue;
    }
    // Not below the second of the day, so that neither a later start nor another node uses a number again.
    number = Math.max(number, Math.floor((options.clock.now() / 1000) % 86_400) * 10);
    const [from, to, subject, priority] = SUBJECTS[round % SUBJECTS.length] as (typeof SUBJECTS)[number];
    const order = letterOrder({ from, to, number: ++number, subject, priority }, options.clock.now());
    const pdf = await signedLetter(order, options.pki, options.timestamp);
    await send(from, to, subject, edxmlOf(order, pdf), clients, options);
    if (round % SUBJECTS.length === 2)
      await send(from, to, subject, edxmlOf({ ...order, number: ++number }, tampered(pdf)), clients, options);
    if (round % SUBJECTS.length === 3) {
      const wrong = { ...order, number: ++number, to: [{ ...demoAgency('H53'), code: 'H35' }] };
      await send(from, ['H35'], subject, edxmlOf(wrong, pdf), clients, options);
    }
    await sleep(options.everyMs, options.signal);
  }
}

async function send(
  from: string,
  to: readonly string[],
  subject: string,
  edxml: Buffer,
  clients: ReadonlyMap<string, TrucClient>,
  options: StoryOptions,
): Promise<void> {
  try {
    const answer = await (clients.get(from) as TrucClient).send(edxml);
    const { documentId, legalValue, verification } = answer;
    options.tell({
      kind: 'sent',
      from: named(from),
      to: to.map(named),
      subject,
      documentId,
      indication: verification.indication,
      legalValue,
      logIndex: Number(answer.receipt.index),
    });
  } catch (error) {
    if (options.signal.aborted) return;
    if (!isTrucError(error, 'client.refused')) throw error;
    const problem = (error.facts.problem as Record<string, unknown>[])[0] ?? {};
    const logIndex = typeof problem.ledgerIndex === 'number' ? problem.ledgerIndex : null;
    options.tell({
      kind: 'refused',
      from: named(from),
      to: to.map(named),
      code: String(error.facts.code),
      title: String(error.facts.title),
      suggested: suggestedCodes(problem),
      logIndex,
    });
  }
}

function suggestedCodes(problem: Record<string, unknown>): string[] {
  const lines = Array.isArray(problem.recipients)
    ? (problem.recipients as { suggestions?: { code: string }[] }[])
    : [];
  return lines.flatMap((line) => (line.suggestions ?? []).map((one) => one.code));
}

/** "UBND tỉnh Mẫu (H53)"; the code alone where the demo has no such agency. */
function named(code: string): string {
  const agency = DEMO_AGENCIES.find((one) => one.code === code);
  return agency ? `${agency.name.replace('Ủy ban nhân dân', 'UBND')} (${code})` : code;
}

/** A clerk's day: fetch, check the digest, acknowledge, register (03), finish (06); status messages are read and acknowledged. */
async function answerInbox(
  code: string,
  slow: boolean,
  client: TrucClient,
  options: StoryOptions,
): Promise<void> {
  while (!options.signal.aborted) {
    try {
      const items = await client.inbox({ waitSeconds: 5, limit: 10 });
      for (const item of items) {
        if (slow) await sleep(8_000, options.signal);
        if (options.signal.aborted) return;
        const bytes = await client.content(item.deliveryId);
        await client.acknowledge(item.deliveryId, 'done', { sha256: sha256Hex(bytes) });
        if (item.kind === 'notice')
          options.tell({ kind: 'notice', agency: named(code), documentId: item.documentId });
        if (item.kind !== 'document') continue;
        options.tell({
          kind: 'fetched',
          by: named(code),
          from: named(item.from),
          documentId: item.documentId,
        });
        for (const status of ['03', '06']) {
          await client.status({ documentId: item.documentId, code: status, description: '' });
          options.tell({
            kind: 'status',
            by: named(code),
            to: named(item.from),
            code: status,
            documentId: item.documentId,
          });
        }
      }
    } catch (error) {
      if (options.signal.aborted) return;
      // The axis may be restarting: a document system tries again, and so does the demo's.
      if (!isTrucError(error, 'client.unreachable', 'client.refused')) throw error;
      await sleep(2_000, options.signal);
    }
  }
}
