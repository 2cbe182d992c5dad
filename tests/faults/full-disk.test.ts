import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isTrucError, sleep } from '../../src/kernel/index.ts';
import { type AxisProcess, axisProcess } from '../axis-process.ts';
import { seededRandom } from '../random.ts';
import { type SmallDisk, smallDisk } from '../small-disk.ts';
import { clientAt } from './exchanges.ts';
import { lettersOf } from './letters.ts';

const disk = smallDisk(192);
const onDisk = disk === null ? test.skip : test;
const random = seededRandom();
const FROM = 'G22';
const TO = 'H53';
const ROUNDS = 10;
/** Room for a part of what one letter writes: its file, its rows, its entries. */
const MOST_LEFT = 512 * 1024;

interface Sent {
  edxml: Buffer;
  receipt: string;
}

let axis: AxisProcess;
let letter: Awaited<ReturnType<typeof lettersOf>>;
const accepted = new Map<string, Sent>();

beforeAll(async () => {
  if (!disk) return;
  axis = await axisProcess([], {}, undefined, disk.folder);
  await axis.start();
  letter = await lettersOf(axis, random.next, 1_000);
}, 300_000);
afterAll(async () => {
  await axis?.remove();
  disk?.remove();
});

/** @returns the code of a refusal, or null */
async function send(edxml: Buffer): Promise<string | null> {
  try {
    const { documentId, receipt } = await clientAt(axis, FROM).send(edxml);
    accepted.set(documentId, { edxml, receipt: JSON.stringify(receipt) });
    return null;
  } catch (error) {
    if (!isTrucError(error, 'client.refused')) throw error;
    return String(error.facts.code);
  }
}

/** Letters until one is refused; it comes again and is accepted once there is space. */
async function fillAndFree({ fill, free }: SmallDisk, left: number): Promise<void> {
  fill(left);
  let refused: Buffer | null = null;
  for (let i = 0; i < 40 && refused === null; i++) {
    const { edxml } = letter(FROM, [TO]);
    const code = await send(edxml);
    if (code === null) continue;
    expect(code).toBe('api.storage-unavailable');
    refused = edxml;
  }
  expect(refused).not.toBeNull();
  free();
  if (!(await isReady())) {
    // After a write of which it is not known what reached the disk, the writer asks for a new start.
    expect(await axis.stop()).toBe(0);
    await axis.start();
  }
  expect(await send(refused as Buffer)).toBeNull();
}

async function isReady(): Promise<boolean> {
  return (await fetch(`${axis.operationsUrl}/readyz`)).ok;
}

onDisk(
  'a disk that is really full, at whatever step: the sender comes again, and nothing is lost or twice',
  async () => {
    const small = disk as SmallDisk;
    for (let round = 0; round < ROUNDS; round++)
      await fillAndFree(small, round === 0 ? 0 : random.between(0, MOST_LEFT));

    small.fill(0);
    await axis.kill();
    small.free();
    await axis.start();

    const taken: string[] = [];
    const recipient = clientAt(axis, TO);
    for (let empty = 0; taken.length < accepted.size && empty < 20; ) {
      const items = await recipient.inbox({ limit: 100 });
      if (items.length === 0) empty++;
      for (const { documentId, deliveryId } of items) {
        taken.push(documentId);
        await recipient.acknowledge(deliveryId, 'done');
      }
      if (items.length === 0) await sleep(100);
    }
    expect(taken.sort()).toEqual([...accepted.keys()].sort());
    for (const { edxml, receipt } of accepted.values())
      expect(JSON.stringify((await clientAt(axis, FROM).send(edxml)).receipt)).toBe(receipt);
    expect(await axis.stop()).toBe(0);
    const { code, stdout } = await axis.trucBeside('fsck', '--data', axis.dataDir, '--json');
    expect({ code, faults: JSON.parse(stdout).faults }).toEqual({ code: 0, faults: [] });
  },
  300_000,
);
