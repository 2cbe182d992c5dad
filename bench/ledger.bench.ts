import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  closeSync,
  fdatasyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedgerJournal } from '../src/adapters/embedded/ledger-journal.ts';
import { signerMemory } from '../src/adapters/embedded/signer-memory.ts';
import { silentLog, sleep, systemClock } from '../src/kernel/index.ts';
import { type AppendRequest, openSequencer, openSigner, type Sequencer } from '../src/ledger/index.ts';
import { type BenchLine, rounded } from './line.ts';

const ORIGIN = 'bench.example/ledger/1';
/** Callers that each wait for their entry before the next; so many entries share a batch at most. */
const CALLERS = 1_024;
const SIZES = process.env.TRUC_BENCH_FULL ? [10_000, 100_000, 1_000_000] : [10_000, 100_000];

/** Appends that answer once they are durable, integrated and covered by a signed checkpoint. */
export async function ledger(): Promise<BenchLine[]> {
  const lines: BenchLine[] = [];
  for (const size of SIZES) lines.push(await full(size));
  lines.push(await calm());
  return lines;
}

async function full(size: number): Promise<BenchLine> {
  return withLog(async (sequencer, folder) => {
    const marks: number[] = [];
    const started = performance.now();
    let next = 0;
    let done = 0;
    const caller = async () => {
      while (next < size) {
        await sequencer.append([aRequest(next++)]);
        if (++done % (size / 10) === 0) marks.push(performance.now());
      }
    };
    await Promise.all(Array.from({ length: CALLERS }, caller));
    const seconds = (performance.now() - started) / 1000;
    const firstTenth = (marks[0] as number) - started;
    const lastTenth = (marks[9] as number) - (marks[8] as number);
    return {
      name: `ledger: ${size.toLocaleString('en')} appends, ${CALLERS} callers`,
      figures: {
        'entries/s': rounded(size / seconds),
        'last tenth / first': rounded(firstTenth / lastTenth),
        'disk bytes per entry': rounded(folderSize(folder) / size),
        'sync of 4 KB, ms': rounded(syncMs(folder)),
        'load average': rounded(loadavg()[0] as number),
      },
    };
  });
}

/** Fifty appends a second, one by one: how long one waits. */
async function calm(): Promise<BenchLine> {
  return withLog(async (sequencer, folder) => {
    const times: number[] = [];
    for (let i = 0; i < 250; i++) {
      const started = performance.now();
      await sequencer.append([aRequest(i)]);
      const took = performance.now() - started;
      times.push(took);
      await sleep(Math.max(0, 20 - took));
    }
    times.sort((a, b) => a - b);
    return {
      name: 'ledger: one append at 50/s',
      figures: {
        'p50 ms': rounded(times[125] as number),
        'p99 ms': rounded(times[247] as number),
        'sync of 4 KB, ms': rounded(syncMs(folder)),
      },
    };
  });
}

function aRequest(index: number): AppendRequest {
  const hash = createHash('sha256').update(String(index)).digest();
  return {
    idem: hash,
    doc: hash.toString('hex').slice(0, 32),
    type: 'document.submitted',
    erds: 'SubmissionAcceptance',
    commit: hash.toString('hex'),
  };
}

async function withLog(
  work: (sequencer: Sequencer, folder: string) => Promise<BenchLine>,
): Promise<BenchLine> {
  const folder = mkdtempSync(join(tmpdir(), 'truc-bench-ledger-'));
  const journal = await openLedgerJournal(join(folder, 'ledger'));
  const memory = signerMemory(join(folder, 'signer.json'));
  const { privateKey } = generateKeyPairSync('ed25519');
  const signer = await openSigner({ origin: ORIGIN, privateKey, memory });
  const sequencer = await openSequencer({
    journal,
    signer,
    clock: systemClock,
    origin: ORIGIN,
    log: silentLog,
  });
  try {
    return await work(sequencer, join(folder, 'ledger'));
  } finally {
    await sequencer.close();
    await journal.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function folderSize(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(folder, name)))
    .reduce((sum, stat) => sum + (stat.isFile() ? stat.blocks * 512 : 0), 0);
}

/** The machine's own part: one write and one sync. */
function syncMs(folder: string): number {
  const file = openSync(join(folder, 'probe'), 'w');
  const block = randomBytes(4096);
  const started = performance.now();
  for (let i = 0; i < 50; i++) {
    writeSync(file, block, 0, block.length, 0);
    fdatasyncSync(file);
  }
  const took = performance.now() - started;
  closeSync(file);
  rmSync(join(folder, 'probe'));
  return took / 50;
}
