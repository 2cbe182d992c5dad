import { expect } from '@jest/globals';
import { type TrucClient, trucClient } from '../../src/client/index.ts';
import type { AxisProcess } from '../axis-process.ts';
import { lettersOf } from './letters.ts';

/** The document system of a demo agency that talks to one node. */
export function clientAt(node: AxisProcess, code: string): TrucClient {
  const { clientId, clientSecret } = node
    .credentials()
    .agencies.find((one) => one.code === code) as ReturnType<AxisProcess['credentials']>['agencies'][0];
  return trucClient({ url: node.url, clientId, clientSecret });
}

/** A letter goes in over one node, is fetched and acknowledged over another, and all of it is in its timeline. */
export interface Exchanges {
  /** @returns the latest time that the axis gave one of its steps, milliseconds since 1970 UTC */
  once(over: AxisProcess, back: AxisProcess): Promise<number>;
}

export async function exchanges(node: AxisProcess, random: { next(): number }): Promise<Exchanges> {
  const letter = await lettersOf(node, random.next, 1_000);
  return {
    once: async (over, back) => {
      const sender = clientAt(over, 'G22');
      const recipient = clientAt(back, 'H53');
      const { documentId } = await sender.send(letter('G22', ['H53']).edxml);
      const items = await recipient.inbox({ waitSeconds: 20, limit: 100 });
      const item = items.find((one) => one.documentId === documentId);
      await recipient.content(item?.deliveryId as string);
      await recipient.acknowledge(item?.deliveryId as string, 'done');
      const timeline = await sender.get(`/v1/documents/${documentId}/timeline`);
      const { events } = JSON.parse(timeline.toString()) as { events: { type: string; at: string }[] };
      expect(events.map((event) => event.type)).toContain('delivery.acknowledged');
      return Math.max(...events.map((event) => Date.parse(event.at)));
    },
  };
}

/** One figure of a node's metrics that has no labels. */
export async function figure(node: AxisProcess, name: string): Promise<number> {
  const text = await (await fetch(`${node.operationsUrl}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}
