import { planDocument } from '../delivery/index.ts';
import type { DocumentRecord } from '../document/index.ts';
import { applyEffects, laterThan } from './effects.ts';
import type { Stations } from './stations.ts';

/** Plans the deliveries of a document, after what it does to earlier ones. Safe to repeat. */
export async function deliver(document: DocumentRecord, x: Stations): Promise<void> {
  await applyEffects(document, x);
  const after = await laterThan(document, x);
  const plan = { now: x.clock.now(), deadlineDays: x.deadlineDays };
  await x.deliveries.plan(planDocument(document, plan, after));
}
