import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type TrucClient, trucClient } from '../../src/client/index.ts';
import { isTrucError, sha256Hex, sleep, systemClock } from '../../src/kernel/index.ts';
import { edxmlOf, letterOrder } from '../../src/lab/index.ts';
import { type AxisProcess, axisProcess } from '../axis-process.ts';
import { seededRandom } from '../random.ts';

const SUBMISSIONS = 1_000;
const KILLS = 6;
const SENDERS = 12;
const FROM = 'H53.32.29';
const RECIPIENTS = ['G09', 'H53'] as const;

let axis: AxisProcess;
beforeAll(async () => {
  axis = await axisProcess();
  await axis.start();
});
afterAll(() => {
  over = true;
  return axis.remove();
});

/** Ends every loop, also after a failure. */
let over = false;

test('kill -9 in the middle of 1,000 submissions: what was acknowledged is there, once, and the ledger is whole', async () => {
  const random = seededRandom();
  const letters = numberedLetters();
  const waiting = [...letters];
  const answers = new Map<number, string>();
  const received = new Map<string, Received>();
  const done = { sending: false };
  const recipients = RECIPIENTS.map((code) => receive(code, received, done));
  const kills = killAgain(random, answers, done);

  await Promise.all(Array.from({ length: SENDERS }, () => sendAll(waiting, answers)));
  done.sending = true;
  expect(await kills).toBe(KILLS);
  await Promise.all(recipients);

  expect(answers.size).toBe(SUBMISSIONS);
  await everyReceiptIsTheSameOnRepeat(letters, answers);
  everyLetterArrivedOnceAsSent(answers, received);
  audit(answers.size);
  expect(await axis.stop()).toBe(0);
  const fsck = axis.truc('fsck', '--data', axis.dataDir, '--json');
  expect({ code: fsck.code, report: JSON.parse(fsck.stdout) }).toMatchObject({
    code: 0,
    report: { faults: [], documents: SUBMISSIONS },
  });
}, 300_000);

interface Letter {
  number: number;
  bytes: Buffer;
}

interface Received {
  documentIds: Set<string>;
  sha256: Set<string>;
  acknowledged: number;
}

/** Letters that differ in number, around one really signed PDF. The last entry of the array is taken first. */
function numberedLetters(): Letter[] {
  const pdf = readFileSync(join(axis.dataDir, 'demo', 'samples', '01-xa-gui-bo.pdf'));
  const now = systemClock.now();
  return Array.from({ length: SUBMISSIONS }, (_, i) => {
    const to = [RECIPIENTS[i % 2] as string];
    const number = 2_000 + i;
    return {
      number,
      bytes: edxmlOf(letterOrder({ from: FROM, to, number, subject: 'V/v thử tải', priority: 0 }, now), pdf),
    };
  });
}

function client(code: string): TrucClient {
  const found = axis.credentials().agencies.find((one) => one.code === code);
  return trucClient({
    url: axis.url,
    clientId: found?.clientId ?? '',
    clientSecret: found?.clientSecret ?? '',
  });
}

/** Takes letters until none is left; repeats one until it is answered, as a document system does. */
async function sendAll(letters: Letter[], answers: Map<number, string>): Promise<void> {
  const sender = client(FROM);
  for (let next = letters.pop(); next; next = letters.pop()) {
    const { number, bytes } = next;
    answers.set(number, JSON.stringify(await patiently(() => sender.send(bytes))));
  }
}

async function receive(
  code: string,
  received: Map<string, Received>,
  done: { sending: boolean },
): Promise<void> {
  const recipient = client(code);
  let empty = 0;
  while (!done.sending || empty < 3) {
    const items = await patiently(() => recipient.inbox({ limit: 50 }));
    empty = items.length === 0 ? empty + 1 : 0;
    if (items.length === 0) await sleep(100);
    for (const item of items.filter((one) => one.kind === 'document')) {
      const bytes = await patiently(() => recipient.content(item.deliveryId));
      const key = letterKey(bytes);
      const seen = received.get(key) ?? { documentIds: new Set(), sha256: new Set(), acknowledged: 0 };
      seen.documentIds.add(item.documentId);
      seen.sha256.add(sha256Hex(bytes));
      received.set(key, seen);
      await acknowledge(recipient, item.deliveryId);
      seen.acknowledged++;
    }
  }
}

/** An acknowledgement whose answer was lost is repeated; the axis may then say that it knew. */
async function acknowledge(recipient: TrucClient, deliveryId: string): Promise<void> {
  await patiently(async () => {
    try {
      await recipient.acknowledge(deliveryId, 'done');
    } catch (error) {
      if (!isTrucError(error) || error.facts.code !== 'delivery.already-acknowledged') throw error;
    }
  });
}

function letterKey(bytes: Buffer): string {
  return /CodeNumber>(\d+)</.exec(bytes.toString('utf8'))?.[1] ?? 'unknown';
}

async function patiently<Value>(work: () => Promise<Value>): Promise<Value> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const passing =
        isTrucError(error) &&
        (error.code === 'client.unreachable' ||
          (error.code === 'client.refused' && Number(error.facts.status) >= 500));
      // A connection cut in the middle of an answer is an error of fetch itself.
      if (over || (!passing && !(error instanceof TypeError))) throw error;
      await sleep(50);
    }
  }
}

/** Kills the axis at random moments while submissions run and starts it again at once. @returns how often */
async function killAgain(
  random: ReturnType<typeof seededRandom>,
  answers: ReadonlyMap<number, string>,
  done: { sending: boolean },
): Promise<number> {
  let kills = 0;
  for (; kills < KILLS && !done.sending; kills++) {
    const target = Math.floor(((kills + 0.2 + 0.6 * random.next()) * SUBMISSIONS) / (KILLS + 1));
    while (answers.size < target && !done.sending && !over) await sleep(1);
    await sleep(random.between(0, 20));
    await axis.kill();
    await axis.start();
  }
  return kills;
}

async function everyReceiptIsTheSameOnRepeat(
  letters: readonly Letter[],
  answers: ReadonlyMap<number, string>,
): Promise<void> {
  const sender = client(FROM);
  for (const { number, bytes } of letters)
    expect({ number, answer: JSON.stringify(await sender.send(bytes)) }).toEqual({
      number,
      answer: answers.get(number),
    });
}

function everyLetterArrivedOnceAsSent(
  answers: ReadonlyMap<number, string>,
  received: ReadonlyMap<string, Received>,
): void {
  expect(received.size).toBe(answers.size);
  for (const [number, text] of answers) {
    const answer = JSON.parse(text) as { documentId: string; sha256: string };
    expect({ number, got: received.get(String(number)) }).toEqual({
      number,
      got: { documentIds: new Set([answer.documentId]), sha256: new Set([answer.sha256]), acknowledged: 1 },
    });
  }
}

function audit(documents: number): void {
  const report = axis.truc(
    'ledger',
    'audit',
    '--url',
    `${axis.url}/ledger`,
    '--vkey',
    axis.credentials().vkey,
    '--json',
  );
  expect({ code: report.code, report: JSON.parse(report.stdout) }).toMatchObject({
    code: 0,
    report: { ok: true, documents, findings: [] },
  });
}
