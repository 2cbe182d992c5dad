import type { ActType } from '../document/index.ts';
import type { Bilingual } from './language.ts';

/** What administrators do, as the audit names it. */
export const ACT_WORDS: Readonly<Record<ActType, Bilingual>> = {
  'endpoint.changed': { vi: 'Tạm dừng hoặc mở lại việc đẩy', en: 'Pushes paused or resumed' },
  'endpoint.tested': { vi: 'Gửi tin thử', en: 'Test message sent' },
  'alert.acknowledged': { vi: 'Nhận xử lý cảnh báo', en: 'Alarm taken as a case' },
  'delivery.retried': { vi: 'Gửi lại lượt chuyển', en: 'Delivery sent again' },
  'document.released': { vi: 'Cho văn bản đang giữ đi tiếp', en: 'Held document released' },
  'content.expired': { vi: 'Hủy nội dung hết hạn lưu', en: 'Content destroyed after its time' },
  'registry.changed': { vi: 'Thay đổi danh bạ cơ quan', en: 'Registry changed' },
  'certificate.bound': { vi: 'Gắn chứng thư với cơ quan, người ký', en: 'Certificate bound' },
  'system.registered': { vi: 'Đăng ký hệ thống', en: 'System registered' },
  'delegation.registered': { vi: 'Đăng ký giao ký, ủy quyền', en: 'Delegation registered' },
  'delegation.withdrawn': { vi: 'Thu hồi giao ký, ủy quyền', en: 'Delegation withdrawn' },
  'person.registered': { vi: 'Đăng ký người dùng', en: 'Person registered' },
  'person.identified': { vi: 'Đặt tài khoản đăng nhập', en: "Person's login set" },
  'person.role-given': { vi: 'Giao vai trò', en: 'Role given' },
  'person.role-ended': { vi: 'Chấm dứt vai trò', en: 'Role ended' },
  'person.locked': { vi: 'Khóa người dùng', en: 'Person locked' },
  'person.unlocked': { vi: 'Mở khóa người dùng', en: 'Person unlocked' },
};

export const AUDIT_WORDS = {
  lead: {
    vi: 'Ai đã làm gì trên trang quản trị, bằng dòng lệnh và qua API. Mỗi dòng là một mục của sổ cái.',
    en: 'Who did what in the console, on the command line and by API. Each line is an entry of the ledger.',
  },
  act: { vi: 'Việc', en: 'Act' },
  by: { vi: 'Người thực hiện', en: 'Who' },
  why: { vi: 'Lý do', en: 'Reason' },
  details: { vi: 'Chi tiết', en: 'Details' },
  none: { vi: 'Không có việc nào khớp', en: 'No act matches' },
  commandLine: { vi: 'Dòng lệnh', en: 'Command line' },
  axis: { vi: 'Trục, tự động', en: 'The axis itself' },
  system: { vi: 'Hệ thống', en: 'System' },
  waiting: { vi: 'chưa vào sổ cái', en: 'not in the ledger yet' },
  subject: { vi: 'Đối tượng', en: 'Of' },
} as const satisfies Readonly<Record<string, Bilingual>>;

export const SETTING_WORDS = {
  lead: {
    vi: 'Cấu hình đang có hiệu lực trên nút này, chỉ để xem. Giá trị bí mật chỉ cho biết là đã đặt.',
    en: 'The configuration in force on this node, to look at only. Of secrets it says only that they are set.',
  },
  name: { vi: 'Tên', en: 'Name' },
  value: { vi: 'Giá trị', en: 'Value' },
  unset: { vi: 'không đặt', en: 'not set' },
} as const satisfies Readonly<Record<string, Bilingual>>;

export const VIEW_WORDS = {
  saved: { vi: 'Đã lưu', en: 'Saved' },
  save: { vi: 'Lưu điều kiện này', en: 'Save this view' },
  name: { vi: 'Tên', en: 'Name' },
  button: { vi: 'Lưu', en: 'Save' },
  remove: { vi: 'Xóa', en: 'Remove' },
  full: {
    vi: 'Đã đủ số điều kiện được lưu: xóa bớt rồi lưu lại',
    en: 'No more can be saved: remove one first',
  },
  done: { vi: 'Đã lưu', en: 'Saved' },
  nameless: { vi: 'Nhập tên, nhiều nhất 60 ký tự', en: 'Enter a name of at most 60 characters' },
} as const satisfies Readonly<Record<string, Bilingual>>;
