import { expect, test } from '@jest/globals';
import { runsAdded, runsOf } from '../../src/adapters/distributed/ledger-hashes.ts';
import { sha256 } from '../../src/kernel/index.ts';
import { EMPTY_EDGE, extendEdge } from '../../src/ledger/index.ts';
import { seededRandom } from '../random.ts';

test('the runs that were added between two sizes are those of the batches in between, no more and no less', () => {
  const { between } = seededRandom();
  for (let round = 0; round < 50; round++) {
    const batches: { from: number; keys: { level: number; end: number }[] }[] = [];
    let edge = EMPTY_EDGE;
    while (batches.length < 12) {
      const leaves = Array.from({ length: between(1, 40) }, (_, i) => sha256(`${edge.size + i}`));
      const extension = extendEdge(edge, leaves);
      batches.push({ from: edge.size, keys: runsOf(edge.size, extension.levels).map((run) => run._id) });
      edge = extension.edge;
    }
    const start = between(0, batches.length - 1);
    const before = batches[start]?.from as number;
    const bounds = runsAdded(before, edge.size).map(({ _id }) => _id);
    const asked = (key: { level: number; end: number }) =>
      bounds.some(({ $gt, $lte }) => key.level === $gt.level && key.end > $gt.end && key.end <= $lte.end);
    for (const [i, { keys }] of batches.entries())
      for (const key of keys) expect({ key, asked: asked(key) }).toEqual({ key, asked: i >= start });
  }
});
