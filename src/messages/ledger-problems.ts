import type { LedgerErrorCode } from '../ledger/index.ts';
import type { Bilingual } from './language.ts';
import type { ProblemText } from './problem-text.ts';

const restore: Bilingual = {
  vi: 'Dừng trục, giữ nguyên thư mục dữ liệu, chạy truc fsck và khôi phục từ bản sao mới nhất.',
  en: 'Stop the axis, leave the data folder as it is, run truc fsck and restore the newest copy.',
};
const again: Bilingual = { vi: 'Thử lại; lặp lại là an toàn.', en: 'Try again; repeating is safe.' };
const checkSource: Bilingual = {
  vi: 'Kiểm tra nguồn và khóa công khai (--vkey).',
  en: 'Check the source and the public key (--vkey).',
};
const defect: Bilingual = {
  vi: 'Đây là lỗi của chương trình: hãy báo lại kèm nhật ký.',
  en: 'This is a defect of the program: report it with the log.',
};

const text = (vi: string, en: string, remedy: Bilingual): ProblemText => ({ title: { vi, en }, remedy });

/** What can go wrong with the ledger, for operators and auditors. */
export const LEDGER_PROBLEMS: Readonly<Record<LedgerErrorCode, ProblemText>> = {
  'ledger.request-invalid': text('Yêu cầu ghi sổ không đúng dạng', 'The append request is malformed', defect),
  'ledger.entry-malformed': text('Mục sổ không đúng dạng ({field})', 'The entry is malformed ({field})', checkSource),
  'ledger.entry-too-large': text('Mục sổ quá lớn', 'The entry is too large', checkSource),
  'ledger.idem-conflict': text('Cùng một bước được ghi với nội dung khác', 'One step was recorded with other content', defect),
  'ledger.backlog-full': text('Sổ cái đang quá tải', 'The ledger is overloaded', again),
  'ledger.clock-moved-back': text('Đồng hồ máy chạy lùi', 'The machine clock moved back', {
    vi: 'Chỉnh lại đồng hồ (NTP); sổ chờ đến khi giờ đúng.',
    en: 'Set the clock right (NTP); the ledger waits until it is.',
  }),
  'ledger.stopped': text('Sổ cái đang dừng', 'The ledger is stopping', again),
  'ledger.no-writer': text('Chưa có nút nào ghi sổ cái', 'No node writes the ledger at the moment', again),
  'ledger.head-moved': text('Một tiến trình khác đã ghi vào sổ', 'Another process wrote to the ledger', {
    vi: 'Mỗi thư mục dữ liệu chỉ một tiến trình được ghi.',
    en: 'Only one process may write to a data folder.',
  }),
  'ledger.write-failed': text('Không ghi được sổ cái', 'The ledger cannot be written', {
    vi: 'Kiểm tra ổ đĩa và dung lượng trống.',
    en: 'Check the disk and its free space.',
  }),
  'ledger.sync-failed': text('Ổ đĩa không xác nhận việc ghi', 'The disk did not confirm a write', {
    vi: 'Kiểm tra ổ đĩa rồi khởi động lại.',
    en: 'Check the disk, then start again.',
  }),
  'ledger.journal-corrupt': text('Tệp sổ cái bị hỏng', 'The ledger file is damaged', restore),
  'ledger.root-mismatch': text('Nội dung sổ không khớp với gốc đã ký', 'The log does not match its signed root', restore),
  'ledger.behind-signer': text('Sổ cái cũ hơn những gì đã ký', 'The ledger is behind what was already signed', restore),
  'ledger.forked': text('Sổ cái có lịch sử khác với bản đã ký', 'The ledger has another history than the signed one', restore),
  'ledger.signer-mismatch': text('Khóa ký không phải của sổ này', 'The signing key is not that of this log', {
    vi: 'Kiểm tra thư mục keys và TRUC_LEDGER_ORIGIN.',
    en: 'Check the folder keys and TRUC_LEDGER_ORIGIN.',
  }),
  'ledger.signer-memory-damaged': text('Tệp nhớ của bộ ký bị hỏng', 'The memory of the signer is damaged', restore),
  'ledger.journal-in-use': text('Sổ cái đang được tiến trình khác dùng', 'Another process uses the ledger', {
    vi: 'Dừng tiến trình kia.',
    en: 'Stop the other process.',
  }),
  'ledger.out-of-range': text('Ngoài phạm vi của sổ', 'Beyond the log', {
    vi: 'Chọn số nhỏ hơn kích thước sổ.',
    en: 'Choose a number below the size of the log.',
  }),
  'ledger.note-malformed': text('Checkpoint không đúng dạng', 'The checkpoint is malformed', checkSource),
  'ledger.note-unsigned': text('Checkpoint không có chữ ký của sổ này', 'The checkpoint has no signature of this log', checkSource),
  'ledger.note-signature-invalid': text('Chữ ký trên checkpoint sai', 'The signature on the checkpoint is wrong', checkSource),
  'ledger.vkey-malformed': text('Khóa công khai không đúng dạng', 'The public key is malformed', {
    vi: 'Dạng cần có: tên+8 ký tự hex+base64.',
    en: 'Needed: name+8 hexadecimal characters+base64.',
  }),
  'ledger.checkpoint-malformed': text('Checkpoint không đúng dạng', 'The checkpoint is malformed', checkSource),
  'ledger.proof-malformed': text('Bằng chứng không đúng dạng', 'The proof is malformed', checkSource),
  'ledger.bundle-malformed': text('Sổ cái trả về dữ liệu thiếu hoặc sai ({path})', 'The log served missing or malformed data ({path})', checkSource),
}; // biome-ignore format: one problem a line
