import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PAGE_POLICY } from '../../src/rendering/index.ts';
import { issuedLetter } from '../builders/pdf.ts';
import { type World, world } from '../world.ts';

const COMMUNE = 'H53.32.29';
const MINISTRY = 'G09';
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

let axis: World;
let documentId: string;
let stored: string;
beforeAll(async () => {
  axis = await world();
  const sent = await axis.as(COMMUNE).send(await axis.letter(COMMUNE, [MINISTRY]));
  documentId = sent.documentId;
  stored = await (await report()).text();
});
afterAll(() => axis.stop());

function report(headers: Record<string, string> = {}, query = '', code = MINISTRY): Promise<Response> {
  return axis.fetch(code, `/v1/documents/${documentId}/report${query}`, { headers });
}

test.each([undefined, '*/*', 'application/json', 'application/xml', 'application/*;q=0.5, text/html;q=0.1'])(
  'Accept %s: JSON, as it always was',
  async (accept) => {
    const answer = await report(accept === undefined ? {} : { accept });
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.headers.get('vary')).toBe('Accept, Accept-Language');
    expect(await answer.text()).toBe(stored);
    expect(JSON.parse(stored)).toMatchObject({ indication: 'TOTAL_PASSED', legalValue: 'replaces_paper' });
  },
);

test('a browser gets the page, under its own policy, in Vietnamese or in the language that it asks for', async () => {
  for (const [headers, lang, title] of [
    [{ accept: BROWSER }, 'vi', 'Báo cáo kiểm tra chữ ký số: Hợp lệ'],
    [{ accept: BROWSER, 'accept-language': 'en-GB,en;q=0.9' }, 'en', 'Signature verification report: Valid'],
  ] as const) {
    const answer = await report(headers);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('content-security-policy')).toBe(PAGE_POLICY);
    expect(answer.headers.get('content-language')).toBe(lang);
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
    const page = await answer.text();
    expect(page).toContain(`<title>${title}</title>`);
    expect(page).toContain('Lê Thị Ngọc Lan');
    expect(page).toContain('Ủy ban nhân dân xã Ninh Điền (H53.32.29)');
    expect(page).toContain(documentId);
  }
});

test('?format= goes before Accept, and an unknown one is refused', async () => {
  const html = await report({ accept: 'application/json' }, '?format=html');
  expect(html.headers.get('content-type')).toContain('text/html');
  expect(await (await report({ accept: BROWSER }, '?format=json')).text()).toBe(stored);
  const wrong = await report({}, '?format=docx');
  expect([wrong.status, ((await wrong.json()) as { code: string }).code]).toEqual([
    400,
    'api.invalid-request',
  ]);
});

test('as a PDF, the same bytes each time', async () => {
  const asked = [await report({ accept: 'application/pdf' }), await report({}, '?format=pdf')];
  const [first, second] = await Promise.all(asked.map(async (one) => Buffer.from(await one.arrayBuffer())));
  expect(asked[0]?.headers.get('content-type')).toBe('application/pdf');
  expect(asked[0]?.headers.get('content-language')).toBe('vi');
  expect(first?.subarray(0, 5).toString()).toBe('%PDF-');
  expect(second?.equals(first as Buffer)).toBe(true);
});

test('who is no party of the document gets no page either', async () => {
  expect((await report({ accept: BROWSER }, '', 'H41')).status).toBe(404);
});

test('a file alone: JSON, or the page', async () => {
  const body = new Uint8Array(await issuedLetter());
  const post = (query: string, headers: Record<string, string>) =>
    axis.fetch(COMMUNE, `/v1/verifications${query}`, { method: 'POST', body, headers });
  const type = { 'content-type': 'application/pdf' };
  const json = (await (await post('', type)).json()) as { indication: string; sha256: string };
  expect(json).toMatchObject({ format: 'pdf', indication: 'INDETERMINATE' });
  for (const answer of [await post('', { ...type, accept: 'text/html' }), await post('?format=html', type)]) {
    const page = await answer.text();
    expect(page).toContain('Chưa đủ căn cứ để kết luận');
    expect(page).toContain('Không xét khi kiểm tra tệp rời');
    expect(page).toContain(json.sha256);
  }
});
