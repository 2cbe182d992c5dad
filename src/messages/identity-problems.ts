import type { Bilingual } from './language.ts';
import type { ProblemText } from './problem-text.ts';

const retry: Bilingual = { vi: 'Đọc lại rồi thử lại.', en: 'Read it again, then try again.' };

/** Problems of people: who they are, how they log in, what they may do. */
export const IDENTITY_PROBLEMS = {
  'agency.person-unknown': {
    title: { vi: 'Không có người dùng này', en: 'There is no such person' },
    remedy: { vi: 'Tra mã bằng truc person list.', en: 'Look the id up with truc person list.' },
  },
  'agency.person-changed-meanwhile': {
    title: {
      vi: 'Hồ sơ người dùng vừa được người khác thay đổi',
      en: 'Somebody else has just changed this person',
    },
    remedy: retry,
  },
  'agency.subject-taken': {
    title: {
      vi: 'Tài khoản đăng nhập này đã gắn với người dùng khác',
      en: 'The login belongs to another person',
    },
    remedy: {
      vi: 'Một tài khoản chỉ gắn với một người dùng: kiểm tra lại --sub.',
      en: 'A login is of one person only: check --sub.',
    },
  },
  'agency.role-invalid': {
    title: {
      vi: 'Vai trò {role} không đi cùng cơ quan hoặc thời hạn này',
      en: 'The role {role} does not go with this agency or time',
    },
    remedy: {
      vi: 'operator và auditor là của cả hệ thống, các vai trò khác cần --agency; thời hạn kết thúc phải sau lúc bắt đầu.',
      en: 'operator and auditor are of the whole installation, the other roles need --agency; the end must come after the beginning.',
    },
  },
  'agency.not-a-certificate': {
    title: { vi: 'Tệp này không phải là chứng thư số', en: 'The file is no certificate' },
    remedy: {
      vi: 'Chọn tệp .cer, .crt hoặc .pem của chứng thư số.',
      en: 'Choose the .cer, .crt or .pem file of the certificate.',
    },
  },
  'agency.binding-invalid': {
    title: {
      vi: 'Không gắn được chứng thư số trong thời hạn này',
      en: 'The certificate cannot be bound for this time',
    },
    remedy: {
      vi: 'Chứng thư số phải còn hạn; ngày kết thúc phải sau ngày bắt đầu; thời hạn đã kết thúc thì không kết thúc lại.',
      en: 'It must not have expired, the end must come after the beginning, and what has ended does not end again.',
    },
  },
  'agency.person-out-of-reach': {
    title: {
      vi: 'Ông/bà không được thay đổi người này',
      en: 'You may not change this person',
    },
    remedy: {
      vi: 'Không ai tự đổi vai trò của mình; tài khoản của người có vai trò ở cơ quan khác do quản trị trục thay đổi.',
      en: 'Nobody changes their own roles; the login of somebody with roles elsewhere is changed by the operator of the axis.',
    },
  },
  'agency.role-not-held': {
    title: { vi: 'Người này không có vai trò {role} ở đây', en: 'The person has no role {role} here' },
    remedy: { vi: 'Xem vai trò bằng truc person show.', en: 'See the roles with truc person show.' },
  },
  'agency.provider-away': {
    title: {
      vi: 'Hệ thống xác thực tập trung không trả lời',
      en: 'The identity provider does not answer',
    },
    remedy: {
      vi: 'Đợi ít phút rồi thử lại; nếu vẫn vậy, báo cho quản trị hệ thống xác thực.',
      en: 'Wait a moment and try again; should it last, tell the administrators of the identity provider.',
    },
  },
  'agency.login-certificate': {
    title: { vi: 'Không đăng nhập được bằng chứng thư số này', en: 'This certificate opens nothing here' },
    remedy: {
      vi: 'Cắm thiết bị ký, chọn đúng chứng thư số còn hạn đã được quản trị gắn với ông/bà, rồi thử lại ({cause}).',
      en: 'Plug in the token, choose the valid certificate that your administrator has bound to you, and try again ({cause}).',
    },
  },
  'agency.login-declined': {
    title: { vi: 'Hệ thống xác thực không cho đăng nhập', en: 'The identity provider declined the login' },
    remedy: {
      vi: 'Đăng nhập lại; nếu bạn không hủy, hãy hỏi quản trị hệ thống xác thực ({reason}).',
      en: 'Log in again; if you did not cancel, ask the administrators of the identity provider ({reason}).',
    },
  },
  'agency.login-invalid': {
    title: { vi: 'Lượt đăng nhập đã hết hạn hoặc không khớp', en: 'The login has expired or does not fit' },
    remedy: {
      vi: 'Hãy đăng nhập lại từ đầu, trong cùng một trình duyệt.',
      en: 'Log in again from the beginning, in one and the same browser.',
    },
  },
  'api.login-needed': {
    title: { vi: 'Cần đăng nhập', en: 'A login is needed' },
    remedy: {
      vi: 'Đăng nhập tại /login; phiên kết thúc sau 30 phút không dùng.',
      en: 'Log in under /login; a session ends after 30 minutes without use.',
    },
  },
  'api.role-missing': {
    title: { vi: 'Vai trò của bạn không mở được phần này', en: 'Your roles do not open this part' },
    remedy: {
      vi: 'Cần một trong các vai trò: {roles}. Hãy hỏi quản trị của cơ quan bạn hoặc quản trị trục.',
      en: 'One of these roles is needed: {roles}. Ask the administrator of your agency or of the axis.',
    },
  },
  'api.csrf': {
    title: {
      vi: 'Yêu cầu không đến từ trang của trục',
      en: 'The request does not come from a page of this axis',
    },
    remedy: {
      vi: 'Tải lại trang rồi gửi lại; không có gì thay đổi.',
      en: 'Load the page again and send it again; nothing was changed.',
    },
  },
  'api.login-wrong': {
    title: { vi: 'Sai tên đăng nhập hoặc mật khẩu', en: 'Wrong user name or password' },
    remedy: {
      vi: 'Tên và mật khẩu của bản trình diễn nằm trong demo/credentials.json.',
      en: 'Names and passwords of the demo are in demo/credentials.json.',
    },
  },
  'api.login-unknown-person': {
    title: {
      vi: 'Bạn đã xác thực, nhưng trục chưa biết bạn',
      en: 'You are authenticated, but this axis does not know you',
    },
    remedy: {
      vi: 'Hãy gửi hai dòng dưới đây cho quản trị trục để được cấp quyền.',
      en: 'Send the two lines below to the administrators of this axis to be given access.',
    },
  },
  'api.login-not-configured': {
    title: { vi: 'Chưa cấu hình đăng nhập', en: 'No login is configured' },
    remedy: {
      vi: 'Quản trị trục cần đặt TRUC_OIDC_ISSUER, TRUC_OIDC_CLIENT_ID và TRUC_OIDC_CLIENT_SECRET.',
      en: 'The administrators of this axis need to set TRUC_OIDC_ISSUER, TRUC_OIDC_CLIENT_ID and TRUC_OIDC_CLIENT_SECRET.',
    },
  },
} as const satisfies Readonly<Record<string, ProblemText>>;
