import type { ProblemText } from './problem-text.ts';

/** Problems of `truc export`, `truc import` and `truc migrate`. */
export const MOVING_PROBLEMS = {
  'app.archive-unknown': {
    title: {
      vi: 'Thư mục {path} không phải bản xuất trọn vẹn của Trục',
      en: 'The folder {path} is no complete export of Trục',
    },
    remedy: {
      vi: 'Kiểm tra đường dẫn; nếu lần xuất bị ngắt giữa chừng, hãy chạy lại truc export.',
      en: 'Check the path; where the export was broken off, run truc export again.',
    },
  },
  'app.archive-there': {
    title: { vi: 'Thư mục {path} đã có một bản xuất', en: 'The folder {path} holds an export already' },
    remedy: { vi: 'Chọn thư mục khác.', en: 'Choose another folder.' },
  },
  'app.archive-damaged': {
    title: { vi: 'Bản xuất bị hỏng: {file}', en: 'The export is damaged: {file}' },
    remedy: {
      vi: 'Chép lại bản xuất từ nơi tạo ra nó rồi chạy lại truc import.',
      en: 'Copy the export again from where it was made and run truc import again.',
    },
  },
  'app.archive-other-key': {
    title: {
      vi: 'Bản xuất {path} đã bị sửa, hoặc được tạo với khóa chủ khác',
      en: 'The export {path} was altered, or made under another master key',
    },
    remedy: {
      vi: 'Dùng cùng một TRUC_MASTER_KEY khi xuất và khi nhập.',
      en: 'Use one and the same TRUC_MASTER_KEY for export and import.',
    },
  },
  'app.export-faulty': {
    title: {
      vi: 'Dữ liệu ở {path} chưa nhất quán hoặc chưa có gì để xuất ({count} lỗi)',
      en: 'The data in {path} do not agree, or there is nothing to export ({count} faults)',
    },
    remedy: {
      vi: 'Khởi động rồi dừng trục một lần để hoàn tất việc dở dang, sau đó chạy truc fsck.',
      en: 'Start and stop the axis once, so that it finishes what it had in hand, then run truc fsck.',
    },
  },
  'app.import-not-empty': {
    title: { vi: 'Kho dùng chung đã có dữ liệu', en: 'The shared stores hold data already' },
    remedy: {
      vi: 'Chỉ nhập vào cơ sở dữ liệu trống: đặt tên cơ sở dữ liệu khác trong TRUC_MONGO_URL.',
      en: 'An import needs an empty database: name another one in TRUC_MONGO_URL.',
    },
  },
  'app.import-differs': {
    title: {
      vi: 'Dữ liệu sau khi nhập không khớp: {what} là {found}, phải là {wanted}',
      en: 'What was imported differs: {what} is {found} and should be {wanted}',
    },
    remedy: {
      vi: 'Kho chưa được mở để phục vụ. Chạy lại truc import; nếu vẫn lỗi, xóa cơ sở dữ liệu và nhập lại từ đầu.',
      en: 'The stores stay closed. Run truc import again; if that does not help, drop the database and begin anew.',
    },
  },
  'adapters.import-unfinished': {
    title: {
      vi: 'Kho đang chứa một bản nhập chưa xong ({archive})',
      en: 'The stores hold an unfinished import ({archive})',
    },
    remedy: {
      vi: 'Chạy lại truc import với chính bản xuất đó cho đến khi xong, hoặc xóa cơ sở dữ liệu.',
      en: 'Run truc import again with that export until it is finished, or drop the database.',
    },
  },
  'adapters.store-older': {
    title: {
      vi: 'Kho dữ liệu thuộc phiên bản quá cũ ({found}; chương trình dùng {known})',
      en: 'The layout of the store is too old ({found}; the program writes {known})',
    },
    remedy: {
      vi: 'Nâng cấp lần lượt từng phiên bản, mỗi lần chạy truc migrate.',
      en: 'Upgrade one version after the other, with truc migrate each time.',
    },
  },
  'adapters.migration-running': {
    title: { vi: 'Kho đang được tiến trình khác chuyển đổi', en: 'Another process is migrating the store' },
    remedy: {
      vi: 'Chờ tiến trình đó xong. Nếu nó đã chết, chạy lại sau một phút.',
      en: 'Wait until it has finished. If it has died, try again in a minute.',
    },
  },
  'adapters.contract-first': {
    title: {
      vi: 'Bước chuyển đổi sang phiên bản {found} chưa hoàn tất',
      en: 'The migration to version {found} is not completed',
    },
    remedy: {
      vi: 'Khi không còn nút nào chạy phiên bản cũ hơn, chạy truc migrate --contract.',
      en: 'Once no node of an older version runs, run truc migrate --contract.',
    },
  },
} as const satisfies Readonly<Record<string, ProblemText>>;
