import type { Bilingual } from './language.ts';

/** Words of the frame in which every page of the axis stands. */
export const PAGE_WORDS = {
  product: { vi: 'Trục liên thông văn bản', en: 'Document exchange axis' },
  skip: { vi: 'Đến nội dung chính', en: 'Skip to main content' },
  navigation: { vi: 'Điều hướng chính', en: 'Main navigation' },
  crumbs: { vi: 'Vị trí trang', en: 'Breadcrumb' },
  language: { vi: 'Ngôn ngữ', en: 'Language' },
  scheme: { vi: 'Giao diện', en: 'Appearance' },
  auto: { vi: 'Theo máy', en: 'System' },
  light: { vi: 'Sáng', en: 'Light' },
  dark: { vi: 'Tối', en: 'Dark' },
  signOut: { vi: 'Đăng xuất', en: 'Sign out' },
  account: { vi: 'Tài khoản', en: 'Account' },
  zone: { vi: 'Giờ Việt Nam (UTC+07:00)', en: 'Vietnam time (UTC+07:00)' },
  faults: { vi: 'Chưa thực hiện được', en: 'There is a problem' },
  newer: { vi: 'Mới hơn', en: 'Newer' },
  older: { vi: 'Cũ hơn', en: 'Older' },
  first: { vi: 'Về đầu danh sách', en: 'Back to the newest' },
  pages: { vi: 'Phân trang', en: 'Pagination' },
  all: { vi: 'Tất cả', en: 'All' },
  optional: { vi: 'không bắt buộc', en: 'optional' },
} as const satisfies Readonly<Record<string, Bilingual>>;

/** Words of pages that say what went wrong. */
export const GATE_PAGE_WORDS = {
  code: { vi: 'Mã lỗi', en: 'Code' },
  reference: { vi: 'Mã tra cứu cho người quản trị', en: 'Reference for the administrator' },
  home: { vi: 'Về trang đầu', en: 'To the first page' },
} as const satisfies Readonly<Record<string, Bilingual>>;
