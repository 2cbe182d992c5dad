import type { Bilingual } from './language.ts';

/** Words about submissions that were held or refused, and so have no deliveries. */
export const STOPPED_WORDS = {
  title: { vi: 'Bản gửi chưa có lượt chuyển', en: 'Submissions without deliveries' },
  lead: {
    vi: 'Trục đã nhận được nhưng từ chối hoặc đang tạm giữ, nên nơi nhận không thấy gì.',
    en: 'The axis got them and refused or holds them, so recipients see nothing.',
  },
  all: { vi: 'Xem tất cả', en: 'Show all' },
  held: { vi: 'Đang tạm giữ', en: 'Held' },
  refused: { vi: 'Bị từ chối', en: 'Refused' },
  refusedHeld: { vi: 'Bị từ chối sau khi tạm giữ', en: 'Refused after it was held' },
  why: { vi: 'Lý do', en: 'Why' },
  unknownDocument: { vi: 'Không lưu số, ký hiệu', en: 'Number not kept' },
  times: { vi: 'lần', en: 'times' },
  system: { vi: 'Hệ thống gửi', en: 'Sent by the system' },
  count: { vi: 'Số lần gửi giống hệt', en: 'Times it was sent alike' },
  first: { vi: 'Lần đầu', en: 'First time' },
  remedy: { vi: 'Cách xử lý', en: 'Remedy' },
  refusalId: { vi: 'Mã lần từ chối', en: 'Refusal id' },
  nothingKept: {
    vi: 'Nội dung bị từ chối không được lưu: chỉ còn nơi gửi, thời điểm, lý do và giá trị băm (nếu được phép giữ).',
    en: 'What was refused is not kept: there are only the sender, the time, the reason and the digest where it may be kept.',
  },
  verdict: { vi: 'Kết quả kiểm tra chữ ký khi đó', en: 'Verdict on the signatures at that time' },
  secret: { vi: 'Không được phép lưu', en: 'May not be kept' },
} as const satisfies Readonly<Record<string, Bilingual>>;
