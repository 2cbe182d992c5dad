import type { ReportName } from '../reporting/index.ts';
import type { Bilingual, Language } from './language.ts';
import { PROBLEMS, type ProblemCode } from './problems.ts';

/** What each report shows, as a title. */
export const REPORT_TITLES: Readonly<Record<ReportName, Bilingual>> = {
  exchanged: { vi: 'Văn bản điện tử gửi qua trục', en: 'Documents exchanged' },
  'leaders-signing': { vi: 'Tỷ lệ lãnh đạo ký số', en: 'Leaders who sign digitally' },
  'agencies-processing': {
    vi: 'Tỷ lệ cơ quan xử lý văn bản trên môi trường mạng',
    en: 'Agencies that process documents electronically',
  },
  'units-connected': { vi: 'Tỷ lệ đơn vị gửi và nhận văn bản', en: 'Units that send and receive' },
  'units-sending': { vi: 'Tỷ lệ đơn vị gửi văn bản', en: 'Units that send' },
  'units-receiving': { vi: 'Tỷ lệ đơn vị nhận văn bản', en: 'Units that receive' },
  matrix: { vi: 'Văn bản giữa các cấp hành chính', en: 'Documents between levels of the administration' },
  acknowledged: { vi: 'Văn bản được bên nhận xác nhận', en: 'Documents acknowledged by recipients' },
  'on-time': { vi: 'Tỷ lệ xác nhận trong ngày', en: 'Acknowledged on the same day' },
  latency: { vi: 'Thời gian từ lúc gửi đến lúc xác nhận', en: 'Time from submission to acknowledgement' },
  refusals: { vi: 'Văn bản bị trục từ chối, theo lý do', en: 'Submissions refused, by reason' },
  recalls: { vi: 'Văn bản bị thu hồi', en: 'Documents recalled' },
  verdicts: { vi: 'Chất lượng chữ ký số', en: 'Quality of digital signatures' },
};

/** Keys that are not codes of agencies or problems. */
const KEYS: Readonly<Record<string, Bilingual>> = {
  '': { vi: 'Cả nước', en: 'Nation' },
  central: { vi: 'Trung ương', en: 'Central' },
  province: { vi: 'Cấp tỉnh', en: 'Province' },
  district: { vi: 'Cấp huyện (đến 30/6/2025)', en: 'District (until 30 June 2025)' },
  commune: { vi: 'Cấp xã', en: 'Commune' },
  unknown: { vi: 'Chưa rõ', en: 'Unknown' },
  TOTAL_PASSED: { vi: 'Hợp lệ', en: 'Valid' },
  INDETERMINATE: { vi: 'Chưa xác định được', en: 'Cannot be told' },
  TOTAL_FAILED: { vi: 'Không hợp lệ', en: 'Not valid' },
  NO_SIGNATURE: { vi: 'Không có chữ ký', en: 'No signature' },
  'deliveries.latency.p50': { vi: 'Một nửa số văn bản (p50)', en: 'Half of them (p50)' },
  'deliveries.latency.p95': { vi: '95 % số văn bản (p95)', en: '95 % of them (p95)' },
  'deliveries.latency.p99': { vi: '99 % số văn bản (p99)', en: '99 % of them (p99)' },
};

export const FIGURE_WORDS = {
  axes: { vi: 'Gửi / nhận', en: 'From / to' },
  pair: { vi: '{from} gửi {to}', en: '{from} to {to}' },
  none: { vi: 'Chưa có số liệu.', en: 'Nothing was counted yet.' },
  last: { vi: 'Tháng {month}: {value}.', en: '{month}: {value}.' },
  most: { vi: 'Nhiều nhất: {key}, {value}.', en: 'Most: {key}, {value}.' },
  highest: { vi: 'Cao nhất: {key}, {value}.', en: 'Highest: {key}, {value}.' },
  others: {
    vi: 'Hình vẽ {shown} trong {all} dòng; bảng có đủ.',
    en: '{shown} of {all} lines are drawn; the table has all.',
  },
  source: { vi: 'Nguồn: sổ cái {log}, {size} mục', en: 'Source: ledger {log}, {size} entries' },
} as const satisfies Readonly<Record<string, Bilingual>>;

/** A key of a figure as people read it; codes stay as they are. */
export function keyWords(key: string, lang: Language): string {
  if (Object.hasOwn(KEYS, key)) return (KEYS[key] as Bilingual)[lang];
  return Object.hasOwn(PROBLEMS, key) ? PROBLEMS[key as ProblemCode].title[lang] : key;
}

/** `03/2026` */
export function monthWords(month: string): string {
  return `${month.slice(5)}/${month.slice(0, 4)}`;
}

/** A value as people read it: shares as per cent, seconds as minutes or hours where they are many. */
export function valueWords(value: number, unit: string, lang: Language): string {
  const number = (one: number, digits: number) =>
    new Intl.NumberFormat(lang === 'vi' ? 'vi-VN' : 'en-GB', { maximumFractionDigits: digits }).format(one);
  if (unit === 'share') return `${number(value / 100, 2)} %`;
  if (unit !== 'seconds') return number(value, 0);
  if (value < 120) return `${number(value, 0)} ${lang === 'vi' ? 'giây' : 's'}`;
  if (value < 7_200) return `${number(value / 60, 1)} ${lang === 'vi' ? 'phút' : 'min'}`;
  return `${number(value / 3_600, 1)} ${lang === 'vi' ? 'giờ' : 'h'}`;
}
