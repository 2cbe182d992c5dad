import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sleep } from '../../src/kernel/index.ts';
import { checkHistory, emptyHistory, startLoad } from '../../src/lab/index.ts';
import { type AxisProcess, axisProcess } from '../axis-process.ts';
import { prefixed, type SharedStores, sharedStores } from '../nodes.ts';
import { seededRandom } from '../random.ts';
import { describeWithServices } from '../services.ts';
import { lettersOf } from './letters.ts';

/** The last commit whose program writes layout 2. */
const OLDER = 'de97358b01757c57af6d1af2e87d15827e8c00fb';
const PROJECT = join(import.meta.dirname, '..', '..');
const BETWEEN_MS = 3_000;

/** The sources of that commit beside what is installed here; null where the clone does not have its history. */
function olderProgram(): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'truc-older-'));
  const unpacked = spawnSync(
    'bash',
    ['-c', 'set -o pipefail; git -C "$0" archive "$1" | tar -x -C "$2"', PROJECT, OLDER, folder],
    { encoding: 'utf8' },
  );
  if (unpacked.status !== 0) {
    rmSync(folder, { recursive: true });
    console.info(`not run: nodes of two versions (the history does not have ${OLDER.slice(0, 7)})`);
    return null;
  }
  for (const name of ['node_modules', '.runtime']) symlinkSync(join(PROJECT, name), join(folder, name));
  return folder;
}

const older = olderProgram();
const random = seededRandom();

describeWithServices('nodes of the layout before are replaced under load', () => {
  let stores: SharedStores;
  let before: AxisProcess[] = [];
  let after: AxisProcess[] = [];
  let refused: AxisProcess;
  beforeAll(async () => {
    if (older === null) return;
    stores = await sharedStores();
    const settings = prefixed(stores.settings);
    const main = join(older, 'src', 'main.ts');
    before = [await axisProcess([], settings, main), await axisProcess([], settings, main)];
    after = [await axisProcess([], settings), await axisProcess([], settings)];
    refused = await axisProcess([], settings, main);
    for (const node of before) await node.start();
  }, 600_000);
  afterAll(async () => {
    await Promise.all([...before, ...after, ...(refused ? [refused] : [])].map((node) => node.remove()));
    await stores?.remove();
    if (older !== null) rmSync(older, { recursive: true });
  }, 300_000);

  (older === null ? test.skip : test)(
    'both serve side by side, the layout changes in two steps, and nothing is lost; then the older program is kept out',
    async () => {
      const [first, second] = after as [AxisProcess, AxisProcess];
      const { agencies, vkey } = (before[0] as AxisProcess).credentials();
      const letter = await lettersOf(before[0] as AxisProcess, random.next, 3_000);
      const history = emptyHistory();
      const urls = [...before, ...after].map((node) => node.url);
      const load = startLoad({
        urls,
        agencies,
        letter,
        random: random.next,
        senders: 3,
        pauseMs: 100,
        history,
      });
      await sleep(BETWEEN_MS);
      for (const [i, node] of after.entries()) {
        await node.start();
        await sleep(BETWEEN_MS);
        expect(await before[i]?.stop()).toBe(0);
      }
      const migrate = async (...how: string[]) =>
        JSON.parse((await first.trucBeside('migrate', ...how)).stdout);
      expect(await migrate()).toEqual({ version: 3, readableFrom: 2 });
      expect(await migrate('--contract')).toEqual({ version: 3, readableFrom: 3 });
      // From their next start on they use what no older program reads.
      for (const node of after) {
        expect(await node.stop()).toBe(0);
        await node.start();
      }
      await sleep(BETWEEN_MS);
      await load.endSending();
      await load.endTaking(60_000);
      console.info(
        `${history.sent.length} letters, ${history.taken.length} deliveries, longest time without an accepted letter ${Math.round(history.longestSilenceMs)} ms`,
      );
      expect(await checkHistory({ url: second.url, agencies, vkey, history })).toEqual([]);
      const { code, stdout } = await first.trucBeside('fsck', '--json');
      expect({ code, faults: JSON.parse(stdout).faults }).toEqual({ code: 0, faults: [] });
      await expect(refused.start()).rejects.toThrow(/adapters\.store-newer/);
    },
    300_000,
  );
});
