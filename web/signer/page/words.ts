import type { Language } from '../protocol.ts';

/** Everything that the page says apart from errors. */
export interface Words {
  title: string;
  document: string;
  page(n: number): string;
  zoom: Readonly<Record<'group' | 'in' | 'out', string>>;
  agency: string;
  act: string;
  capacity: string;
  digest: string;
  keyFile: string;
  keyFileHint: string;
  password: string;
  check: string;
  cancel: string;
  back: string;
  sign: string;
  sendAgain: string;
  chooseAgain: string;
  code: string;
  codeHint: string;
  holder: string;
  place: Readonly<Record<'title' | 'page' | 'left' | 'bottom' | 'width' | 'height' | 'apply', string>>;
  checks: readonly string[];
  checksTitle: string;
  shownAsSigned: string;
  states: Readonly<
    Record<
      'loading' | 'reviewing' | 'preparing' | 'confirming' | 'signing' | 'signed' | 'cancelled' | 'failed',
      string
    >
  >;
  version: string;
  signedAt: string;
  level: string;
  ledgerIndex: string;
  receipt: string;
  errorCode: string;
  theAxisSays: string;
  actions: Readonly<Record<string, string>>;
  capacities: Readonly<Record<string, string>>;
}

const VI: Words = {
  title: 'Ký số văn bản',
  document: 'Văn bản',
  page: (n) => `Trang ${n}`,
  zoom: { group: 'Cỡ hiển thị', in: 'Phóng to', out: 'Thu nhỏ' },
  agency: 'Cơ quan',
  act: 'Việc ký',
  capacity: 'Thể thức đề ký',
  digest: 'SHA-256 của văn bản',
  keyFile: 'Tệp khóa',
  keyFileHint: 'Tệp .p12 hoặc .pfx. Tệp và mật khẩu chỉ được dùng trong trình duyệt, không gửi đi đâu.',
  password: 'Mật khẩu tệp khóa',
  check: 'Kiểm tra trước khi ký',
  cancel: 'Hủy',
  back: 'Quay lại',
  sign: 'Ký số',
  sendAgain: 'Gửi lại',
  chooseAgain: 'Chọn lại',
  code: 'Mã xác nhận',
  codeHint: 'Mã này được tính từ chính văn bản đang hiển thị.',
  holder: 'Người ký theo chứng thư số',
  place: {
    title: 'Vị trí hình chữ ký',
    page: 'Trang',
    left: 'Cách mép trái (mm)',
    bottom: 'Cách mép dưới (mm)',
    width: 'Chiều rộng (mm)',
    height: 'Chiều cao (mm)',
    apply: 'Đặt lại vị trí',
  },
  checksTitle: 'Trình duyệt đã kiểm tra',
  checks: [
    'Bản sắp ký bắt đầu bằng đúng văn bản đang hiển thị',
    'Chữ ký bao trùm toàn bộ văn bản',
    'Phần thêm vào không có mã lệnh, liên kết, tệp đính kèm hay nội dung ẩn',
    'Dữ liệu sắp ký chỉ có các thuộc tính bắt buộc',
    'Giá trị băm là của văn bản này và chứng thư số là chứng thư đã chọn',
    'Mã xác nhận khớp với mã của máy chủ',
  ],
  shownAsSigned: 'Hình chữ ký đã có trên văn bản bên cạnh, đúng như bản sẽ được ký.',
  states: {
    loading: 'Đang tải văn bản…',
    reviewing: 'Hãy đọc văn bản và chọn tệp khóa.',
    preparing: 'Đang chuẩn bị và kiểm tra…',
    confirming: 'Đã kiểm tra xong. Hãy xác nhận để ký.',
    signing: 'Đang ký và lấy dấu thời gian…',
    signed: 'Văn bản đã được ký số.',
    cancelled: 'Đã hủy. Văn bản chưa được ký.',
    failed: 'Chưa ký được văn bản.',
  },
  version: 'Phiên bản',
  signedAt: 'Thời điểm ký',
  level: 'Mức chữ ký',
  ledgerIndex: 'Vị trí trong sổ cái',
  receipt: 'Tải biên nhận',
  errorCode: 'Mã lỗi',
  theAxisSays: 'Chi tiết',
  actions: {
    initial: 'Ký nháy',
    approve: 'Ký phê duyệt',
    seal: 'Ký số của cơ quan',
    appendix: 'Ký số phụ lục',
    copy: 'Ký số bản sao',
  },
  capacities: {
    direct: 'Trực tiếp',
    TM: 'Thay mặt (TM.)',
    KT: 'Ký thay (KT.)',
    TL: 'Thừa lệnh (TL.)',
    TUQ: 'Thừa ủy quyền (TUQ.)',
    Q: 'Quyền (Q.)',
  },
};

const EN: Words = {
  title: 'Sign a document',
  document: 'Document',
  page: (n) => `Page ${n}`,
  zoom: { group: 'Size of the pages', in: 'Larger', out: 'Smaller' },
  agency: 'Agency',
  act: 'Act',
  capacity: 'Capacity',
  digest: 'SHA-256 of the document',
  keyFile: 'Key file',
  keyFileHint: 'A .p12 or .pfx file. File and password are used in this browser only and are sent nowhere.',
  password: 'Password of the key file',
  check: 'Check before signing',
  cancel: 'Cancel',
  back: 'Back',
  sign: 'Sign',
  sendAgain: 'Send again',
  chooseAgain: 'Choose again',
  code: 'Confirmation code',
  codeHint: 'It is computed from the very document shown.',
  holder: 'Signer by the certificate',
  place: {
    title: 'Place of the signature’s picture',
    page: 'Page',
    left: 'From the left edge (mm)',
    bottom: 'From the lower edge (mm)',
    width: 'Width (mm)',
    height: 'Height (mm)',
    apply: 'Move it there',
  },
  checksTitle: 'Checked by this browser',
  checks: [
    'What is to be signed begins with the document shown',
    'The signature covers the whole document',
    'The addition holds no script, link, attached file or hidden content',
    'The data to be signed have the required attributes only',
    'The digest is that of this document, the certificate the one chosen',
    'The confirmation code is the server’s code',
  ],
  shownAsSigned: 'The signature’s picture is on the document now, as it will be signed.',
  states: {
    loading: 'Loading the document…',
    reviewing: 'Read the document and choose your key file.',
    preparing: 'Preparing and checking…',
    confirming: 'All checks passed. Confirm to sign.',
    signing: 'Signing and fetching the time-stamp…',
    signed: 'The document has been signed.',
    cancelled: 'Cancelled. The document was not signed.',
    failed: 'The document could not be signed.',
  },
  version: 'Version',
  signedAt: 'Signed at',
  level: 'Signature level',
  ledgerIndex: 'Index in the ledger',
  receipt: 'Download the receipt',
  errorCode: 'Error code',
  theAxisSays: 'Details',
  actions: {
    initial: 'Initials',
    approve: 'Approval',
    seal: 'The agency’s signature',
    appendix: 'Annex',
    copy: 'Copy',
  },
  capacities: {
    direct: 'Directly',
    TM: 'On behalf of a collective body (TM.)',
    KT: 'For the head (KT.)',
    TL: 'By order (TL.)',
    TUQ: 'By authorisation (TUQ.)',
    Q: 'Acting head (Q.)',
  },
};

export function wordsOf(language: Language): Words {
  return language === 'en' ? EN : VI;
}

/** 08:04:09 05/02/2026 in the country's time. @param iso RFC 3339 */
export function localTime(iso: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Asia/Ho_Chi_Minh',
    dateStyle: 'short',
    timeStyle: 'medium',
  }).formatToParts(new Date(iso));
  const of = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return `${of('hour')}:${of('minute')}:${of('second')} ${of('day')}/${of('month')}/${of('year')} (+07:00)`;
}
