import type { Scope } from '../reporting/index.ts';
import type { Bilingual } from './language.ts';

/** Words of the quarterly report. */
export const QUARTER_WORDS = {
  title: {
    vi: 'Báo cáo gửi, nhận văn bản điện tử quý {n} năm {year}',
    en: 'Exchange of electronic documents, quarter {n} of {year}',
  },
  lead: {
    vi: 'Báo cáo theo quý (QĐ 28/2018/QĐ-TTg, điều 15 khoản 1), tính từ sổ cái của trục. Tháng tính theo giờ Việt Nam (UTC+07:00).',
    en: 'Quarterly report (QĐ 28/2018 art. 15.1), counted from the ledger of the axis. Months are those of Vietnam time (UTC+07:00).',
  },
  file: { vi: 'bao-cao-quy', en: 'quarterly-report' },
  key: { vi: 'Phạm vi', en: 'Scope' },
  whole: { vi: 'Cả quý', en: 'Quarter' },
  none: { vi: 'Trong quý này chưa có số liệu.', en: 'Nothing was counted in this quarter.' },
  notAdded: {
    vi: 'Một người ký, một cơ quan gửi trong nhiều tháng vẫn là một: tỷ lệ này và thời gian chỉ tính theo tháng.',
    en: 'A leader or an agency that appears in several months is one: these shares, and times, stand by the month alone.',
  },
  more: {
    vi: 'Còn {n} dòng; bảng tính và dữ liệu mở có đủ.',
    en: '{n} more lines: the workbook and the open data have all.',
  },
  proof: { vi: 'Nguồn và cách tính lại', en: 'Source, and how to recompute' },
  proofText: {
    vi: 'Các số trong báo cáo suy ra từ đúng {size} mục đầu của sổ cái {log}, theo điểm kiểm đã ký dưới đây. Ai có bản kết xuất dành cho kiểm toán của sổ cái cỡ này đều tính lại được bằng chương trình độc lập:',
    en: 'The figures follow from exactly the first {size} entries of the ledger {log}, under the signed checkpoint below. Whoever has the auditor’s export of this size comes to the same with an independent program:',
  },
  commands: {
    vi: 'node scripts/recompute-figures.mjs export.ndjson --vkey KHÓA --compare figures.json',
    en: 'node scripts/recompute-figures.mjs export.ndjson --vkey KEY --compare figures.json',
  },
  definitions: { vi: 'Định nghĩa', en: 'Definitions' },
  code: { vi: 'Mã chỉ số', en: 'Indicator' },
  meaning: { vi: 'Cách tính', en: 'What is counted' },
  unit: { vi: 'Đơn vị tính', en: 'Unit' },
  size: { vi: 'Số mục sổ cái', en: 'Entries' },
  log: { vi: 'Sổ cái', en: 'Ledger' },
  checkpoint: { vi: 'Điểm kiểm', en: 'Checkpoint' },
  page: { vi: 'Trang {n}/{of}', en: 'Page {n} of {of}' },
  sheet: { vi: 'Số liệu', en: 'Figures' },
  report: { vi: 'Báo cáo', en: 'Report' },
  by: { vi: 'Chia theo', en: 'By' },
  link: { vi: 'Báo cáo quý', en: 'Quarterly reports' },
  linkText: {
    vi: 'Đủ định nghĩa, điểm kiểm và cách tính lại.',
    en: 'With definitions, checkpoint and how to recompute.',
  },
  running: { vi: 'chưa hết quý', en: 'not over yet' },
} as const satisfies Readonly<Record<string, Bilingual>>;

/** Ways to break a figure down. */
export const SCOPE_WORDS: Readonly<Record<Scope, Bilingual>> = {
  nation: { vi: 'cả nước', en: 'nation' },
  level: { vi: 'cấp hành chính', en: 'level' },
  root: { vi: 'bộ, ngành, địa phương', en: 'ministry or province' },
  pair: { vi: 'cấp gửi và cấp nhận', en: 'level of sender and recipient' },
  reason: { vi: 'lý do', en: 'reason' },
  verdict: { vi: 'kết luận', en: 'verdict' },
};

export const UNIT_WORDS: Readonly<Record<string, Bilingual>> = {
  documents: { vi: 'văn bản', en: 'documents' },
  deliveries: { vi: 'lượt', en: 'deliveries' },
  share: { vi: '%', en: '%' },
  seconds: { vi: 'giây', en: 'seconds' },
};

/** `Quý III/2026` */
export function quarterWords(quarter: string, lang: 'vi' | 'en'): string {
  const [year = '', n = ''] = quarter.split('-Q');
  return lang === 'vi' ? `Quý ${['I', 'II', 'III', 'IV'][Number(n) - 1]}/${year}` : `Q${n} ${year}`;
}
