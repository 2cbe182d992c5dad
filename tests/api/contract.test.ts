import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { z } from 'zod';
import { DocumentReportSchema, FileReportSchema } from '../../src/api/report-schemas.ts';
import {
  AgencyPageSchema,
  AgencySchema,
  DocumentListSchema,
  DocumentSchema,
  EventFeedSchema,
  InboxSchema,
  ProblemSchema,
  ReceiptSchema,
  StatusAnswerSchema,
  SubmissionSchema,
  TimelineSchema,
  TokenSchema,
} from '../../src/api/schemas.ts';
import { newId } from '../../src/kernel/index.ts';
import { sample, type World, world } from '../world.ts';

const COMMUNE = 'H53.32.29';
const MINISTRY = 'G09';
let axis: World;
/** Paths of the signing origin name it as their server. */
type PathItem = Record<string, { security?: unknown[] }> & { servers?: { url: string }[] };
let contract: { paths: Record<string, PathItem> };

beforeAll(async () => {
  axis = await world();
  contract = (await (await fetch(`${axis.url}/openapi.json`)).json()) as typeof contract;
});
afterAll(() => axis.stop());

/** Every answer holds exactly what the contract says: no field missing, none beside it. */
function fits(schema: z.ZodObject, value: unknown): void {
  expect(schema.strict().parse(value)).toEqual(value);
}

async function json(code: string, path: string, init?: RequestInit): Promise<unknown> {
  const answer = await axis.fetch(code, path, init);
  expect({ path, ok: answer.ok }).toEqual({ path, ok: true });
  return answer.json();
}

const post = (body: unknown) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

test('answers of the whole way through fit their schemas', async () => {
  const xml = { method: 'POST', headers: { 'content-type': 'application/xml' } };
  const body = new Uint8Array(sample(axis, '01-xa-gui-bo.edxml'));
  const sent = (await json(COMMUNE, '/v1/documents', { ...xml, body })) as { documentId: string };
  fits(SubmissionSchema, sent);
  const inbox = (await json(MINISTRY, '/v1/inbox')) as { items: { deliveryId: string }[] };
  fits(InboxSchema, inbox);
  await json(MINISTRY, `/v1/inbox/${inbox.items[0]?.deliveryId}/ack`, post({ outcome: 'done' }));
  fits(
    StatusAnswerSchema,
    await json(MINISTRY, '/v1/statuses', post({ documentId: sent.documentId, code: '03' })),
  );
  fits(DocumentSchema, await json(COMMUNE, `/v1/documents/${sent.documentId}`));
  fits(DocumentListSchema, await json(COMMUNE, '/v1/documents'));
  fits(TimelineSchema, await json(COMMUNE, `/v1/documents/${sent.documentId}/timeline`));
  fits(DocumentReportSchema, await json(COMMUNE, `/v1/documents/${sent.documentId}/report`));
  fits(ReceiptSchema, await json(COMMUNE, `/v1/documents/${sent.documentId}/receipt`));
  fits(EventFeedSchema, await json(COMMUNE, '/v1/events'));
  fits(AgencyPageSchema, await json(COMMUNE, '/v1/agencies'));
  fits(AgencySchema, await json(COMMUNE, `/v1/agencies/${MINISTRY}`));
  const pdf = { method: 'POST', headers: { 'content-type': 'application/pdf' } };
  const file = new Uint8Array(sample(axis, '01-xa-gui-bo.pdf'));
  fits(FileReportSchema, await json(COMMUNE, '/v1/verifications', { ...pdf, body: file }));
});

test('a token answer and every problem fit theirs', async () => {
  const { clientId, clientSecret } = axis.credentials.agencies[0] ?? {};
  const form = (secret: string) =>
    new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId ?? '',
      client_secret: secret,
    });
  const token = await fetch(`${axis.url}/oauth/token`, { method: 'POST', body: form(clientSecret ?? '') });
  fits(TokenSchema, await token.json());
  const refused = await fetch(`${axis.url}/oauth/token`, { method: 'POST', body: form('wrong') });
  expect(refused.status).toBe(401);
  expect(await refused.json()).toMatchObject({ error: 'invalid_client' });
  const unknown = await axis.fetch(COMMUNE, '/v1/agencies/H99');
  expect(unknown.headers.get('content-type')).toContain('application/problem+json');
  const problem = await unknown.json();
  expect(ProblemSchema.parse(problem)).toMatchObject({ code: 'agency.unknown', status: 404 });
});

describe('doors', () => {
  test('no operation answers without a token, but the open ones', async () => {
    const keyed = '/v1/sign/prepared/{prepareId}';
    const open = [
      '/oauth/token',
      '/healthz',
      '/v1/webhook-key',
      '/v1/sign/sessions',
      keyed,
      '/v1/sign/files/{key}',
    ];
    for (const [path, { servers, ...operations }] of Object.entries(contract.paths)) {
      if (open.includes(path) || path.startsWith('/ledger/')) continue;
      const url = servers?.[0]?.url ?? axis.url;
      for (const method of Object.keys(operations)) {
        const answer = await fetch(`${url}${path.replace(/\{[^}]+\}/g, 'x')}`, {
          method: method.toUpperCase(),
          headers: { origin: url },
        });
        expect({ path, method, status: answer.status }).toEqual({ path, method, status: 401 });
      }
    }
  });

  test('what is opened by the key in its address alone is not opened by another one', async () => {
    const { signingUrl } = axis.credentials;
    for (const [key, status] of [
      ['', 400],
      ['0'.repeat(64), 404],
    ] as const) {
      const answer = await fetch(`${signingUrl}/v1/sign/prepared/${newId()}?key=${key}`);
      expect({ key, status: answer.status }).toEqual({ key, status });
    }
    for (const [key, status] of [
      ['x', 400],
      ['A'.repeat(43), 404],
    ] as const)
      for (const method of ['GET', 'POST']) {
        const answer = await fetch(`${signingUrl}/v1/sign/files/${key}`, { method });
        expect({ key, method, status: answer.status }).toEqual({ key, method, status });
      }
  });

  test('a document system has no administrator’s rights', async () => {
    for (const [path, { servers: _, ...operations }] of Object.entries(contract.paths))
      for (const [method, { security }] of Object.entries(operations)) {
        if (JSON.stringify(security ?? '').includes('admin') === false) continue;
        const answer = await axis.fetch(COMMUNE, path.replace(/\{[^}]+\}/g, MINISTRY), {
          method: method.toUpperCase(),
        });
        expect({ path, method, status: answer.status }).toEqual({ path, method, status: 403 });
      }
  });

  test('a path that is not in the contract is 404, a method that is not either too', async () => {
    expect((await axis.fetch(COMMUNE, '/v1/nothing')).status).toBe(404);
    expect((await axis.fetch(COMMUNE, '/v1/documents', { method: 'DELETE' })).status).toBe(404);
    expect((await axis.fetch(COMMUNE, '/v1/documents/%ff')).status).toBe(400);
  });
});
