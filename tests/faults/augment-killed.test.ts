import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type TrucClient, trucClient } from '../../src/client/index.ts';
import { isTrucError, sha256Hex, sleep } from '../../src/kernel/index.ts';
import { type AxisProcess, axisProcess } from '../axis-process.ts';
import { seededRandom } from '../random.ts';
import { lettersOf } from './letters.ts';

const DOCUMENTS = 12;
const KILLS = 3;

let axis: AxisProcess;
beforeAll(async () => {
  axis = await axisProcess();
  await axis.start();
}, 120_000);
afterAll(() => axis.remove());

interface Sent {
  documentId: string;
  client: TrucClient;
}

interface Made {
  number: number;
  sha256: string;
}

test('kill -9 while signatures are augmented: what was answered is there, once, with its entry; nothing is half', async () => {
  const random = seededRandom();
  const sent = await documents(random.next);
  const answers = new Map<string, Made>();
  for (let kill = 0; kill < KILLS; kill++) {
    const before = answers.size;
    const asking = Promise.all(sent.map((one) => augment(one, answers)));
    // On a fast machine the kills before may have come after the last answer.
    while (answers.size < Math.min(before + 1, DOCUMENTS)) await sleep(1);
    await sleep(random.between(0, 60));
    await axis.kill();
    await asking;
    await axis.start();
  }
  while (answers.size < DOCUMENTS) await Promise.all(sent.map((one) => augment(one, answers)));
  for (const { documentId, client } of sent) {
    const list = await client.get(`/v1/documents/${documentId}/attachments/0/augmentations`);
    const { items } = JSON.parse(list.toString()) as { items: Made[] };
    expect(items).toMatchObject([{ number: 1, sha256: answers.get(documentId)?.sha256 }]);
    const file = await client.get(`/v1/documents/${documentId}/attachments/0/augmentations/1`);
    expect(sha256Hex(file)).toBe(items[0]?.sha256);
  }
  expect(await axis.stop()).toBe(0);
  const fsck = axis.truc('fsck', '--data', axis.dataDir, '--json');
  expect({ code: fsck.code, report: JSON.parse(fsck.stdout) }).toMatchObject({
    code: 0,
    report: { faults: [] },
  });
}, 300_000);

async function documents(random: () => number): Promise<Sent[]> {
  const mill = await lettersOf(axis, random, 5_000);
  const sent: Sent[] = [];
  for (let i = 0; i < DOCUMENTS; i++) {
    const { from, edxml } = mill();
    const client = clientOf(from);
    sent.push({ documentId: (await client.send(edxml)).documentId, client });
  }
  return sent;
}

function clientOf(code: string): TrucClient {
  const found = axis.credentials().agencies.find((one) => one.code === code);
  return trucClient({
    url: axis.url,
    clientId: found?.clientId ?? '',
    clientSecret: found?.clientSecret ?? '',
  });
}

/** Asks once. What was answered before must be answered again; a request that the kill cut off is not known to be done. */
async function augment({ documentId, client }: Sent, answers: Map<string, Made>): Promise<void> {
  try {
    const made = (await client.post(`/v1/documents/${documentId}/attachments/0/augmentations`, {})) as Made;
    const { number, sha256 } = answers.get(documentId) ?? made;
    expect(made).toMatchObject({ number, sha256 });
    answers.set(documentId, made);
  } catch (error) {
    const cut = error instanceof TypeError || (isTrucError(error) && error.code === 'client.unreachable');
    if (!cut) throw error;
  }
}
