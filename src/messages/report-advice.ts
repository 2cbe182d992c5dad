import type { SubIndication } from '../verification/index.ts';
import type { Bilingual } from './language.ts';

const GET_ORIGINAL: Bilingual = {
  vi: 'Không sử dụng tệp này. Đề nghị bên gửi gửi lại bản gốc.',
  en: 'Do not use this file. Ask the sender for the original.',
};
const SIGN_AGAIN: Bilingual = {
  vi: 'Đề nghị bên gửi ký lại bằng chứng thư còn hiệu lực, kèm dấu thời gian.',
  en: 'Ask the sender to sign again with a valid certificate, and with a time-stamp.',
};
const WITH_TIMESTAMP: Bilingual = {
  vi: 'Nếu bên gửi có bản kèm dấu thời gian thì đề nghị gửi bản đó; nếu không, đề nghị ký lại.',
  en: 'Ask the sender for a copy with a time-stamp, or for a new signature.',
};
const STRONGER: Bilingual = {
  vi: 'Đề nghị bên gửi ký lại bằng thuật toán và khóa đang được chấp nhận.',
  en: 'Ask the sender to sign again with an algorithm and key that are accepted today.',
};
const ASK_OPERATOR: Bilingual = {
  vi: 'Báo đơn vị vận hành: chứng thư của nơi cấp có thể chưa được cài đặt. Chưa coi chữ ký là hợp lệ khi chưa kiểm tra lại.',
  en: "Tell the operator: the issuer's certificates may not be installed. Do not take the signature as valid before it is checked again.",
};
const NOT_FOR_THIS: Bilingual = {
  vi: 'Đề nghị bên gửi ký lại bằng chứng thư được cấp cho việc ký văn bản.',
  en: 'Ask the sender to sign again with a certificate that is meant for signing documents.',
};
const CHECK_LATER: Bilingual = {
  vi: 'Kiểm tra lại sau khi có dữ liệu thu hồi mới của nơi cấp chứng thư.',
  en: "Check again when the issuer's revocation data are up to date.",
};
const RIGHT_FORM: Bilingual = {
  vi: 'Đề nghị bên gửi ký lại đúng định dạng, hoặc kiểm tra bằng công cụ khác.',
  en: 'Ask the sender to sign again in a supported form, or check it with another tool.',
};
const COMPLETE: Bilingual = {
  vi: 'Đề nghị bên gửi cung cấp đủ tệp được ký.',
  en: 'Ask the sender for all of the signed files.',
};
const READ_REASON: Bilingual = {
  vi: 'Xem lý do nêu trên và hỏi lại bên gửi trước khi sử dụng.',
  en: 'Read the reason above and ask the sender before using the file.',
};

/** What an official does about a signature that did not pass, by the sub-indication of EN 319 102-1. */
export const REPORT_ADVICE: Readonly<Record<SubIndication, Bilingual>> = {
  FORMAT_FAILURE: GET_ORIGINAL,
  HASH_FAILURE: GET_ORIGINAL,
  SIG_CRYPTO_FAILURE: GET_ORIGINAL,
  REVOKED: SIGN_AGAIN,
  EXPIRED: SIGN_AGAIN,
  NOT_YET_VALID: SIGN_AGAIN,
  SIG_CONSTRAINTS_FAILURE: READ_REASON,
  CHAIN_CONSTRAINTS_FAILURE: NOT_FOR_THIS,
  CERTIFICATE_CHAIN_GENERAL_FAILURE: ASK_OPERATOR,
  CRYPTO_CONSTRAINTS_FAILURE: STRONGER,
  CRYPTO_CONSTRAINTS_FAILURE_NO_POE: WITH_TIMESTAMP,
  POLICY_PROCESSING_ERROR: RIGHT_FORM,
  TIMESTAMP_ORDER_FAILURE: GET_ORIGINAL,
  NO_SIGNING_CERTIFICATE_FOUND: {
    vi: 'Đề nghị bên gửi ký lại kèm chứng thư của người ký.',
    en: "Ask the sender to sign again with the signer's certificate inside.",
  },
  NO_CERTIFICATE_CHAIN_FOUND: ASK_OPERATOR,
  REVOKED_NO_POE: WITH_TIMESTAMP,
  REVOKED_CA_NO_POE: WITH_TIMESTAMP,
  OUT_OF_BOUNDS_NO_POE: WITH_TIMESTAMP,
  OUT_OF_BOUNDS_NOT_REVOKED: WITH_TIMESTAMP,
  REVOCATION_OUT_OF_BOUNDS_NO_POE: CHECK_LATER,
  NO_POE: WITH_TIMESTAMP,
  TRY_LATER: CHECK_LATER,
  SIGNED_DATA_NOT_FOUND: COMPLETE,
};
