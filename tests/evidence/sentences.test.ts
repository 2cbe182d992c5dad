import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { KNOWN_STATUSES } from '../../src/document/index.ts';
import { type EvidenceVerdict, verifyEvidence } from '../../src/evidence/index.ts';
import { evidenceSentences } from '../../src/messages/index.ts';
import { packageOf, receiptOf, recordedLog } from '../builders/evidence.ts';
import { VKEY } from '../builders/logs.ts';

let receipt: EvidenceVerdict;
let whole: EvidenceVerdict;
let broken: EvidenceVerdict;
beforeAll(async () => {
  const { letter } = await recordedLog();
  const bytes = Buffer.from(JSON.stringify(receiptOf(letter)));
  receipt = await verifyEvidence(bytes);
  whole = await verifyEvidence(await packageOf(letter), { vkey: VKEY });
  broken = await verifyEvidence(Buffer.from(bytes.toString().replace('H53.32.29', 'H53.32.30')), {
    vkey: VKEY,
  });
});

describe('what a clerk reads', () => {
  test('of a package in Vietnamese: the result, what was checked, each step in a sentence, what is not proven', () => {
    const lines = evidenceSentences(whole, 'vi');
    expect(lines[0]).toMatch(
      /^ĐÚNG: cả 6 bước nằm trong sổ cái test\.example\/ledger\/1 \(mục 0, 2, 4, 6, 8, 10; sổ khi đó có 12 mục\)/,
    );
    expect(lines).toContain(
      '  1. 2026/03/16 09:00:00 (giờ Việt Nam)  Văn bản được nộp vào trục  [document.submitted · SubmissionAcceptance · mục 0]',
    );
    expect(lines).toContain('       Cơ quan gửi (sender): H53.32.29');
    expect(lines).toContain('       Kết luận về chữ ký (indication): hợp lệ (TOTAL_PASSED)');
    expect(lines).toContain('       Gửi đến G09: delivery-1');
    expect(lines).toContain('       (1 dữ kiện không mở)');
    expect(lines.join('\n')).toMatch(/Bên nhận báo: đã tiếp nhận {2}\[status\.03/);
    expect(lines.join('\n')).toMatch(/Điều chưa được chứng minh:\n {2}- .*bên làm chứng/);
  });

  test('of the same in English', () => {
    const lines = evidenceSentences(whole, 'en');
    expect(lines[0]).toMatch(/^VALID: all 6 steps/);
    expect(lines).toContain(
      '  5. 2026/03/16 09:08:08 (Vietnam time)  A recipient confirmed that it has the document  [delivery.acknowledged · ContentHandover · entry 8]',
    );
  });

  test('of a receipt without a key from elsewhere: that it only fits itself, with the key to compare', () => {
    const lines = evidenceSentences(receipt, 'vi');
    expect(lines[0]).toMatch(/^CHỈ KHỚP VỚI KHÓA TRONG TỆP \(.*\): bước này nằm trong sổ cái/);
    expect(evidenceSentences(receipt, 'en')[0]).toMatch(/^FITS THE KEY IN THE FILE ONLY/);
    expect(lines.join('\n')).toContain(
      `  - Chưa có khóa từ nguồn độc lập (--vkey): tệp chỉ khớp với chính nó. Hãy so khóa sau với nơi công bố: ${VKEY}`,
    );
  });

  test('of evidence that does not hold: what is wrong, and no step is told', () => {
    for (const lang of ['vi', 'en'] as const) {
      const lines = evidenceSentences(broken, lang);
      expect(lines[0]).toMatch(/^(KHÔNG ĐÚNG|NOT VALID): /);
      expect(lines.filter((line) => line.includes('✗'))).toHaveLength(1);
      expect(lines.join('\n')).toContain('[evidence.disclosures: sender]');
      expect(lines.join('\n')).not.toContain('[document.submitted');
    }
  });

  test('of every step that the axis records: a sentence of its own', () => {
    const source = readFileSync(join(import.meta.dirname, '../../src/document/event.ts'), 'utf8');
    const types = [...source.matchAll(/^ {2}\| '([a-z.]+)'/gm)].map((match) => match[1] as string);
    const known = [...types, ...KNOWN_STATUSES.map((code) => `status.${code}`)];
    expect(types.length).toBeGreaterThan(10);
    for (const type of known) {
      const told = { ...receipt, entries: [{ ...receipt.entries[0], type }] } as EvidenceVerdict;
      for (const lang of ['vi', 'en'] as const)
        expect(evidenceSentences(told, lang).join('\n')).not.toMatch(
          /Một bước khác|Another st|trạng thái khác/,
        );
    }
  });

  test('of steps and facts that it does not know: their technical names; and no line of the file’s own', () => {
    const [step] = receipt.entries;
    const strange = {
      ...receipt,
      entries: [
        { ...step, type: 'constructor', facts: [{ name: '__proto__', value: 'x\n  ✓ fine\u202e' }] },
        { ...step, type: 'status.99', facts: [{ name: 'toString', value: { a: [1] } }] },
      ],
    } as EvidenceVerdict;
    const lines = evidenceSentences(strange, 'vi');
    expect(lines.join('\n')).toMatch(/Một bước khác {2}\[constructor/);
    expect(lines.join('\n')).toMatch(/Một thông báo trạng thái khác {2}\[status\.99/);
    expect(lines).toContain('       __proto__: x\ufffd  ✓ fine\ufffd');
    expect(lines).toContain('       toString: {"a":[1]}');
    for (const line of lines) expect(line).not.toMatch(/\n/);
  });
});
