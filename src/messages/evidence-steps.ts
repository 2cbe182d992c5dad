import type { EvidenceEntry } from '../evidence/index.ts';
import { vietnamDateTime } from '../kernel/index.ts';
import { type Bilingual, fill, type Language } from './language.ts';

const STEPS: Readonly<Record<string, Bilingual>> = {
  'document.submitted': { vi: 'Văn bản được nộp vào trục', en: 'The document was submitted' },
  'document.refused': { vi: 'Trục từ chối văn bản', en: 'The axis refused the document' },
  'document.recalled': { vi: 'Văn bản bị thu hồi', en: 'The document was recalled' },
  'document.held': { vi: 'Văn bản được giữ lại chờ quyết định', en: 'The document was held for a decision' },
  'document.released': { vi: 'Văn bản được cho đi tiếp', en: 'The document was released' },
  'document.updated': { vi: 'Có bản cập nhật của văn bản', en: 'The document was updated by a later one' },
  'document.replaced': { vi: 'Văn bản bị thay thế', en: 'The document was replaced by a later one' },
  'document.destroyed': { vi: 'Nội dung văn bản đã được hủy', en: "The document's content was destroyed" },
  'content.expired': {
    vi: 'Nội dung của một quý đã hết hạn lưu và được hủy',
    en: 'The content of a quarter was destroyed after its time',
  },
  'endpoint.changed': {
    vi: 'Việc báo cho hệ thống của cơ quan được tạm dừng hoặc mở lại',
    en: 'Pushes to an agency were paused or resumed',
  },
  'delegation.withdrawn': { vi: 'Việc giao ký, ủy quyền bị thu hồi', en: 'A delegation was withdrawn' },
  'endpoint.tested': {
    vi: 'Điểm kết nối của cơ quan được gửi một tin thử',
    en: "A test message was sent to an agency's endpoint",
  },
  'alert.acknowledged': {
    vi: 'Một cảnh báo có người nhận xử lý',
    en: 'Somebody took an alarm as their case',
  },
  'delegation.registered': { vi: 'Việc giao ký, ủy quyền được đăng ký', en: 'A delegation was registered' },
  'consent.given': {
    vi: 'Công dân đồng ý cho một cơ quan dùng lại kết quả',
    en: 'A citizen consented to the reuse of a result',
  },
  'consent.used': {
    vi: 'Kết quả được tra cứu theo sự đồng ý của công dân',
    en: 'A result was looked up with the consent of the citizen',
  },
  'consent.revoked': { vi: 'Sự đồng ý được rút lại', en: 'The consent was revoked' },
  'figures.published': {
    vi: 'Số liệu của một tháng được công bố',
    en: 'The figures of a month were published',
  },
  'figures.pushed': {
    vi: 'Số liệu được gửi tới trung tâm chỉ đạo, điều hành',
    en: 'The figures were brought to the command centre',
  },
  'registry.snapshot': {
    vi: 'Danh bạ cơ quan và lãnh đạo của tháng được chốt để tính số liệu',
    en: 'The registry of the month was fixed as the ground of its figures',
  },
  'registry.changed': { vi: 'Danh bạ cơ quan thay đổi', en: 'The registry of agencies was changed' },
  'certificate.bound': {
    vi: 'Một chứng thư số được gắn với cơ quan hoặc người có chức vụ của cơ quan',
    en: 'A certificate was bound to an agency or to one of its officials',
  },
  'system.registered': {
    vi: 'Một hệ thống quản lý văn bản được đăng ký hoặc đổi quyền',
    en: 'A document system was registered or given other rights',
  },
  'person.registered': { vi: 'Một người dùng được đăng ký', en: 'A person was registered' },
  'person.identified': {
    vi: 'Tài khoản đăng nhập của một người dùng được đặt lại',
    en: "A person's login was set",
  },
  'person.role-given': { vi: 'Một người dùng được giao vai trò', en: 'A person was given a role' },
  'person.role-ended': { vi: 'Vai trò của một người dùng chấm dứt', en: "A person's role ended" },
  'person.locked': { vi: 'Một người dùng bị khóa', en: 'A person was locked' },
  'person.unlocked': { vi: 'Một người dùng được mở khóa', en: 'A person was unlocked' },
  'draft.registered': { vi: 'Dự thảo được đăng ký để ký số', en: 'A draft was registered for signing' },
  'draft.revised': { vi: 'Dự thảo được sửa', en: 'The draft was changed' },
  'draft.numbered': { vi: 'Văn bản được cấp số và ngày', en: 'The document got its number and date' },
  'draft.signed': { vi: 'Văn bản được ký số', en: 'The document was signed' },
  'signature.verified': { vi: 'Trục đã kiểm tra chữ ký số', en: 'The axis checked the digital signatures' },
  'signature.reverified': {
    vi: 'Trục đã kiểm tra lại chữ ký số',
    en: 'The axis checked the digital signatures again',
  },
  'signature.augmented': {
    vi: 'Một tệp được bổ sung dấu thời gian, dữ liệu xác thực để lưu trữ lâu dài (mức {level})',
    en: 'Time-stamps and validation data were added beside a file, for the long term (level {level})',
  },
  'delivery.queued': { vi: 'Văn bản được xếp hàng gửi đi', en: 'The document was queued for its recipients' },
  'delivery.fetched': { vi: 'Bên nhận đã lấy văn bản', en: 'A recipient fetched the document' },
  'delivery.acknowledged': {
    vi: 'Bên nhận xác nhận đã nhận',
    en: 'A recipient confirmed that it has the document',
  },
  'delivery.failed': { vi: 'Chuyển văn bản chưa thành công', en: 'A delivery did not succeed' },
  'delivery.cancelled': { vi: 'Lượt chuyển bị hủy bỏ', en: 'A delivery was cancelled' },
  'delivery.retried': { vi: 'Lượt chuyển được gửi lại', en: 'A failed delivery was tried again' },
  'status.01': { vi: 'Bên nhận báo: đã đến', en: 'The recipient reported: arrived' },
  'status.02': { vi: 'Bên nhận báo: từ chối tiếp nhận', en: 'The recipient reported: rejected' },
  'status.03': { vi: 'Bên nhận báo: đã tiếp nhận', en: 'The recipient reported: accepted' },
  'status.04': { vi: 'Bên nhận báo: đã phân công xử lý', en: 'The recipient reported: assigned' },
  'status.05': { vi: 'Bên nhận báo: đang xử lý', en: 'The recipient reported: in progress' },
  'status.06': { vi: 'Bên nhận báo: đã hoàn thành', en: 'The recipient reported: completed' },
  'status.13': { vi: 'Bên gửi yêu cầu lấy lại văn bản', en: 'The sender asked to take the document back' },
  'status.15': { vi: 'Bên nhận đồng ý cho lấy lại', en: 'The recipient agreed to give it back' },
  'status.16': { vi: 'Bên nhận từ chối cho lấy lại', en: 'The recipient refused to give it back' },
};

const OTHER_STATUS: Bilingual = { vi: 'Một thông báo trạng thái khác', en: 'Another status message' };
const OTHER_STEP: Bilingual = { vi: 'Một bước khác', en: 'Another step' };

/** Names of facts as a person says them; others are shown under their technical name alone. */
const FACTS: Readonly<Record<string, Bilingual>> = {
  documentId: { vi: 'Mã văn bản trên trục', en: 'Id on the axis' },
  sender: { vi: 'Cơ quan gửi', en: 'Sender' },
  edxmlId: { vi: 'Mã của bên gửi', en: "Sender's id" },
  sha256: { vi: 'Mã băm SHA-256', en: 'SHA-256' },
  size: { vi: 'Số byte', en: 'Bytes' },
  indication: { vi: 'Kết luận về chữ ký', en: 'Verdict on the signatures' },
  legalValue: { vi: 'Giá trị', en: 'Value' },
  count: { vi: 'Số nơi nhận', en: 'Recipients' },
  recipient: { vi: 'Cơ quan nhận', en: 'Recipient' },
  delivery: { vi: 'Lượt chuyển', en: 'Delivery' },
  reason: { vi: 'Lý do', en: 'Reason' },
  reporter: { vi: 'Cơ quan báo', en: 'Reported by' },
  addressee: { vi: 'Cơ quan được báo', en: 'Reported to' },
  description: { vi: 'Nội dung', en: 'Text' },
};
const RECIPIENT: Bilingual = { vi: 'Gửi đến {code}', en: 'To {code}' };

/** Values of `indication` and `legalValue`. */
const VALUES: Readonly<Record<string, Bilingual>> = {
  TOTAL_PASSED: { vi: 'hợp lệ', en: 'valid' },
  INDETERMINATE: { vi: 'chưa xác định được', en: 'cannot be told' },
  TOTAL_FAILED: { vi: 'không hợp lệ', en: 'not valid' },
  NO_SIGNATURE: { vi: 'không có chữ ký', en: 'no signature' },
  replaces_paper: { vi: 'đủ điều kiện kỹ thuật thay bản giấy', en: 'technically fit to replace paper' },
  for_information: { vi: 'để biết, tham khảo', en: 'for information' },
};

const WORDS: Readonly<Record<'time' | 'entry' | 'hidden', Bilingual>> = {
  time: { vi: '{at} (giờ Việt Nam)', en: '{at} (Vietnam time)' },
  entry: { vi: 'mục {index}', en: 'entry {index}' },
  hidden: { vi: '({hidden} dữ kiện không mở)', en: '({hidden} facts not opened)' },
};

/** A proven step as a person reads it: when, what happened, its technical names, and beneath the opened facts. */
export function stepLines(entry: EvidenceEntry, lang: Language): string[] {
  const { seq, type, erds, facts, hidden } = entry;
  const time = fill(WORDS.time[lang], { at: vietnamDateTime(Date.parse(entry.at)) });
  const names = [type, ...(erds === null ? [] : [erds]), fill(WORDS.entry[lang], { ...entry })].join(' · ');
  return [
    `  ${seq}. ${time}  ${sentenceOf(type)[lang]}  [${names}]`,
    ...facts.map(({ name, value }) => `       ${nameOf(name, lang)}: ${spoken(name, value, lang)}`),
    ...(hidden === 0 ? [] : [`       ${fill(WORDS.hidden[lang], { ...entry })}`]),
  ];
}

function sentenceOf(type: string): Bilingual {
  if (Object.hasOwn(STEPS, type)) return STEPS[type] as Bilingual;
  return type.startsWith('status.') ? OTHER_STATUS : OTHER_STEP;
}

/** The technical name stays beside the spoken one, since a court compares it with the file. */
function nameOf(name: string, lang: Language): string {
  if (name.startsWith('recipient:')) return fill(RECIPIENT[lang], { code: name.slice('recipient:'.length) });
  return Object.hasOwn(FACTS, name) ? `${FACTS[name]?.[lang]} (${name})` : name;
}

function spoken(name: string, value: unknown, lang: Language): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  const ours = (name === 'indication' || name === 'legalValue') && Object.hasOwn(VALUES, value);
  return ours ? `${VALUES[value]?.[lang]} (${value})` : value;
}
