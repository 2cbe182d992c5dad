import type { PublicationReason } from '../reporting/index.ts';
import type { Bilingual } from './language.ts';

const REASONS: Readonly<Record<PublicationReason, Bilingual>> = {
  'month-over': { vi: 'Hết tháng', en: 'The month was over' },
  'set-changed': { vi: 'Bộ chỉ số mới', en: 'Another set of indicators' },
  restated: { vi: 'Công bố lại', en: 'Restated' },
};

/** Words of what was published once. */
export const TOLD_WORDS = {
  ...REASONS,
  title: { vi: 'Số đã công bố', en: 'Published figures' },
  text: {
    vi: 'Hết tháng, số của tháng được công bố thành một phiên bản, ghi vào sổ cái. Phiên bản sau không xóa phiên bản trước.',
    en: 'When a month is over its figures are published as a version, which is an entry of the ledger. A later version does not erase the one before.',
  },
  month: { vi: 'Tháng', en: 'Month' },
  version: { vi: 'Phiên bản', en: 'Version' },
  reason: { vi: 'Lý do', en: 'Reason' },
  at: { vi: 'Công bố lúc', en: 'Published' },
  index: { vi: 'Mục sổ cái', en: 'Ledger entry' },
  waiting: { vi: 'chờ ghi sổ', en: 'waits for the ledger' },
  changed: { vi: 'Số đã thay đổi sau khi công bố', en: 'Figures that changed after publication' },
  changedText: {
    vi: 'Mọi giá trị từng công bố đều được giữ, cùng lý do.',
    en: 'Every value that was published is kept, with its reason.',
  },
  figure: { vi: 'Chỉ số', en: 'Figure' },
  values: { vi: 'Đã công bố', en: 'As published' },
  now: { vi: 'Tính hiện nay', en: 'As counted now' },
  nth: { vi: 'Lần {n}', en: 'Version {n}' },
  open: { vi: 'chưa công bố lại', en: 'not restated yet' },
  more: { vi: 'Còn {n} dòng; tệp JSON có đủ.', en: '{n} more lines: the JSON file has all.' },
} as const satisfies Readonly<Record<string, Bilingual>>;
