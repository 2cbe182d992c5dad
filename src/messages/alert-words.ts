import type { Alert, AlertNews, Measure } from '../alerts/index.ts';
import type { Bilingual, Language } from './language.ts';

/** What is measured, with the unit of its values. */
export const MEASURE_WORDS: Readonly<Record<Measure, Bilingual & { unit: Bilingual }>> = {
  'oldest-waiting-seconds': {
    vi: 'Văn bản chờ lâu nhất',
    en: 'Oldest waiting delivery',
    unit: { vi: 'giây', en: 's' },
  },
  'dead-letters': {
    vi: 'Lượt chuyển đã dừng đến một cơ quan',
    en: 'Deliveries to an agency that stopped',
    unit: { vi: 'lượt', en: '' },
  },
  'certificate-days': {
    vi: 'Chứng thư của tổ chức chứng thực sắp hết hạn',
    en: "An authority's certificate is about to end",
    unit: { vi: 'ngày', en: 'days' },
  },
  'crl-hours': {
    vi: 'Danh sách thu hồi (CRL) sắp hết hạn',
    en: 'A revocation list is about to end',
    unit: { vi: 'giờ', en: 'h' },
  },
  'tsa-seconds': {
    vi: 'Dịch vụ cấp dấu thời gian chậm',
    en: 'Time-stamps are slow',
    unit: { vi: 'giây', en: 's' },
  },
  'clock-apart-seconds': {
    vi: 'Đồng hồ máy chủ lệch',
    en: 'The clock is apart from the stores',
    unit: { vi: 'giây', en: 's' },
  },
  'disk-free-bytes': {
    vi: 'Dung lượng đĩa còn trống',
    en: 'Free disk space',
    unit: { vi: 'byte', en: 'bytes' },
  },
  'disk-days': {
    vi: 'Dự báo đĩa sẽ đầy',
    en: 'Forecast of a full disk',
    unit: { vi: 'ngày nữa', en: 'days left' },
  },
  'ledger-fault': {
    vi: 'Sổ cái không ghi được',
    en: 'The ledger cannot be written',
    unit: { vi: '', en: '' },
  },
  'ledger-lag-seconds': {
    vi: 'Bước nghiệp vụ chưa vào sổ cái',
    en: 'A step that the ledger has not got',
    unit: { vi: 'giây', en: 's' },
  },
  'ledger-inconsistent': {
    vi: 'Sổ cái không nối tiếp bản đã thấy trước đó',
    en: 'The log does not continue the one that was seen',
    unit: { vi: '', en: '' },
  },
};

export const ALERT_STATES: Readonly<Record<Alert['state'], Bilingual>> = {
  pending: { vi: 'Đang theo dõi', en: 'Pending' },
  firing: { vi: 'Đang cảnh báo', en: 'Firing' },
  resolved: { vi: 'Đã hết', en: 'Over' },
};

export const ALERT_WORDS = {
  lead: {
    vi: 'Mỗi cảnh báo có người nhận xử lý, và được báo khi đã hết.',
    en: 'Each alarm becomes somebody’s case, and its end is told.',
  },
  now: { vi: 'Cảnh báo hiện tại', en: 'Alarms now' },
  none: { vi: 'Không có cảnh báo nào', en: 'There are no alarms' },
  past: { vi: 'Đã hết', en: 'Past alarms' },
  rules: { vi: 'Quy tắc', en: 'Rules' },
  rule: { vi: 'Quy tắc', en: 'Rule' },
  what: { vi: 'Nội dung', en: 'What' },
  value: { vi: 'Giá trị', en: 'Value' },
  limit: { vi: 'Ngưỡng', en: 'Limit' },
  above: { vi: 'trên', en: 'above' },
  below: { vi: 'dưới', en: 'below' },
  lasting: { vi: 'kéo dài', en: 'for' },
  since: { vi: 'Từ', en: 'Since' },
  until: { vi: 'Đến', en: 'Until' },
  severity: { vi: 'Mức', en: 'Severity' },
  warning: { vi: 'Cần chú ý', en: 'Warning' },
  critical: { vi: 'Nghiêm trọng', en: 'Critical' },
  take: { vi: 'Nhận xử lý', en: 'Take the case' },
  taken: { vi: 'Đã nhận xử lý', en: 'The case is yours' },
  takenBy: { vi: 'Người xử lý', en: 'Taken by' },
  gone: { vi: 'Cảnh báo đã hết hoặc đã có người nhận', en: 'It is over, or somebody has taken it' },
  told: { vi: 'Báo qua', en: 'Told by' },
  nobody: {
    vi: 'chưa cấu hình nơi nhận, chỉ hiện ở trang này',
    en: 'nothing is configured: on this page only',
  },
  mail: { vi: 'thư điện tử', en: 'mail' },
  webhook: { vi: 'webhook', en: 'webhook' },
  preview: { vi: 'Xem trước trên dữ liệu đã qua', en: 'Preview on past data' },
  previewLead: {
    vi: 'Quy tắc này, với ngưỡng dưới đây, sẽ đã báo những lần nào trong 14 ngày qua.',
    en: 'When this rule, with the limit below, would have been an alarm in the last 14 days.',
  },
  previewNone: { vi: 'Không lần nào', en: 'Not once' },
  previewNoData: { vi: 'Chưa có dữ liệu đã qua', en: 'There are no samples yet' },
  samples: { vi: 'mẫu đo', en: 'samples' },
  worst: { vi: 'Xa ngưỡng nhất', en: 'Farthest beyond' },
  forSeconds: { vi: 'Kéo dài (giây)', en: 'For (seconds)' },
  show: { vi: 'Xem', en: 'Show' },
  label: { vi: 'Đối tượng', en: 'Of' },
} as const satisfies Readonly<Record<string, Bilingual>>;

/** Seconds from which people count in minutes, hours and days. */
const LARGER = [
  [86_400, { vi: 'ngày', en: 'days' }],
  [3_600, { vi: 'giờ', en: 'h' }],
  [60, { vi: 'phút', en: 'min' }],
] as const;

/** A value with its unit, as people read it. */
export function measureText(measure: Measure, value: number, lang: Language): string {
  const found = measure.endsWith('-seconds')
    ? LARGER.find(([size]) => Math.abs(value) >= 2 * size)
    : undefined;
  const [size, unit] = found ?? [1, MEASURE_WORDS[measure].unit];
  const shown = value / size;
  const digits = { maximumFractionDigits: Math.abs(shown) < 10 ? 1 : 0 };
  return `${new Intl.NumberFormat(lang, digits).format(shown)} ${unit[lang]}`.trim();
}

/** One alarm in a line: `Nghiêm trọng · Văn bản chờ lâu nhất (4): 1.200 giây, ngưỡng 900 giây`. */
export function alertLine({ measure, label, severity, value, limit, state }: Alert, lang: Language): string {
  const of = label === '' ? '' : ` (${label})`;
  const over = state === 'resolved' ? `${ALERT_STATES.resolved[lang]} · ` : '';
  return `${over}${ALERT_WORDS[severity][lang]} · ${MEASURE_WORDS[measure][lang]}${of}: ${measureText(measure, value, lang)}, ${ALERT_WORDS.limit[lang].toLowerCase()} ${measureText(measure, limit, lang)}`;
}

/** A round's news as a mail: Vietnamese first, English under it. @param url of the console's page */
export function alertMail({ at, alerts }: AlertNews, url: string): { subject: string; text: string } {
  const firing = alerts.filter((one) => one.state === 'firing');
  const over = alerts.length - firing.length;
  const worst = firing.some((one) => one.severity === 'critical') ? 'NGHIÊM TRỌNG · ' : '';
  const parts = [firing.length > 0 ? `${firing.length} cảnh báo` : '', over > 0 ? `${over} đã hết` : ''];
  const lines = (lang: Language) => alerts.map((one) => `- ${alertLine(one, lang)}`).join('\n');
  return {
    subject: `[Trục] ${worst}${parts.filter((one) => one !== '').join(', ')}`,
    text: `${lines('vi')}\n\n${lines('en')}\n\n${url}\n${at}\n`,
  };
}
