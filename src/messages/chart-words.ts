import type { Bilingual } from './language.ts';

/** Words of the console's charts. */
export const CHART_WORDS = {
  title: { vi: 'Biểu đồ', en: 'Charts' },
  lead: {
    vi: 'Vẽ từ đúng những lượt chuyển mà bộ lọc chọn; bấm vào số để mở danh sách tương ứng.',
    en: 'Drawn from the very deliveries that the filter chooses; a number opens its list.',
  },
  of: { vi: 'Tính trên {n} lượt chuyển', en: 'Of {n} deliveries' },
  ofNewest: { vi: 'Tính trên {n} lượt chuyển mới nhất', en: 'Of the newest {n} deliveries' },
  days: { vi: 'Lượt chuyển theo ngày', en: 'Deliveries by day' },
  levels: { vi: 'Cấp gửi và cấp nhận', en: 'Levels of senders and recipients' },
  reasons: { vi: 'Lý do không chuyển được', en: 'Why deliveries failed' },
  most: { vi: 'Nhiều nhất: {key}, {value}.', en: 'Most: {key}, {value}.' },
  none: { vi: 'Không có lượt chuyển nào.', en: 'There are no deliveries.' },
  axes: { vi: 'Nơi gửi ↓ · Nơi nhận →', en: 'From ↓ · To →' },
  day: { vi: 'Ngày', en: 'Day' },
  reason: { vi: 'Lý do', en: 'Reason' },
  count: { vi: 'Lượt chuyển', en: 'Deliveries' },
  open: { vi: 'Chưa xong', en: 'Open' },
  pair: { vi: '{from} gửi {to}', en: '{from} to {to}' },
  table: { vi: 'Số liệu', en: 'Data' },
  source: { vi: 'Nhật ký văn bản', en: 'Delivery log' },
} as const satisfies Readonly<Record<string, Bilingual>>;
