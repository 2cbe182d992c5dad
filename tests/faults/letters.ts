import { tsaClient } from '../../src/adapters/wire/tsa-client.ts';
import { systemClock } from '../../src/kernel/index.ts';
import { demoFolder, letterMill, openDemoPki, startTsa } from '../../src/lab/index.ts';
import type { AxisProcess } from '../axis-process.ts';

/** Letters of the demo agencies of a node, numbered from `first` on. */
export async function lettersOf(node: AxisProcess, random: () => number, first: number) {
  const pki = await openDemoPki(demoFolder(node.dataDir), systemClock.now());
  const tsa = await startTsa({ pki, clock: systemClock });
  const timestamp = tsaClient({ url: tsa.url });
  const mill = await letterMill({ pki, timestamp, clock: systemClock, random }, first);
  await tsa.close();
  return mill;
}
