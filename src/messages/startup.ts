import type { AgentErrorCode } from '../agent/index.ts';
import type { ClientErrorCode } from '../client/index.ts';
import type { LedgerErrorCode } from '../ledger/index.ts';
import type { VerificationErrorCode } from '../verification/index.ts';
import { AGENT_PROBLEMS } from './agent-problems.ts';
import { LEDGER_PROBLEMS } from './ledger-problems.ts';
import { MOVING_PROBLEMS } from './moving-problems.ts';
import type { ProblemText } from './problem-text.ts';

/** Codes of the rooms `app`, `cli` and `adapters`, and of the demo; they live here because those rooms come after this one. */
type OperatingCode =
  | 'app.clock-apart'
  | 'app.config-invalid'
  | 'app.data-in-use'
  | 'app.data-newer'
  | 'app.demo-refused'
  | 'app.port-taken'
  | 'app.address-unusable'
  | 'app.key-unreadable'
  | 'app.ledger-behind-signer'
  | 'app.archive-unknown'
  | 'app.archive-there'
  | 'app.archive-damaged'
  | 'app.archive-other-key'
  | 'app.export-faulty'
  | 'app.import-not-empty'
  | 'app.import-differs'
  | 'adapters.import-unfinished'
  | 'adapters.store-older'
  | 'adapters.migration-running'
  | 'adapters.contract-first'
  | 'adapters.store-newer'
  | 'adapters.store-failed'
  | 'adapters.store-damaged'
  | 'lab.demo-refused'
  | 'cli.unreadable'
  | 'cli.file-fault'
  | 'cli.nothing-judged'
  | 'cli.file-changed'
  | 'cli.no-data'
  | 'cli.credentials'
  | 'cli.key-unusable'
  | 'cli.usage'
  | 'cli.time'
  | 'signing.timestamp-unreachable';

type StartupCode = AgentErrorCode | OperatingCode | ClientErrorCode | LedgerErrorCode | VerificationErrorCode;

/** Problems of starting and operating, met on the command line. A code without both languages does not compile. */
export const STARTUP_PROBLEMS: Readonly<Record<StartupCode, ProblemText>> = {
  ...AGENT_PROBLEMS,
  ...LEDGER_PROBLEMS,
  ...MOVING_PROBLEMS,
  'app.clock-apart': {
    title: {
      vi: 'Đồng hồ của máy này và của kho dữ liệu lệch nhau {seconds} giây',
      en: "This machine's clock and the stores' are {seconds} seconds apart",
    },
    remedy: {
      vi: 'Chỉnh đồng hồ (NTP) trên máy này hoặc trên máy chủ MongoDB rồi khởi động lại.',
      en: 'Set the clock (NTP) of this machine or of the MongoDB server right, then start again.',
    },
  },
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
  'app.address-unusable': {
    title: {
      vi: 'Không nghe được ở {bind}, cổng {port} ({cause})',
      en: 'Cannot listen on {bind}, port {port} ({cause})',
    },
    remedy: {
      vi: 'Chọn --bind là địa chỉ của máy này và --port mà tiến trình được phép dùng.',
      en: 'Choose a --bind that this machine has and a --port that the process may use.',
    },
  },
  'app.key-unreadable': {
    title: { vi: 'Không đọc được khóa {file}', en: 'The key {file} cannot be read' },
    remedy: {
      vi: 'Khôi phục tệp khóa từ bản sao; đừng xóa: mất khóa của sổ là phải lập sổ mới.',
      en: 'Restore the key file from a copy; do not delete it: a lost ledger key means a new ledger.',
    },
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
  'adapters.store-damaged': {
    title: {
      vi: 'Kho truc.sqlite hỏng hoặc không đọc được ({cause})',
      en: 'The store truc.sqlite is damaged or cannot be read ({cause})',
    },
    remedy: {
      vi: 'Giữ nguyên thư mục dữ liệu, khôi phục bản sao mới nhất vào thư mục khác rồi chạy truc fsck.',
      en: 'Keep the data folder as it is, restore the newest copy into another folder and run truc fsck on it.',
    },
  },
  'client.refused': {
    title: { vi: 'Trục từ chối: {title}', en: 'The axis refused: {title}' },
    remedy: { vi: '{detail}', en: '{detail}' },
  },
  'client.key-unusable': {
    title: {
      vi: 'Không dùng được khóa loại {type} để chứng minh hệ thống',
      en: 'A key of type {type} cannot prove who the system is',
    },
    remedy: {
      vi: 'Dùng khóa bí mật Ed25519, EC P-256 hoặc P-384, hoặc RSA.',
      en: 'Use a private key of Ed25519, EC P-256 or P-384, or RSA.',
    },
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
  'cli.nothing-judged': {
    title: { vi: 'Không có tệp nào để lập báo cáo', en: 'There is no file to report on' },
    remedy: { vi: 'Nêu tệp, hoặc thư mục có tệp.', en: 'Name files, or a folder that holds some.' },
  },
  'cli.file-fault': {
    title: { vi: 'Không đọc hoặc ghi được {file} ({cause})', en: 'Cannot read or write {file} ({cause})' },
    remedy: {
      vi: 'Kiểm tra đường dẫn, quyền và chỗ trống trên đĩa.',
      en: 'Check the path, its permissions and the space on the disk.',
    },
  },
  'cli.file-changed': {
    title: {
      vi: 'Tệp {file} bị thay đổi trong lúc đang kiểm tra',
      en: 'The file {file} changed while it was being judged',
    },
    remedy: {
      vi: 'Chờ việc ghi tệp hoàn tất rồi kiểm tra lại.',
      en: 'Wait until nothing writes to the file any more, then judge it again.',
    },
  },
  'cli.no-data': {
    title: {
      vi: 'Thư mục {path} không có dữ liệu của trục',
      en: 'The folder {path} holds no data of an axis',
    },
    remedy: { vi: 'Kiểm tra --data hoặc TRUC_DATA.', en: 'Check --data or TRUC_DATA.' },
  },
  'cli.credentials': {
    title: {
      vi: 'Tệp tài khoản không có cơ quan "{wanted}"',
      en: 'The credentials file has no agency "{wanted}"',
    },
    remedy: { vi: 'Dùng --as với một trong: {known}.', en: 'Use --as with one of: {known}.' },
  },
  'cli.key-unusable': {
    title: {
      vi: 'Không dùng được khóa trong {file} ({cause})',
      en: 'The key in {file} cannot be used ({cause})',
    },
    remedy: {
      vi: 'Cần khóa công khai, PEM hoặc JWK: Ed25519, EC P-256 hoặc P-384, RSA từ 2048 bit. Khóa bí mật ở lại với hệ thống.',
      en: 'It must be a public key, PEM or JWK: Ed25519, EC P-256 or P-384, RSA of 2048 bits or more. The private one stays with the system.',
    },
  },
  'cli.usage': {
    title: { vi: 'Thiếu {missing}', en: '{missing} is missing' },
    remedy: { vi: 'Xem --help của lệnh.', en: 'See --help of the command.' },
  },
  'cli.time': {
    title: { vi: '"{value}" không phải thời điểm', en: '"{value}" is not a time' },
    remedy: {
      vi: 'Viết theo RFC 3339, ví dụ 2026-03-16T09:00:00+07:00.',
      en: 'Write it as RFC 3339, for example 2026-03-16T09:00:00+07:00.',
    },
  },
  'signing.timestamp-unreachable': {
    title: {
      vi: 'Không lấy được dấu thời gian ({cause})',
      en: 'No time-stamp was to be had ({cause})',
    },
    remedy: {
      vi: 'Kiểm tra địa chỉ dịch vụ dấu thời gian (--tsa) và thử lại.',
      en: 'Check the address of the time-stamp authority (--tsa) and try again.',
    },
  },
  'lab.demo-refused': {
    title: { vi: 'Kho dữ liệu có cơ quan thật ({code})', en: 'The store holds real agencies ({code})' },
    remedy: {
      vi: 'Chạy trình diễn với --data là một thư mục khác.',
      en: 'Run the demo with --data naming another folder.',
    },
  },
  'verification.not-der': {
    title: { vi: 'Dữ liệu không phải DER', en: 'The data are not DER' },
    remedy: { vi: 'Kiểm tra tệp: cần DER hoặc PEM.', en: 'Check the file: DER or PEM is needed.' },
  },
  'verification.not-pem': {
    title: { vi: 'Tệp không phải PEM cũng không phải DER', en: 'The file is neither PEM nor DER' },
    remedy: { vi: 'Kiểm tra tệp.', en: 'Check the file.' },
  },
  'verification.not-a-certificate': {
    title: { vi: 'Không phải chứng thư X.509', en: 'Not an X.509 certificate' },
    remedy: { vi: 'Kiểm tra tệp.', en: 'Check the file.' },
  },
  'verification.not-a-crl': {
    title: { vi: 'Không phải danh sách thu hồi (CRL)', en: 'Not a certificate revocation list' },
    remedy: { vi: 'Kiểm tra thư mục --crls.', en: 'Check the folder --crls.' },
  },
  'verification.not-an-ocsp-response': {
    title: { vi: 'Không phải phản hồi OCSP', en: 'Not an OCSP response' },
    remedy: { vi: 'Kiểm tra thư mục --crls.', en: 'Check the folder --crls.' },
  },
  'verification.not-cms': {
    title: { vi: 'Không phải CMS SignedData', en: 'Not a CMS SignedData' },
    remedy: { vi: 'Kiểm tra tệp.', en: 'Check the file.' },
  },
  'verification.not-a-timestamp': {
    title: { vi: 'Không phải dấu thời gian RFC 3161', en: 'Not an RFC 3161 time-stamp' },
    remedy: { vi: 'Kiểm tra tệp.', en: 'Check the file.' },
  },
  'verification.limit-exceeded': {
    title: { vi: 'Dữ liệu vượt giới hạn xử lý', en: 'The data exceed a limit' },
    remedy: { vi: 'Tệp này không được kiểm tra.', en: 'This file is not judged.' },
  },
  'verification.unknown-policy': {
    title: { vi: 'Không có chính sách "{name}"', en: 'There is no policy "{name}"' },
    remedy: { vi: 'Có: {known}.', en: 'There are: {known}.' },
  },
  'verification.trusted-list-refused': {
    title: { vi: 'Không nhận danh sách tin cậy: {cause}', en: 'The trusted list is refused: {cause}' },
    remedy: {
      vi: 'Lấy lại danh sách mới nhất và kiểm tra thư mục --signer.',
      en: 'Get the newest list again, and check the folder --signer.',
    },
  },
  'verification.policy-invalid': {
    title: {
      vi: 'Tệp chính sách không hợp lệ tại "{path}": {cause}',
      en: 'The policy file is not valid at "{path}": {cause}',
    },
    remedy: {
      vi: 'Sửa theo schemas/policy/policy.schema.json.',
      en: 'Correct it as schemas/policy/policy.schema.json says.',
    },
  },
};
