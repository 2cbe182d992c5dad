import { beforeAll, describe, expect, test } from '@jest/globals';
import { sha256Hex } from '../../src/kernel/index.ts';
import { documentInput, PAGE_POLICY, type ReportInput, reportPage } from '../../src/rendering/index.ts';
import { codeMeanings, type FileReport, verifyFile } from '../../src/verification/index.ts';
import { HOSTILE_TEXTS, hostileReport } from '../builders/hostile.ts';
import { issuedLetter, pdfContext } from '../builders/pdf.ts';
import { many, type ReportKind, sampleReports, submission } from '../builders/reports.ts';

let reports: Record<ReportKind, ReportInput>;
let passed: FileReport;
beforeAll(async () => {
  reports = await sampleReports();
  passed = verifyFile(await issuedLetter(), await pdfContext());
});

/** What a reader sees of a page, one line a block. */
function words(page: string): string {
  const body = page.slice(page.indexOf('<body>'));
  return body
    .replace(/<[^>]*>/g, ' ')
    .replace(/&amp;/g, '&')
    .replace(/&#39;/g, "'")
    .replace(/\s+/g, ' ');
}

describe('what an official reads', () => {
  test('of a document that may replace paper', () => {
    const text = words(reportPage(reports.passed, 'vi'));
    for (const part of [
      'Kiểm tra lúc 11:00:00 16/03/2026, theo chính sách cong-vu.',
      '✓ Hợp lệ',
      'Đủ điều kiện kỹ thuật để có giá trị như bản gốc văn bản giấy',
      'Điều 4 Quyết định số 28/2018/QĐ-TTg',
      'Với tư cách cá nhân: Chủ tịch, Ủy ban nhân dân tỉnh Thử Nghiệm (H98).',
      'Chữ ký của cơ quan: Ủy ban nhân dân tỉnh Thử Nghiệm (H98).',
      'Đã được ký trước 09:00:02 16/03/2026, theo đồng hồ của dịch vụ cấp dấu thời gian Dịch vụ dấu thời gian (thử nghiệm).',
      'Người ký tự khai: 09:00:00 16/03/2026',
      'Nguyễn Văn Thử ← CA phục vụ cơ quan nhà nước G2 (thử nghiệm) ← Root CA chuyên dùng Chính phủ G2 (thử nghiệm)',
      'bản 3: đóng số, ngày ban hành hoặc hình con dấu',
      'TOTAL_PASSED',
      'RSA-2048 with SHA-256',
    ])
      expect(text).toContain(part);
    expect(text).not.toContain('Cần làm gì?');
  });

  test('in English too', () => {
    const text = words(reportPage(reports.passed, 'en'));
    expect(text).toContain('Signed before 16 Mar 2026, 09:00:02, by the clock of');
    expect(text).toContain('Meets the technical conditions to replace the paper original');
  });

  test('of a changed file: who is named is not said to have signed, and what to do', () => {
    const text = words(reportPage(reports.failed, 'vi'));
    for (const part of [
      '✗ Không hợp lệ',
      'Chứng thư ghi tên: Nguyễn Văn Thử',
      'Chữ ký không đạt, nên không chứng minh được người này đã ký.',
      'Nội dung đã bị thay đổi sau khi ký.',
      'Cần làm gì? Không sử dụng tệp này. Đề nghị bên gửi gửi lại bản gốc.',
      'Không xét khi kiểm tra tệp rời',
    ])
      expect(text).toContain(part);
    expect(text).not.toContain('Đã được ký trước');
  });

  test('of what cannot be decided: the reason and that it is for information', () => {
    const text = words(reportPage(reports.undecided, 'en'));
    for (const part of [
      'Not decided',
      'For information only',
      'A signature did not pass.',
      'There is no data on whether the certificate was revoked.',
      "Check again when the issuer's revocation data are up to date.",
    ])
      expect(text).toContain(part);
  });

  test('of another signer than the envelope names: both names and the reason', () => {
    const text = words(reportPage(reports.mismatch, 'vi'));
    expect(text).toContain('Người ký mà văn bản điện tử nêu: Trần Thị Khác, Chủ tịch .');
    expect(text.match(/Không phải người ký mà văn bản điện tử nêu\./g)).toHaveLength(1);
    expect(text).toContain('Người ký số không phải là người ký mà văn bản điện tử nêu (SignerInfo).');
    expect(text).toContain('Nguyễn Văn Thử');
  });

  test('of a name that looks like the signer and is another: which letter it is', () => {
    const stored = submission(passed, ['legal.signer-not-as-declared']);
    const declaredSigner = { fullName: 'Nguyễn Văn Тhử', position: 'Chủ tịch' };
    const page = reportPage(documentInput({ ...stored, declaredSigner }, null), 'vi');
    expect(words(page)).toContain('Tên có chữ cái không thuộc bảng chữ tiếng Việt: “Т” U+0422.');
    expect(words(reportPage(reports.mismatch, 'vi'))).not.toContain('Tên có chữ cái');
  });

  test('of a certificate that the registry does not know, and of a report made before it was asked', () => {
    const stored = submission(passed);
    const said = (more: object) => words(reportPage(documentInput({ ...stored, ...more }, null), 'vi'));
    expect(said({ bindings: [] })).toContain(
      'Chứng thư chưa có trong danh bạ nên không rõ ký với tư cách gì.',
    );
    expect(said({ bindings: undefined })).toContain('Tư cách ký không được đối chiếu với danh bạ.');
  });

  test('of several files and signatures: how many stand how', () => {
    expect(words(reportPage(reports.several, 'vi'))).toContain('Hợp lệ: 1 · Không có chữ ký số: 1.');
    const [one, two] = passed.signatures;
    const report = { ...passed, signatures: [one!, { ...two!, indication: 'TOTAL_FAILED' as const }] };
    const page = reportPage(documentInput(submission(report), null), 'vi');
    expect(words(page)).toContain('2 chữ ký số. Hợp lệ: 1 · Không hợp lệ: 1.');
  });

  test('of a container: which files are signed, the first of very many', () => {
    const files = Array.from({ length: 40 }, (_, i) => `tệp ${i + 1}.pdf`);
    const report = { ...passed, signatures: [{ ...passed.signatures[0]!, files }] };
    const text = words(reportPage(documentInput(submission(report), null), 'vi'));
    expect(text).toContain('Các tệp được ký: tệp 1.pdf; tệp 2.pdf;');
    expect(text).toContain('tệp 12.pdf … và 28 mục nữa');
    expect(text).not.toContain('tệp 13.pdf');
  });

  test('of an annex that the registry knows the seal of', () => {
    const stored = submission(passed);
    const annex = { ...passed, name: 'phụ lục.pdf', role: 'annex' as const };
    const attachments = [...stored.attachments, { ...annex, signatures: [passed.signatures[1]!] }];
    const page = reportPage(documentInput({ ...stored, attachments }, null), 'vi');
    expect(words(page).match(/Chữ ký của cơ quan: Ủy ban nhân dân tỉnh Thử Nghiệm \(H98\)/g)).toHaveLength(2);
  });

  test('of every code: its sentence stands on the page', () => {
    for (const code of Object.keys(codeMeanings) as (keyof typeof codeMeanings)[]) {
      const [one] = passed.signatures;
      const report = { ...passed, signatures: [{ ...one!, warnings: [code] }] };
      const page = words(reportPage(documentInput(submission(report), null), 'vi'));
      expect(page.split(code)).toHaveLength(2);
      const notes = reportPage(documentInput(submission(report), null), 'vi').match(/class="note"/g);
      expect(notes).toHaveLength(1);
    }
  });
});

describe('the page', () => {
  test('holds no script, handler, style attribute or address, and its policy names its own style sheet', () => {
    const page = reportPage(reports.passed, 'vi');
    expect(page).not.toMatch(/<script|<iframe|<object|<form|\son\w+=|\sstyle=|https?:|javascript:/i);
    const style = /<style>([\s\S]*)<\/style>/.exec(page)?.[1] ?? '';
    const hash = Buffer.from(sha256Hex(style), 'hex').toString('base64');
    expect(PAGE_POLICY).toContain(`style-src 'sha256-${hash}'`);
    expect(page).toContain('<html lang="vi">');
  });

  test('is the same for the same report', () => {
    expect(reportPage(reports.many, 'vi')).toBe(reportPage(structuredClone(reports.many), 'vi'));
  });

  test('of very many signatures shows a hundred and says how many it left out', () => {
    const report = many(passed, 25_000);
    const page = reportPage(documentInput(submission(report), null), 'vi');
    expect(page.match(/<article/g)).toHaveLength(100);
    expect(page).toContain('Còn 24900 chữ ký không in ở đây');
    expect(page.length).toBeLessThan(1_000_000);
  });
});

describe.each(HOSTILE_TEXTS)('names that hold %s', (_, text) => {
  test.each(['vi', 'en'] as const)('do nothing to the page in %s', (lang) => {
    const plain = reportPage(documentInput(submission(hostileReport(passed, 'x')), 'x'), lang);
    const stored = submission(hostileReport(passed, text));
    const name = { fullName: text, position: text };
    const bindings = stored.bindings!.map((one) => ({
      ...one,
      title: text,
      agency: { code: text, name: text },
    }));
    const attachments = stored.attachments.map((one) => ({ ...one, name: text }));
    const hostile = { ...stored, declaredSigner: name, bindings, attachments };
    const page = reportPage(documentInput(hostile, text.slice(0, 50)), lang);
    const elements = (of: string) =>
      [...of.matchAll(/<(\/?[a-z][^\s>]*)/g)]
        .map(([, tag]) => tag)
        .filter((tag) => tag !== 'p' && tag !== '/p');
    expect(elements(page)).toEqual(elements(plain));
    expect(page.slice(page.indexOf('<body>'))).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    expect(page.length).toBeLessThan(plain.length + 60 * 310 * 6);
  });
});
