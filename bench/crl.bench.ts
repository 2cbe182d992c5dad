import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootAuthority } from '../tests/builders/forged-pki.ts';
import { largeCrl, revokedNumber } from '../tests/builders/large-crl.ts';
import { TEST_NOW } from '../tests/builders/pki.ts';
import { type BenchLine, rounded } from './line.ts';

const ENTRIES = 1_000_000;
const LOOK_UPS = 20_000;

interface Loaded {
  hits: number;
  loadMs: number;
  rssMb: number;
  lookUpMicroseconds: number;
}

/** A CRL of a million entries: read, its signature checked, indexed and asked, in a process of its own. */
export async function crl(): Promise<BenchLine[]> {
  const folder = mkdtempSync(join(tmpdir(), 'truc-bench-'));
  try {
    const issuer = rootAuthority(TEST_NOW, 'Gốc');
    const files = ['list.crl', 'anchor.crt', 'numbers.json'].map((name) => join(folder, name));
    const [list = '', anchor = '', numbers = ''] = files;
    writeFileSync(list, largeCrl(issuer, ENTRIES, TEST_NOW));
    writeFileSync(anchor, issuer.certificate);
    // Every second number is not on the list.
    const asked = Array.from({ length: LOOK_UPS }, (_, i) =>
      revokedNumber((i % 2) * ENTRIES + ((i * 7_919) % ENTRIES)).toString('hex'),
    );
    writeFileSync(numbers, JSON.stringify(asked));
    const printed = execFileSync(process.execPath, [join(import.meta.dirname, 'crl-load.ts'), ...files]);
    const { hits, loadMs, rssMb, lookUpMicroseconds } = JSON.parse(printed.toString()) as Loaded;
    if (hits !== LOOK_UPS / 2) throw new TypeError(`${hits} of ${LOOK_UPS} found`);
    const figures = {
      'list MB': rounded(statSync(list).size / 1_048_576),
      'load ms': rounded(loadMs),
      'memory growth MB': rounded(rssMb),
      'look-up µs': rounded(lookUpMicroseconds),
    };
    return [{ name: 'a CRL of a million entries: read, signature checked, indexed', figures }];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
