import type { Language } from '../protocol.ts';
import type { Warning } from './placing.ts';
import type { ProviderId } from './providers/provider.ts';

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
  checkAll: string;
  otherWay: string;
  certificates: string;
  validTo: string;
  ways: Readonly<Record<'title', string>> &
    Readonly<Record<ProviderId, { name: string; hints: readonly string[] }>>;
  pairing: string;
  pairingHint: string;
  atDevice: string;
  visit: string;
  waiting: string;
  visitHint: string;
  visitAnswer: string;
  hidden: string;
  batch: Readonly<
    Record<'title' | 'hint' | 'seen' | 'signed' | 'failed' | 'left' | 'codeHint' | 'receipts', string>
  > & {
    count(wanted: number, all: number): string;
    sign(count: number): string;
  };
  cancel: string;
  back: string;
  sign: string;
  agentWindow: Readonly<Record<'label' | 'hint', string>>;
  sendAgain: string;
  tryAgain: string;
  chooseAgain: string;
  code: string;
  codeHint: string;
  holder: string;
  place: Readonly<
    Record<
      'title' | 'hint' | 'page' | 'left' | 'bottom' | 'width' | 'height' | 'apply' | 'moved' | 'mark',
      string
    >
  >;
  warnings: Readonly<Record<Warning, string>>;
  checks: readonly string[];
  checksTitle: string;
  shownAsSigned: string;
  renewed: string;
  states: Readonly<
    Record<
      | 'loading'
      | 'reviewing'
      | 'connecting'
      | 'choosing'
      | 'preparing'
      | 'confirming'
      | 'signing'
      | 'signed'
      | 'cancelled'
      | 'failed',
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
  checkAll: 'Kiểm tra các văn bản đã chọn',
  otherWay: 'Chọn cách ký khác',
  certificates: 'Chọn chứng thư số',
  validTo: 'Hết hạn ngày',
  ways: {
    title: 'Cách ký',
    soft: { name: 'Tệp khóa (.p12, .pfx)', hints: [] },
    vgca: {
      name: 'Thiết bị ký số của Ban Cơ yếu Chính phủ (VGCA)',
      hints: [
        'Hãy cắm thiết bị và mở phần mềm VGCA Sign Service. Mã PIN được nhập trong phần mềm đó, không nhập trên trang này.',
        'Nếu trình duyệt hỏi quyền kết nối tới ứng dụng trên máy, hãy chọn “Cho phép”.',
      ],
    },
    local: {
      name: 'Thiết bị ký số qua phần mềm “truc agent”',
      hints: [
        'Hãy cắm thiết bị và chạy “truc agent”. Mã PIN được nhập tại đó, không nhập trên trang này.',
        'Nếu trình duyệt hỏi quyền kết nối tới ứng dụng trên máy, hãy chọn “Cho phép”.',
      ],
    },
    csc: {
      name: 'Ký số từ xa',
      hints: ['Trang của dịch vụ ký số từ xa sẽ mở trong cửa sổ riêng để xác nhận.'],
    },
  },
  pairing: 'Mã ghép nối',
  pairingHint: 'Hãy nhập mã này vào cửa sổ của phần mềm ký số. Chỉ phải làm một lần trên máy này.',
  atDevice:
    'Hãy so mã này với mã hiện tại phần mềm hoặc thiết bị ký số. Chỉ nhập mã PIN khi hai mã giống nhau.',
  visit: 'Mở trang xác nhận của dịch vụ ký số',
  waiting: 'Đang chờ xác nhận ở thiết bị hoặc dịch vụ ký số…',
  visitHint: 'Xác nhận xong, cửa sổ này tự tiếp tục.',
  visitAnswer: 'Nếu không tự tiếp tục, dán vào đây dòng hiện ở trang cuối',
  hidden: 'Nút Ký số bị che khuất, bị thu nhỏ hoặc nằm ngoài màn hình nên chưa bấm được.',
  batch: {
    title: 'Các văn bản trình ký',
    hint: 'Hãy mở từng văn bản để xem; chỉ ký những văn bản được đánh dấu.',
    seen: 'Đã xem, ký văn bản này',
    signed: 'Đã ký',
    failed: 'Không ký được',
    left: 'Không chọn ký',
    codeHint: 'Mã này được tính từ tất cả các văn bản sẽ ký.',
    receipts: 'Tải các biên nhận',
    count: (wanted, all) => `Đã chọn ${wanted} trên ${all} văn bản`,
    sign: (count) => `Ký số ${count} văn bản`,
  },
  cancel: 'Hủy',
  back: 'Quay lại',
  sign: 'Ký số',
  agentWindow: {
    label: 'Đặt hình và ký trong cửa sổ của phần mềm VGCA',
    hint: 'Phần mềm VGCA tự ghi chữ ký vào tệp nên trình duyệt không kiểm tra trước được; máy chủ chỉ nhận tệp nếu ngoài chữ ký không có gì thay đổi.',
  },
  sendAgain: 'Gửi lại',
  tryAgain: 'Thử lại',
  chooseAgain: 'Chọn lại',
  code: 'Mã xác nhận',
  codeHint: 'Mã này được tính từ chính văn bản đang hiển thị.',
  holder: 'Người ký theo chứng thư số',
  place: {
    title: 'Vị trí hình chữ ký',
    hint: 'Có thể kéo khung trên văn bản, dùng phím mũi tên (thêm Shift để đi nhanh), hoặc nhập số.',
    moved: 'Vị trí đã đổi; hãy đặt lại vị trí trước khi ký.',
    mark: 'Khung chữ ký; phím mũi tên để di chuyển',
    page: 'Trang',
    left: 'Cách mép trái (mm)',
    bottom: 'Cách mép dưới (mm)',
    width: 'Chiều rộng (mm)',
    height: 'Chiều cao (mm)',
    apply: 'Đặt lại vị trí',
  },
  warnings: {
    'off-page': 'Hình chữ ký vượt ra ngoài trang.',
    'covers-text': 'Hình chữ ký che chữ của văn bản.',
    'not-above-name':
      'Hình chữ ký không nằm giữa chức vụ và họ tên người ký (Nghị định 30/2020/NĐ-CP, Phụ lục I).',
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
  renewed:
    'Đã quá thời gian từ lần kiểm tra trước nên văn bản được kiểm tra lại; mã xác nhận đã đổi. Hãy bấm “Ký số” lần nữa.',
  shownAsSigned: 'Hình chữ ký đã có trên văn bản bên cạnh, đúng như bản sẽ được ký.',
  states: {
    loading: 'Đang tải văn bản…',
    reviewing: 'Hãy đọc văn bản và chọn cách ký.',
    connecting: 'Đang kết nối với khóa ký…',
    choosing: 'Hãy chọn chứng thư số.',
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
  checkAll: 'Check the chosen documents',
  otherWay: 'Sign another way',
  certificates: 'Choose a certificate',
  validTo: 'Valid until',
  ways: {
    title: 'How to sign',
    soft: { name: 'Key file (.p12, .pfx)', hints: [] },
    vgca: {
      name: 'Token of the Government Cipher Committee (VGCA)',
      hints: [
        'Plug in the token and start VGCA Sign Service. The PIN is typed there, never on this page.',
        'Where the browser asks whether this page may reach apps on this device, choose “Allow”.',
      ],
    },
    local: {
      name: 'Token through “truc agent”',
      hints: [
        'Plug in the token and run “truc agent”. The PIN is typed there, never on this page.',
        'Where the browser asks whether this page may reach apps on this device, choose “Allow”.',
      ],
    },
    csc: {
      name: 'Remote signing',
      hints: ['The page of the remote signing service opens in a window of its own for your approval.'],
    },
  },
  pairing: 'Pairing code',
  pairingHint: 'Type this code into the window of the signing program. It is needed once on this machine.',
  atDevice:
    'Compare this code with the one that the signing program or device shows. Type the PIN only where they are the same.',
  visit: 'Open the signing service’s page',
  waiting: 'Waiting for your approval at the device or service…',
  visitHint: 'When you have approved there, this window goes on by itself.',
  visitAnswer: 'Where it does not, paste the line that the last page shows',
  hidden: 'The Sign button is covered, shrunk or outside the screen and cannot be pressed.',
  batch: {
    title: 'Documents to be signed',
    hint: 'Open each document to see it; only those that are ticked are signed.',
    seen: 'Seen, sign this one',
    signed: 'Signed',
    failed: 'Not signed',
    left: 'Left out',
    codeHint: 'It is computed from all documents that will be signed.',
    receipts: 'Download the receipts',
    count: (wanted, all) => `${wanted} of ${all} documents chosen`,
    sign: (count) => `Sign ${count} documents`,
  },
  cancel: 'Cancel',
  back: 'Back',
  sign: 'Sign',
  agentWindow: {
    label: 'Place the picture and sign in the VGCA program’s own window',
    hint: 'There the program writes the signature into the file itself, so the browser cannot check it before; the server takes the file only where nothing but the signature was added.',
  },
  sendAgain: 'Send again',
  tryAgain: 'Try again',
  chooseAgain: 'Choose again',
  code: 'Confirmation code',
  codeHint: 'It is computed from the very document shown.',
  holder: 'Signer by the certificate',
  place: {
    title: 'Place of the signature’s picture',
    hint: 'Drag the frame on the document, use the arrow keys (with Shift in larger steps), or type numbers.',
    moved: 'The place has changed; move it there before you sign.',
    mark: 'Frame of the signature; arrow keys move it',
    page: 'Page',
    left: 'From the left edge (mm)',
    bottom: 'From the lower edge (mm)',
    width: 'Width (mm)',
    height: 'Height (mm)',
    apply: 'Move it there',
  },
  warnings: {
    'off-page': 'The picture leaves the page.',
    'covers-text': 'The picture covers text of the document.',
    'not-above-name':
      'The picture is not between the signer’s title and name (Decree 30/2020/NĐ-CP, Appendix I).',
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
  renewed:
    'Too long had gone since the checks, so the document was checked again and the code has changed. Press “Sign” once more.',
  shownAsSigned: 'The signature’s picture is on the document now, as it will be signed.',
  states: {
    loading: 'Loading the document…',
    reviewing: 'Read the document and choose how to sign.',
    connecting: 'Connecting to the signing key…',
    choosing: 'Choose a certificate.',
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
