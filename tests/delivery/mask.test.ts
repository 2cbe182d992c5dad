import { expect, test } from '@jest/globals';
import { maskedHead, maskedHeaders, maskedUrl } from '../../src/delivery/index.ts';

const head = (text: string) => maskedHead(Buffer.from(text));

test.each([
  ['{"token":"abc def"}', /abc|def/],
  ['{"api_key": "k-1", "ok": true}', /k-1/],
  ["{'client_secret': 's3'}", /s3/],
  ['password=hunter2&x=1', /hunter2/],
  ['Authorization: Bearer eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2ln', /eyJ/],
  ['Set-Cookie: sid=s%3A0123; Path=/', /s%3A0123/],
  ['signature v1a,MEUCIQDx2bq0z1n3f5h7j9l1p3r5t7v9x1z3==', /MEUCIQ/],
  ['ông An, an.nguyễn@xã.gov.vn', /an\.nguyễn/],
  ['CCCD 001 088 012 345', /001|345/],
  ['gọi +84 912 345 678', /912/],
])('secrets and personal numbers of %s are not kept', (text, secret) => {
  expect(head(text)).not.toMatch(secret);
  expect(head(text)).toContain('▒▒▒');
});

test('what helps to find the fault stays: words, short numbers, codes of errors, times', () => {
  const text = 'HTTP 503 lỗi kết nối CSDL ORA-12541 lúc 08:04:09 16/03/2026, thử lại sau 120 giây';
  expect(head(text)).toBe(text);
});

test('the beginning only, on one line, cut after what was masked', () => {
  expect(head('a\n\t b\u202e c\u200b')).toBe('a b c');
  expect([...head('ồ'.repeat(5_000))]).toHaveLength(401);
  const late = `${'x '.repeat(195)}token=${'y'.repeat(300)}`;
  expect(head(late)).not.toContain('yy');
});

test('bytes that are no text give nothing, and no input is refused', () => {
  expect(maskedHead(Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0]))).toBe('');
  expect(maskedHead(Uint8Array.from([0xff, 0xfe, 0x41]))).toContain('A');
  expect(maskedHead(new Uint8Array())).toBe('');
  const long = Buffer.from('a1-'.repeat(500_000));
  expect(maskedHead(long).length).toBeLessThan(500);
});

test('of headers that nobody knows only the name is kept', () => {
  expect(maskedHeaders({ 'Content-Type': 'application/json', 'x-own': 'secret' })).toEqual({
    'Content-Type': 'application/json',
    'x-own': '▒▒▒',
  });
});

test('an address is kept without user, query and what looks like a token in its path', () => {
  expect(maskedUrl('https://u:p@qlvb.example/hook/0123456789abcdef0123456789?k=1#f')).toBe(
    'https://qlvb.example/hook/▒▒▒?▒▒▒',
  );
  expect(maskedUrl('không phải địa chỉ')).toBe('');
});
