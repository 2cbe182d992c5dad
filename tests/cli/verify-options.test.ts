import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { run } from '../../src/cli/index.ts';
import { issuedLetter } from '../builders/pdf.ts';
import { TEST_NOW, testPki } from '../builders/pki.ts';

let folder: string;
let said: string[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'truc-verify-'));
  const { anchors, intermediates, crls } = await testPki();
  for (const [name, list] of Object.entries({ trust: anchors, certs: intermediates, crls })) {
    mkdirSync(join(folder, name));
    for (const [i, der] of list.entries()) writeFileSync(join(folder, name, `${i}.der`), der);
  }
  writeFileSync(join(folder, 'letter.pdf'), await issuedLetter());
  const take = (text: unknown) => said.push(String(text)) > 0;
  jest.spyOn(process.stdout, 'write').mockImplementation(take as typeof process.stdout.write);
});
afterAll(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

async function verify(...options: string[]): Promise<{ code: number; out: string }> {
  said = [];
  const data = ['trust', 'certs', 'crls'].flatMap((name) => [`--${name}`, join(folder, name)]);
  const at = ['--at', new Date(TEST_NOW + 3_600_000).toISOString()];
  const code = await run(['verify', join(folder, 'letter.pdf'), ...data, ...at, ...options]);
  return { code, out: said.join('') };
}

test('--second-opinion adds what pkijs says, in JSON and in sentences', async () => {
  const { code, out } = await verify('--second-opinion', '--json');
  expect(JSON.parse(out)).toMatchObject({
    indication: 'TOTAL_PASSED',
    secondOpinion: { library: 'pkijs', right: 2, wrong: 0, unknown: 0, disagrees: false },
  });
  expect(code).toBe(0);
  expect((await verify('--second-opinion', '--lang', 'en')).out).toContain(
    'Second opinion (pkijs): 2 signatures right, 0 wrong, 0 undecided',
  );
  expect((await verify('--second-opinion')).out).toContain('Ý kiến thứ hai (pkijs): 2 chữ ký đúng');
});

test('--etsi-xml prints the report of TS 119 102-2 instead', async () => {
  const { code, out } = await verify('--etsi-xml');
  expect(out).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<ValidationReport /);
  expect(out.match(/total-passed<\/MainIndication><AssociatedValidationReportData>/g)).toHaveLength(2);
  expect(code).toBe(0);
});

test('--policy takes a built-in name', async () => {
  expect((await verify('--policy', 'strict', '--json')).code).toBe(0);
});

test('--html writes the page beside what is printed, in the language of --lang', async () => {
  const file = join(folder, 'report.html');
  const { code, out } = await verify('--html', file);
  expect([code, out.includes('HỢP LỆ')]).toEqual([0, true]);
  expect(readFileSync(file, 'utf8')).toContain('<title>Báo cáo kiểm tra chữ ký số: Hợp lệ</title>');
  const english = await verify('--html', file, '--lang', 'en', '--json');
  expect(JSON.parse(english.out)).toMatchObject({ indication: 'TOTAL_PASSED' });
  const page = readFileSync(file, 'utf8');
  expect(page).toContain('<title>Signature verification report: Valid</title>');
  expect(page).toContain('letter.pdf');
});

test('--pdf writes the same as a PDF', async () => {
  const file = join(folder, 'report.pdf');
  expect((await verify('--pdf', file, '--html', join(folder, 'both.html'))).code).toBe(0);
  const first = readFileSync(file);
  expect(first.subarray(0, 5).toString()).toBe('%PDF-');
  await verify('--pdf', file);
  expect(readFileSync(file).equals(first)).toBe(true);
});

test('a report of nothing is refused', async () => {
  const empty = join(folder, 'empty');
  mkdirSync(empty);
  const file = join(folder, 'nothing.html');
  expect(await run(['verify', empty, '--html', file])).toBe(2);
  expect(existsSync(file)).toBe(false);
});

test('a report that cannot be written is told', async () => {
  for (const option of ['--html', '--pdf'])
    expect((await verify(option, join(folder, 'no', 'r'))).code).toBe(2);
});
