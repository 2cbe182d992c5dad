import type { EvidenceCheckCode, EvidenceLimit, EvidenceVerdict } from '../evidence/index.ts';
import { stepLines } from './evidence-steps.ts';
import { type Bilingual, fill, type Language } from './language.ts';

const HEADLINES: Readonly<Record<'receipt' | 'package' | 'failed' | 'unknown', Bilingual>> = {
  receipt: {
    vi: '{result}: bước này nằm trong sổ cái {log} (mục {indices}; sổ khi đó có {size} mục) và chưa bị sửa.',
    en: '{result}: this step is in the ledger {log} (entry {indices}; the ledger then had {size}) and has not been changed.',
  },
  package: {
    vi: '{result}: cả {count} bước nằm trong sổ cái {log} (mục {indices}; sổ khi đó có {size} mục), nối liền nhau và chưa bị sửa.',
    en: '{result}: all {count} steps are in the ledger {log} (entries {indices}; the ledger then had {size}), follow each other and have not been changed.',
  },
  failed: {
    vi: 'KHÔNG ĐÚNG: tệp này không chứng minh được điều nó nói.',
    en: 'NOT VALID: this file does not prove what it says.',
  },
  unknown: {
    vi: 'KHÔNG ĐỌC ĐƯỢC: tệp không phải biên nhận hay gói bằng chứng.',
    en: 'NOT READABLE: the file is neither a receipt nor an evidence package.',
  },
};

/** A file that only fits the key inside it must not look like one that was checked. */
const RESULTS: Readonly<Record<EvidenceVerdict['keySource'], Bilingual>> = {
  given: { vi: 'ĐÚNG', en: 'VALID' },
  file: {
    vi: 'CHỈ KHỚP VỚI KHÓA TRONG TỆP (chưa so với khóa đã công bố)',
    en: 'FITS THE KEY IN THE FILE ONLY (not compared with a published key)',
  },
};

const CHECKS: Readonly<Record<EvidenceCheckCode, { passed: Bilingual; failed: Bilingual }>> = {
  'evidence.form': {
    passed: { vi: 'Tệp đọc được', en: 'The file can be read' },
    failed: { vi: 'Tệp hỏng hoặc sai định dạng', en: 'The file is damaged or not of the right form' },
  },
  'evidence.manifest': {
    passed: { vi: 'Các tệp khớp với danh mục', en: 'The files match the manifest' },
    failed: { vi: 'Tệp {at} không khớp với danh mục', en: 'File {at} does not match the manifest' },
  },
  'evidence.key': {
    passed: { vi: 'Khóa của sổ đọc được', en: 'The key of the log can be read' },
    failed: { vi: 'Khóa của sổ không hợp lệ', en: 'The key of the log is not valid' },
  },
  'evidence.checkpoint': {
    passed: { vi: 'Chữ ký của sổ đúng', en: 'The signature of the log is right' },
    failed: {
      vi: 'Chữ ký của sổ sai, hoặc không do khóa này ký',
      en: 'The signature of the log is wrong, or not by this key',
    },
  },
  'evidence.entry': {
    passed: { vi: 'Bước {at} đúng dạng', en: 'Step {at} is well formed' },
    failed: { vi: 'Bước {at} sai dạng', en: 'Step {at} is malformed' },
  },
  'evidence.inclusion': {
    passed: { vi: 'Bước {at} nằm trong sổ', en: 'Step {at} is in the log' },
    failed: { vi: 'Bước {at} không nằm trong sổ', en: 'Step {at} is not in the log' },
  },
  'evidence.chain': {
    passed: {
      vi: 'Các bước nối liền nhau từ bước đầu, không thiếu bước nào ở giữa',
      en: 'The steps follow each other from the first, none is missing in between',
    },
    failed: { vi: 'Chuỗi các bước bị đứt hoặc thiếu', en: 'The chain of steps is broken or has a gap' },
  },
  'evidence.disclosures': {
    passed: { vi: 'Dữ kiện của bước {at} đúng như đã ghi', en: 'The facts of step {at} are those recorded' },
    failed: {
      vi: 'Dữ kiện của bước {at} không phải dữ kiện đã ghi',
      en: 'The facts of step {at} are not those recorded',
    },
  },
  'evidence.original': {
    passed: { vi: 'Văn bản đúng là văn bản đã gửi', en: 'The document is the one that was submitted' },
    failed: {
      vi: 'Văn bản không phải (hoặc không chứng minh được là) văn bản đã gửi',
      en: 'The document is not (or cannot be shown to be) the one that was submitted',
    },
  },
  'evidence.report': {
    passed: { vi: 'Báo cáo kiểm tra chữ ký đúng như đã ghi', en: 'The signature report is the one recorded' },
    failed: {
      vi: 'Báo cáo kiểm tra chữ ký không phải (hoặc không chứng minh được là) báo cáo đã ghi',
      en: 'The signature report is not (or cannot be shown to be) the one recorded',
    },
  },
};

const LIMITS: Readonly<Record<EvidenceLimit, Bilingual>> = {
  'evidence.key-from-file': {
    vi: 'Chưa có khóa từ nguồn độc lập (--vkey): tệp chỉ khớp với chính nó. Hãy so khóa sau với nơi công bố: {vkey}',
    en: 'No key from an independent source (--vkey): the file only fits itself. Compare this key with a published one: {vkey}',
  },
  'evidence.no-witness': {
    vi: 'Không kiểm tra chữ ký của bên làm chứng độc lập: việc sổ cho mỗi người xem một nội dung khác chỉ lộ ra khi các bên so checkpoint.',
    en: 'No independent witness was checked: a log that shows people different things is found out only when parties compare checkpoints.',
  },
  'evidence.time-by-operator': {
    vi: 'Thời điểm các bước là lời của bên vận hành.',
    en: "The times of the steps are the operator's word.",
  },
  'evidence.later-steps': {
    vi: 'Không loại trừ các bước xảy ra sau bước cuối cùng nêu ở đây.',
    en: 'Steps after the last one shown are not ruled out.',
  },
  'evidence.single-step': {
    vi: 'Chỉ chứng minh một bước, không phải toàn bộ lịch sử của văn bản.',
    en: "Only this one step is proven, not the document's whole history.",
  },
  'evidence.facts-not-opened': {
    vi: 'Một số dữ kiện đã ghi không được mở trong tệp này.',
    en: 'Some recorded facts are not opened in this file.',
  },
};

const WORDS: Readonly<Record<'checks' | 'steps' | 'limits', Bilingual>> = {
  checks: { vi: 'Các mục đã kiểm tra:', en: 'What was checked:' },
  steps: { vi: 'Các bước đã được chứng minh:', en: 'The proven steps:' },
  limits: { vi: 'Điều chưa được chứng minh:', en: 'What this does not prove:' },
};

/** What a verdict on evidence says, line by line; the first line is the result. Steps are told only where all holds. */
export function evidenceSentences(verdict: EvidenceVerdict, lang: Language): string[] {
  const lines = [headline(verdict, lang), WORDS.checks[lang], ...checkLines(verdict, lang)];
  if (!verdict.ok) return lines.map(oneLine);
  lines.push(WORDS.steps[lang], ...verdict.entries.flatMap((entry) => stepLines(entry, lang)));
  lines.push(WORDS.limits[lang]);
  for (const limit of verdict.limits) lines.push(`  - ${fill(LIMITS[limit][lang], { ...verdict })}`);
  return lines.map(oneLine);
}

function headline(verdict: EvidenceVerdict, lang: Language): string {
  if (verdict.kind === 'unknown') return HEADLINES.unknown[lang];
  if (!verdict.ok) return HEADLINES.failed[lang];
  const places = verdict.entries.map(({ index }) => index);
  const indices = places.length > 12 ? `${places[0]} … ${places.at(-1)}` : places;
  return fill(HEADLINES[verdict.kind][lang], {
    ...verdict,
    indices,
    count: places.length,
    result: RESULTS[verdict.keySource][lang],
  });
}

/** Failed checks one by one; passed ones once per kind, so that a long history stays readable. */
function checkLines({ checks }: EvidenceVerdict, lang: Language): string[] {
  const failed = checks
    .filter(({ passed }) => !passed)
    .map(
      ({ code, at, cause }) => `  ✗ ${fill(CHECKS[code].failed[lang], { at: at ?? '' })} [${code}: ${cause}]`,
    );
  const failedCodes = new Set(checks.filter(({ passed }) => !passed).map(({ code }) => code));
  const passed = new Map<EvidenceCheckCode, string[]>();
  for (const { code, at } of checks.filter((check) => !failedCodes.has(check.code)))
    passed.set(code, [...(passed.get(code) ?? []), ...(at === null ? [] : [at])]);
  return [
    ...failed,
    ...[...passed].map(([code, at]) => `  ✓ ${fill(CHECKS[code].passed[lang], { at: spanOf(at) })}`),
  ];
}

function spanOf(at: readonly string[]): string {
  return at.length < 3 ? at.join(', ') : `${at[0]}–${at.at(-1)}`;
}

/** What comes from the file must not write lines of its own or turn the reading direction. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
}
