import { crc32, deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sha256Hex } from '../../src/kernel/index.ts';
import { sample, type World, world } from '../world.ts';

const COMMUNE = 'H53.32.29';
let axis: World;

interface Problem {
  code: string;
  refusalId?: string;
  ledgerIndex?: number;
  [more: string]: unknown;
}

beforeAll(async () => {
  axis = await world({ MAX_BODY_MB: '4' });
});
afterAll(async () => {
  await axis.audit();
  await axis.stop();
});

async function send(body: Buffer | string, headers: Record<string, string> = {}, from = COMMUNE) {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const answer = await axis.fetch(from, '/v1/documents', {
    method: 'POST',
    headers: { 'content-type': 'application/xml', ...headers },
    body: new Uint8Array(bytes),
  });
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    problem: (await answer.json()) as Problem,
  };
}

/** The refusal's entry is in the ledger, and says so by its type alone. */
async function isOnRecord(problem: { ledgerIndex?: number }): Promise<void> {
  const entry = await axis.demo.stations.reader.entry(problem.ledgerIndex as number);
  expect(JSON.parse(entry.toString())).toMatchObject({
    type: 'document.refused',
    erds: 'SubmissionRejection',
  });
}

function letterWith(change: (xml: string) => string): string {
  return change(sample(axis, '01-xa-gui-bo.edxml').toString());
}

describe('a submission is refused with a reason, and the refusal is in the ledger', () => {
  test('a byte of the PDF changed', async () => {
    const xml = letterWith((text) => {
      const start = text.indexOf('ContentTransferEncoded xmlns');
      const at = text.indexOf('>', start) + 1;
      const end = text.indexOf('<', at);
      const pdf = Buffer.from(text.slice(at, end), 'base64');
      const place = pdf.indexOf('stream') + 60;
      pdf[place] = (pdf[place] as number) ^ 1;
      return text.slice(0, at) + pdf.toString('base64') + text.slice(end);
    });
    const { status, problem } = await send(xml);
    expect(status).toBe(422);
    expect(problem).toMatchObject({ code: 'intake.signature-failed' });
    expect(JSON.stringify(problem)).toContain('TOTAL_FAILED');
    await isOnRecord(problem);
  });

  test('an unknown code, with the nearest ones', async () => {
    const { status, problem } = await send(
      letterWith((text) =>
        text.replaceAll('<edXML:OrganId>G09</edXML:OrganId>', '<edXML:OrganId>G90</edXML:OrganId>'),
      ),
    );
    expect(status).toBe(422);
    expect(problem).toMatchObject({
      code: 'intake.unknown-recipient',
      recipients: [{ code: 'G90', cause: 'unknown' }],
    });
    expect(JSON.stringify(problem.recipients)).toContain('"G09"');
    await isOnRecord(problem);
  });

  test('the closed district, with its successor', async () => {
    const { problem } = await send(
      letterWith((text) =>
        text.replaceAll('<edXML:OrganId>G09</edXML:OrganId>', '<edXML:OrganId>H53.32</edXML:OrganId>'),
      ),
    );
    expect(problem).toMatchObject({
      code: 'intake.closed-recipient',
      recipients: [{ cause: 'ended', suggestions: [{ code: COMMUNE }] }],
    });
  });

  test('somebody else in From', async () => {
    const { status, problem } = await send(sample(axis, '02-bo-gui-tinh.edxml'));
    expect(status).toBe(403);
    expect(problem).toMatchObject({ code: 'intake.sender-not-yours' });
  });

  test('a state-secret marking, of which nothing is kept but sender, time and rule', async () => {
    const xml = letterWith((text) => text.replaceAll(/<edXML:Subject>/g, '<edXML:Subject>TỐI MẬT - '));
    const { status, problem } = await send(xml);
    expect(status).toBe(422);
    expect(problem).toMatchObject({ code: 'intake.state-secret' });
    const refusal = await axis.demo.stores.refusals.get(problem.refusalId as string);
    expect(refusal).toMatchObject({ sha256: null, report: null });
    expect(JSON.stringify([refusal, problem])).not.toContain(sha256Hex(xml));
    await isOnRecord(problem);
  });

  test('a DTD, entities, a processing instruction, CDATA', async () => {
    const cases: [string, string][] = [
      ['<!DOCTYPE edXML [<!ENTITY a "b">]><edXML/>', 'edxml.dtd-forbidden'],
      [
        letterWith((text) => text.replace('<edXML:Subject>', '<edXML:Subject><?x y?>')),
        'edxml.processing-instruction-forbidden',
      ],
      [
        letterWith((text) => text.replace('<edXML:Subject>', '<edXML:Subject><![CDATA[x]]>')),
        'edxml.cdata-forbidden',
      ],
    ];
    for (const [xml, cause] of cases) {
      const { status, problem } = await send(xml);
      expect({ status, code: problem.code, cause: problem.cause }).toEqual({
        status: 422,
        code: 'intake.invalid-edxml',
        cause,
      });
      await isOnRecord(problem);
    }
  });

  test('a truncated file', async () => {
    const letter = sample(axis, '01-xa-gui-bo.edxml');
    const { status, problem } = await send(letter.subarray(0, letter.length / 2));
    expect(status).toBe(422);
    expect(problem).toMatchObject({ code: 'intake.invalid-edxml', cause: 'edxml.not-well-formed' });
    await isOnRecord(problem);
  });

  test('a ZIP bomb', async () => {
    const bomb = oneEntryZip(deflateRawSync(Buffer.alloc(300_000_000)), 300_000_000);
    const { status, problem } = await send(letterWith((text) => replaceAttachment(text, bomb)));
    expect(status).toBe(422);
    expect(problem).toMatchObject({ code: 'intake.invalid-edxml', cause: 'edxml.zip-bomb' });
  });

  test('a body of 3 GB by its length alone, before a byte of it is read', async () => {
    const { status, problem } = await new Promise<{ status: number; problem: Record<string, never> }>(
      (resolve, reject) => {
        void tooLarge(3_000_000_000).then(resolve, reject);
      },
    );
    expect(status).toBe(413);
    expect(problem).toMatchObject({ code: 'intake.too-large', limit: 4 * 1024 * 1024, size: 3_000_000_000 });
    await isOnRecord(problem);
  });

  test('a status where a document is expected, and an unknown content type', async () => {
    expect((await send('{}', { 'content-type': 'application/json' })).status).toBe(415);
  });

  test('the same refusal again is one record with a count', async () => {
    const xml = letterWith((text) =>
      text.replaceAll('<edXML:OrganId>G09</edXML:OrganId>', '<edXML:OrganId>G77</edXML:OrganId>'),
    );
    const first = await send(xml);
    const second = await send(xml);
    expect(second.problem.refusalId).toBe(first.problem.refusalId);
    expect(second.problem).toMatchObject({ count: 2, ledgerIndex: first.problem.ledgerIndex });
  });

  test('other bytes under a taken DocumentId, saying what differs', async () => {
    const letter = sample(axis, '01-xa-gui-bo.edxml').toString();
    const sent = await axis.as(COMMUNE).send(Buffer.from(letter));
    const envelope = await send(letter.replace('<edXML:Content>', '<edXML:Content>Bổ sung. '));
    expect(envelope).toMatchObject({
      status: 409,
      problem: { code: 'intake.conflict', existing: sent.documentId, difference: 'envelope' },
    });
    const content = await send(replaceAttachment(letter, Buffer.from('%PDF-1.4\nother')));
    expect(content).toMatchObject({ status: 409, problem: { difference: 'content' } });
  });
});

test('problems speak Vietnamese by default and English when asked', async () => {
  const vi = await send('<edXML/>');
  expect(vi.type).toContain('application/problem+json');
  expect(vi.problem.title).toBe('edXML không đúng chuẩn');
  const en = await send('<edXML/>', { 'accept-language': 'en' });
  expect(en.problem.title).toBe('The edXML is not valid');
  expect(en.problem.code).toBe(vi.problem.code);
});

test('a dry run says what would happen and writes nothing', async () => {
  const size = await axis.demo.stations.reader.size();
  const letter = await axis.letter('H41', ['H41.21.05']);
  const answer = await axis.fetch('H41', '/v1/documents?dryRun=true', {
    method: 'POST',
    headers: { 'content-type': 'application/xml' },
    body: new Uint8Array(letter),
  });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({
    dryRun: true,
    existing: null,
    legalValue: 'replaces_paper',
    verification: { indication: 'TOTAL_PASSED' },
  });
  expect(await axis.demo.stations.reader.size()).toBe(size);
  expect((await axis.as('H41.21.05').inbox()).length).toBe(0);
});

/** Announces a length and sends no body: the answer must come all the same. */
async function tooLarge(length: number) {
  const { request } = await import('node:http');
  const token = await tokenOf(COMMUNE);
  return new Promise<{ status: number; problem: Record<string, never> }>((resolve, reject) => {
    const outgoing = request(`${axis.url}/v1/documents`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/xml',
        'content-length': String(length),
      },
    });
    outgoing.on('response', async (answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk as Buffer);
      outgoing.destroy();
      resolve({ status: answer.statusCode ?? 0, problem: JSON.parse(Buffer.concat(chunks).toString()) });
    });
    outgoing.on('error', reject);
    outgoing.flushHeaders();
  });
}

async function tokenOf(code: string): Promise<string> {
  const agency = axis.credentials.agencies.find((one) => one.code === code);
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: agency?.clientId ?? '',
    client_secret: agency?.clientSecret ?? '',
  });
  return (
    (await (await fetch(`${axis.url}/oauth/token`, { method: 'POST', body })).json()) as {
      access_token: string;
    }
  ).access_token;
}

function replaceAttachment(xml: string, bytes: Buffer): string {
  const start = xml.indexOf('ContentTransferEncoded xmlns');
  const at = xml.indexOf('>', start) + 1;
  return xml.slice(0, at) + bytes.toString('base64') + xml.slice(xml.indexOf('<', at));
}

/** A ZIP with one deflated entry whose headers tell the truth about its size. */
function oneEntryZip(compressed: Buffer, size: number): Buffer {
  const name = Buffer.from('8c2f4e10-6a0d-4b1e-9f57-2d1a7c90b3e1.pdf');
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(8, 4);
  fields.writeUInt32LE(crc32(Buffer.alloc(0)), 10);
  fields.writeUInt32LE(compressed.length, 14);
  fields.writeUInt32LE(size, 18);
  fields.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('504b0304', 'hex'), fields, name, compressed]);
  const central = Buffer.concat([Buffer.from('504b01021400', 'hex'), fields, Buffer.alloc(14), name]);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}
