import type { Bilingual } from './language.ts';

/** Words about attempts of pushes. */
export const ATTEMPT_WORDS = {
  notified: { vi: 'Đã báo cho hệ thống nơi nhận', en: "The recipient's system was told" },
  acknowledged: { vi: 'Đã đẩy kèm nội dung, nơi nhận xác nhận', en: 'Pushed with content and acknowledged' },
  failed: { vi: 'Đẩy không thành công', en: 'The push failed' },
  details: { vi: 'Yêu cầu và trả lời', en: 'Request and answer' },
  request: { vi: 'Yêu cầu', en: 'Request' },
  answer: { vi: 'Trả lời', en: 'Answer' },
  noAnswer: { vi: 'Không có trả lời', en: 'Nothing was answered' },
  contentNotKept: {
    vi: 'Không lưu nội dung trả lời cho lần đẩy kèm văn bản, vì có thể chép lại văn bản.',
    en: 'Answers to pushed content are not kept: they may repeat the document.',
  },
  masked: {
    vi: 'Chữ ký, mã truy cập, địa chỉ thư và số dài đã được che (▒▒▒).',
    en: 'Signatures, tokens, mail addresses and long numbers are masked (▒▒▒).',
  },
  took: { vi: 'mất', en: 'took' },
} as const satisfies Readonly<Record<string, Bilingual>>;
