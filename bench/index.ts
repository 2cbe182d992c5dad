import { cpus } from 'node:os';
import { accept } from './accept.bench.ts';
import { crl } from './crl.bench.ts';
import { figures } from './figures.bench.ts';
import { formats } from './formats.bench.ts';
import { ledger } from './ledger.bench.ts';
import type { BenchLine } from './line.ts';
import { log } from './log.bench.ts';
import { registry } from './registry.bench.ts';
import { report } from './report.bench.ts';
import { verify } from './verify.bench.ts';

const BENCHES: Record<string, () => Promise<BenchLine[]>> = {
  verify,
  report,
  formats,
  crl,
  accept,
  ledger,
  registry,
  log,
  figures,
};

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !Object.hasOwn(BENCHES, name));
if (unknown !== undefined) {
  process.stderr.write(`no benchmark "${unknown}"; there are: ${Object.keys(BENCHES).join(', ')}\n`);
  process.exit(2);
}

process.stdout.write(`node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}\n`);
for (const [name, run] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const line of await run()) print(line);
}

function print({ name, figures, bar }: BenchLine): void {
  process.stdout.write(`\n${name}\n`);
  for (const [what, value] of Object.entries(figures))
    process.stdout.write(`  ${what.padEnd(24)} ${value}\n`);
  if (!bar) return;
  const verdict = bar.ratio <= bar.atMost ? 'reached' : 'missed';
  process.stdout.write(
    `  ${'ratio to the floor'.padEnd(24)} ${bar.ratio.toFixed(1)} (bar ≤ ${bar.atMost}: ${verdict})\n`,
  );
}
