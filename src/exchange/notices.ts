import { planOne } from '../delivery/index.ts';
import type { Priority } from '../document/index.ts';
import { type JsonValue, sha256Hex } from '../kernel/index.ts';
import type { Stations } from './stations.ts';

export interface Notice {
  /** Tells this notice from others; planning it twice plans it once. */
  subject: string;
  /** Its JSON body; the same for every repeat. */
  body: Readonly<Record<string, JsonValue>>;
  documentId: string;
  priority: Priority;
  sender: { id: string; code: string };
  recipient: { id: string; code: string };
}

/** Puts a notice of the axis into an agency's inbox. */
export async function planNotice({ body, ...notice }: Notice, x: Stations): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(body));
  const sha256 = sha256Hex(bytes);
  const ref = await x.blobs.put({ sha256, bytes });
  await x.deliveries.plan([
    planOne({
      ...notice,
      kind: 'notice',
      content: { ref, sha256, size: bytes.length },
      afterId: null,
      now: x.clock.now(),
      deadlineDays: x.deadlineDays,
    }),
  ]);
  x.queue.wake([notice.recipient.id]);
}
