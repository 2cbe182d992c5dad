import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { trucClient } from '../../src/client/index.ts';
import { DEMO_AGENCIES } from '../../src/lab/demo/agencies.ts';
import { type AxisProcess, axisProcess } from '../axis-process.ts';

let axis: AxisProcess;
beforeAll(async () => {
  axis = await axisProcess([], { TRUC_LOG_LEVEL: 'debug' });
  await axis.start();
});
afterAll(() => axis.remove());

const sampleFile = (name: string) => readFileSync(join(axis.dataDir, 'demo', 'samples', name));

function client(code: string) {
  const { clientId = '', clientSecret = '' } =
    axis.credentials().agencies.find((one) => one.code === code) ?? {};
  return trucClient({ url: axis.url, clientId, clientSecret });
}

/** Names, identity numbers and titles of officials, subjects of letters. */
function personalData(): string[] {
  const people = DEMO_AGENCIES.flatMap(({ official }) => [official.name, official.identity]);
  const users = axis.credentials().people.map((one) => one.name);
  return [...people, ...users, 'đề nghị hướng dẫn bố trí nhân sự', 'không thể tiếp nhận vì sai thể thức'];
}

function secrets(): string[] {
  const { agencies, admin, people } = axis.credentials();
  return [...agencies.map((one) => one.clientSecret), admin.password, ...people.map((one) => one.password)];
}

async function liveThroughADay(): Promise<void> {
  const letter = sampleFile('01-xa-gui-bo.edxml');
  const sent = await client('H53.32.29').send(letter);
  const [item] = await client('G09').inbox();
  await client('G09').content(item?.deliveryId as string);
  await client('G09').acknowledge(item?.deliveryId as string, 'fail', {
    reason: 'không thể tiếp nhận vì sai thể thức',
  });
  await client('G09').status({
    documentId: sent.documentId,
    code: '02',
    description: 'không thể tiếp nhận vì sai thể thức',
  });
  await client('G09')
    .send(letter)
    .catch(() => undefined);
  await client('H53.32.29')
    .send(letter.subarray(0, 5_000))
    .catch(() => undefined);
  const answer = await fetch(`${axis.url}/v1/inbox?access_token=abc`, {
    headers: { authorization: 'Bearer not.a.token' },
  });
  expect(answer.status).toBe(401);
}

test('neither the log nor the ledger tells a name, a number, a subject, a reason or a secret', async () => {
  await liveThroughADay();
  expect(await axis.stop()).toBe(0);
  const log = axis.printed();
  expect(log.length).toBeGreaterThan(0);
  for (const word of [...personalData(), ...secrets(), 'not.a.token'])
    expect({ word, inLog: log.includes(word) }).toEqual({ word, inLog: false });

  const ledger = join(axis.dataDir, 'ledger');
  const files = readdirSync(ledger, { recursive: true, encoding: 'utf8' })
    .map((name) => join(ledger, name))
    .filter((path) => statSync(path).isFile());
  expect(files.length).toBeGreaterThan(1);
  for (const file of files) {
    const bytes = readFileSync(file);
    for (const word of [...personalData(), 'H53.32.29'])
      expect({ file, word, inLedger: bytes.includes(word) }).toEqual({ file, word, inLedger: false });
  }
});

test('keys and credentials can be read by their owner alone', () => {
  const keys = join(axis.dataDir, 'keys');
  const files = [
    ...readdirSync(keys).map((name) => join(keys, name)),
    join(axis.dataDir, 'demo', 'credentials.json'),
  ];
  expect(files.length).toBeGreaterThan(3);
  for (const file of files) expect({ file, mode: statSync(file).mode & 0o077 }).toEqual({ file, mode: 0 });
});
