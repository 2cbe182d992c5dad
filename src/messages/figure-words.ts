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
  'registered-on-time': {
    vi: 'Tỷ lệ đăng ký văn bản đến đúng hạn',
    en: 'Incoming documents registered in time',
  },
  'submitted-on-time': {
    vi: 'Tỷ lệ trình, chuyển giao văn bản đến đúng hạn',
    en: 'Incoming documents handed on in time',
  },
  latency: { vi: 'Thời gian từ lúc gửi đến lúc xác nhận', en: 'Time from submission to acknowledgement' },
  refusals: { vi: 'Văn bản bị trục từ chối, theo lý do', en: 'Submissions refused, by reason' },
  recalls: { vi: 'Văn bản bị thu hồi', en: 'Documents recalled' },
  verdicts: { vi: 'Chất lượng chữ ký số', en: 'Quality of digital signatures' },
};

/** What each report counts, in one sentence. */
export const REPORT_NOTES: Readonly<Record<ReportName, Bilingual>> = {
  exchanged: {
    vi: 'Văn bản mới được trục tiếp nhận trong tháng, tính theo cơ quan gửi.',
    en: 'New documents that the axis accepted in the month, by sender.',
  },
  'leaders-signing': {
    vi: 'Lãnh đạo, phó lãnh đạo có ít nhất một chữ ký số hợp lệ trên văn bản gửi trong tháng, trên tổng số trong danh bạ.',
    en: 'Leaders and deputies with at least one valid signature on a document of the month, of all in the registry.',
  },
  'agencies-processing': {
    vi: 'Cơ quan có báo trạng thái tiếp nhận, phân công, xử lý hoặc hoàn thành trong tháng, trên tổng số cơ quan.',
    en: 'Agencies that reported a step of processing in the month, of all agencies.',
  },
  'units-connected': {
    vi: 'Đơn vị vừa gửi vừa nhận văn bản trong tháng, theo cấp hành chính.',
    en: 'Units that sent and received documents in the month, by level.',
  },
  'units-sending': {
    vi: 'Đơn vị có gửi văn bản trong tháng.',
    en: 'Units that sent documents in the month.',
  },
  'units-receiving': {
    vi: 'Đơn vị có nhận văn bản trong tháng.',
    en: 'Units that received documents in the month.',
  },
  matrix: { vi: 'Mỗi nơi nhận được tính một lần.', en: 'Each recipient counts once.' },
  acknowledged: { vi: 'Lượt chuyển được bên nhận xác nhận.', en: 'Deliveries that recipients acknowledged.' },
  'on-time': {
    vi: 'Trong số văn bản được xác nhận, tỷ lệ xác nhận ngay trong ngày gửi (NĐ 30/2020, điều 21).',
    en: 'Of the documents acknowledged, those on the day of their submission (Decree 30/2020, article 21).',
  },
  'registered-on-time': {
    vi: 'Trong số văn bản nơi nhận báo đã tiếp nhận (03), tỷ lệ báo trong ngày đến hoặc ngày làm việc tiếp theo (NĐ 30/2020, điều 4 khoản 2).',
    en: 'Of the documents that recipients reported as registered (03), those on the day of arrival or the next working day (Decree 30/2020, article 4.2).',
  },
  'submitted-on-time': {
    vi: 'Trong số văn bản nơi nhận báo đã chuyển xử lý (04), tỷ lệ báo trong ngày đến hoặc ngày làm việc tiếp theo (NĐ 30/2020, điều 23).',
    en: 'Of the documents that recipients reported as handed on (04), those on the day of arrival or the next working day (Decree 30/2020, article 23).',
  },
  latency: { vi: 'Một nửa, 95 % và 99 % số văn bản.', en: 'Half, 95 % and 99 % of the documents.' },
  refusals: { vi: 'Văn bản giống hệt nhau được tính một lần.', en: 'Identical ones count once.' },
  recalls: {
    vi: 'Văn bản bên gửi thu hồi trong tháng.',
    en: 'Documents that senders recalled in the month.',
  },
  verdicts: { vi: 'Kết luận về chữ ký trên tệp chính.', en: 'Verdicts on the main file.' },
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
  area: { vi: 'Số liệu', en: 'Figures' },
  title: { vi: 'Số liệu gửi, nhận văn bản điện tử', en: 'Figures of the exchange of documents' },
  lead: {
    vi: 'Tính từ sổ cái của trục; ai có bản kết xuất dành cho kiểm toán đều tính lại được đúng các số này.',
    en: 'Counted from the ledger of the axis; whoever has the export for auditors comes to the same numbers.',
  },
  later: { vi: 'Số liệu có sau văn bản đầu tiên.', en: 'There are figures after the first document.' },
  data: { vi: 'Dữ liệu mở', en: 'Open data' },
  proof: {
    vi: 'Mỗi số mang theo mã chỉ số, kỳ, đơn vị tính và điểm kiểm tra của sổ cái. Tỷ lệ trong tệp dữ liệu tính bằng phần vạn.',
    en: 'Each value carries its indicator, period, unit and the checkpoint of the ledger. Shares in the files are in ten-thousandths.',
  },
  key: { vi: 'Phạm vi', en: 'Scope' },
  table: { vi: 'Bảng số liệu', en: 'The numbers as a table' },
  alt: {
    vi: 'Biểu đồ: {title}. Số liệu có trong bảng bên dưới.',
    en: 'Chart: {title}. The numbers are in the table below.',
  },
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
