import type { ProblemText } from './problems.ts';

/** Problems of starting and operating, met on the command line. */
export const STARTUP_PROBLEMS: Readonly<Record<string, ProblemText>> = {
  'app.config-invalid': {
    title: {
      vi: 'Cấu hình không hợp lệ: {setting} ({cause})',
      en: 'The configuration is not valid: {setting} ({cause})',
    },
    remedy: {
      vi: 'Sửa TRUC_{setting} hoặc tham số cùng tên; kiểm tra bằng truc config --check.',
      en: 'Mend TRUC_{setting} or the flag of that name; truc config --check tests it.',
    },
  },
  'app.data-in-use': {
    title: {
      vi: 'Thư mục dữ liệu {path} đang được tiến trình {pid} dùng',
      en: 'The data folder {path} is in use by process {pid}',
    },
    remedy: {
      vi: 'Dừng tiến trình đó hoặc chọn --data khác.',
      en: 'Stop that process or choose another --data.',
    },
  },
  'app.data-newer': {
    title: {
      vi: 'Thư mục dữ liệu do phiên bản mới hơn ghi (phiên bản {found})',
      en: 'A newer Trục wrote the data folder (version {found})',
    },
    remedy: { vi: 'Nâng cấp chương trình.', en: 'Upgrade the program.' },
  },
  'app.demo-refused': {
    title: { vi: 'Không chạy được bản trình diễn ({cause})', en: 'The demo cannot run here ({cause})' },
    remedy: {
      vi: 'Bản trình diễn chỉ nghe trên máy này và không dùng dữ liệu của cơ quan thật.',
      en: 'The demo listens on loopback only and never uses a store with real agencies.',
    },
  },
  'app.port-taken': {
    title: {
      vi: 'Cổng {port} đang được chương trình khác dùng',
      en: 'Port {port} is taken by another program',
    },
    remedy: {
      vi: 'Chọn --port khác, hoặc --port 0 để tự tìm.',
      en: 'Choose another --port, or --port 0 for a free one.',
    },
  },
  'app.profile-unavailable': {
    title: { vi: 'Cấu hình {profile} chưa có', en: 'The {profile} profile does not exist yet' },
    remedy: { vi: 'Dùng TRUC_PROFILE=embedded.', en: 'Use TRUC_PROFILE=embedded.' },
  },
  'app.ledger-behind-signer': {
    title: { vi: 'Sổ cái cũ hơn những gì đã ký', en: 'The ledger is behind what was already signed' },
    remedy: {
      vi: 'Dữ liệu được khôi phục từ bản sao cũ? Xem docs/life-of-a-document.md, mục khôi phục.',
      en: 'Was the data restored from an old copy? Restore the newest one; the signer will not sign a second history.',
    },
  },
  'adapters.store-newer': {
    title: { vi: 'Kho dữ liệu do phiên bản mới hơn ghi', en: 'A newer Trục wrote the store' },
    remedy: { vi: 'Nâng cấp chương trình.', en: 'Upgrade the program.' },
  },
  'adapters.store-failed': {
    title: { vi: 'Không ghi được vào kho {store}', en: 'The store {store} cannot be written' },
    remedy: { vi: 'Kiểm tra ổ đĩa và quyền ghi.', en: 'Check the disk and its permissions.' },
  },
  'client.refused': {
    title: { vi: 'Trục từ chối: {title}', en: 'The axis refused: {title}' },
    remedy: { vi: '{detail}', en: '{detail}' },
  },
  'client.unreachable': {
    title: { vi: 'Không kết nối được tới {url}', en: 'Cannot reach {url}' },
    remedy: {
      vi: 'Kiểm tra địa chỉ và xem trục có đang chạy không.',
      en: 'Check the address and whether the axis runs.',
    },
  },
  'cli.unreadable': {
    title: { vi: 'Không đọc được {file}', en: 'Cannot read {file}' },
    remedy: { vi: 'Kiểm tra đường dẫn và quyền đọc.', en: 'Check the path and its permissions.' },
  },
};
