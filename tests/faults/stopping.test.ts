import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { trucClient } from '../../src/client/index.ts';
import { isTrucError } from '../../src/kernel/index.ts';
import { type AxisProcess, axisProcess } from '../axis-process.ts';

const FROM = 'H53.32.29';
const SENDERS = 8;
const BEFORE_STOPPING = 50;

let axis: AxisProcess;
beforeAll(async () => {
  axis = await axisProcess();
  await axis.start();
});
afterAll(() => axis.remove());

function client(code: string) {
  const found = axis.credentials().agencies.find((one) => one.code === code);
  if (!found) throw new Error(`no credentials of ${code}`);
  return trucClient({ url: axis.url, clientId: found.clientId, clientSecret: found.clientSecret });
}

test('SIGTERM under load: what was answered is kept, long polls are answered, the rest is told to come again', async () => {
  const sample = readFileSync(join(axis.dataDir, 'demo', 'samples', '01-xa-gui-bo.edxml'), 'utf8');
  const sender = client(FROM);
  const accepted = new Set<string>();
  const refused = new Set<string>();
  let enough = () => {};
  const loaded = new Promise<void>((resolve) => {
    enough = resolve;
  });
  let number = 1000;
  const send = async () => {
    for (;;) {
      const letter = sample.replaceAll('901/UBND', `${++number}/UBND`);
      try {
        accepted.add((await sender.send(Buffer.from(letter))).documentId);
        if (accepted.size === BEFORE_STOPPING) enough();
      } catch (error) {
        refused.add(isTrucError(error, 'client.refused') ? String(error.facts.code) : 'unreachable');
        return;
      }
    }
  };
  const senders = Array.from({ length: SENDERS }, send);
  const poll = client('H41').inbox({ waitSeconds: 60 });
  await loaded;

  expect(await axis.stop()).toBe(0);
  await Promise.all(senders);
  expect(await poll).toEqual([]);
  for (const code of refused) expect(['exchange.stopping', 'unreachable']).toContain(code);

  const fsck = axis.truc('fsck', '--data', axis.dataDir, '--json');
  expect({ code: fsck.code, report: JSON.parse(fsck.stdout) }).toMatchObject({
    code: 0,
    report: { faults: [], documents: accepted.size },
  });
}, 400_000);
