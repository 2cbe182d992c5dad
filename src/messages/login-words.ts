import type { Bilingual } from './language.ts';

/** Words of the pages on which people come in and go. */
export const LOGIN_WORDS = {
  title: { vi: 'Đăng nhập', en: 'Log in' },
  provider: { vi: 'Đăng nhập bằng tài khoản công vụ', en: 'Log in with your official account' },
  certificate: { vi: 'Đăng nhập bằng chứng thư số', en: 'Log in with your certificate' },
  certificateHint: {
    vi: 'Cắm thiết bị ký số trước; trình duyệt sẽ hỏi chọn chứng thư số và mã PIN.',
    en: 'Plug in your token first; the browser asks for the certificate and its PIN.',
  },
  demo: { vi: 'Người dùng của bản trình diễn', en: 'People of the demo' },
  hint: {
    vi: 'Tên và mật khẩu nằm trong tệp demo/credentials.json của thư mục dữ liệu.',
    en: 'Names and passwords are in demo/credentials.json of the data folder.',
  },
  username: { vi: 'Tên đăng nhập', en: 'User name' },
  password: { vi: 'Mật khẩu', en: 'Password' },
  out: { vi: 'Bạn đã đăng xuất', en: 'You are logged out' },
  outDetail: {
    vi: 'Hãy đóng trình duyệt nếu bạn dùng chung máy.',
    en: 'Close the browser if you share this computer.',
  },
  again: { vi: 'Đăng nhập lại', en: 'Log in again' },
} as const satisfies Readonly<Record<string, Bilingual>>;
