import type { VerificationCode } from '../verification/index.ts';
import type { Bilingual } from './language.ts';

type CertificateCode = Extract<VerificationCode, `path.${string}` | `revocation.${string}`>;

/** Sentences about certificates, their paths and their revocation. */
export const certificateVerdicts: Readonly<Record<CertificateCode, Bilingual>> = {
  'path.no-chain': {
    vi: 'Chứng thư không dẫn tới một gốc tin cậy',
    en: 'The certificate does not lead to a trusted root',
  },
  'path.certificate-unreadable': { vi: 'Không đọc được chứng thư', en: 'The certificate cannot be read' },
  'path.signature-wrong': {
    vi: 'Chứng thư mang tên một nơi cấp nhưng không do khóa của nơi đó ký',
    en: 'The certificate names an issuer whose key did not sign it',
  },
  'path.algorithm-unsupported': {
    vi: 'Thuật toán hoặc khóa của chứng thư không được hỗ trợ',
    en: "The certificate's algorithm or key is not supported",
  },
  'path.expired': {
    vi: 'Chứng thư đã hết hạn, không chứng minh được là ký trước khi hết hạn',
    en: 'The certificate has expired, and nothing proves that it was used before',
  },
  'path.expired-not-revoked': {
    vi: 'Chứng thư đã hết hạn (không bị thu hồi), không chứng minh được là ký trước khi hết hạn',
    en: 'The certificate has expired (it was not revoked), and nothing proves that it was used before',
  },
  'path.not-yet-valid': { vi: 'Chứng thư chưa có hiệu lực', en: 'The certificate is not valid yet' },
  'path.ca-out-of-bounds': {
    vi: 'Chứng thư của một nơi cấp không còn, hoặc chưa có, hiệu lực',
    en: "An issuer's certificate is not valid at that time",
  },
  'path.expired-when-signed': {
    vi: 'Chứng thư đã hết hạn khi ký',
    en: 'The certificate had expired when it was used to sign',
  },
  'path.not-yet-valid-when-signed': {
    vi: 'Chứng thư chưa có hiệu lực khi ký',
    en: 'The certificate was not valid yet when it was used to sign',
  },
  'path.not-a-ca': {
    vi: 'Chứng thư được cấp bởi một chứng thư không có quyền cấp',
    en: 'The certificate was issued by one that may not issue',
  },
  'path.too-long': {
    vi: 'Chuỗi chứng thư dài hơn mức một nơi cấp cho phép',
    en: 'The path is longer than one of its issuers allows',
  },
  'path.ca-key-usage': {
    vi: 'Khóa của một nơi cấp không được dùng để ký chứng thư',
    en: "An issuer's key may not sign certificates",
  },
  'path.key-usage': {
    vi: 'Chứng thư không được dùng để ký số',
    en: 'The certificate may not be used for signatures',
  },
  'path.extended-key-usage': {
    vi: 'Chứng thư được cấp cho mục đích khác',
    en: 'The certificate was issued for another purpose',
  },
  'path.critical-extension': {
    vi: 'Chứng thư có phần mở rộng bắt buộc mà hệ thống không hiểu',
    en: 'The certificate has a critical extension that is not understood',
  },
  'path.name-constraints': {
    vi: 'Tên trong chứng thư nằm ngoài phạm vi mà nơi cấp được cấp',
    en: 'A name in the certificate lies outside what its issuer may name',
  },
  'path.certificate-policies': {
    vi: 'Chính sách chứng thư được yêu cầu không có trong cả chuỗi',
    en: 'The certificate policy asked for does not go through the whole path',
  },
  'path.weak-key': { vi: 'Khóa trong chuỗi chứng thư quá yếu', en: 'A key of the path is too weak' },
  'path.weak-signature': {
    vi: 'Một chứng thư trong chuỗi được ký bằng thuật toán không còn tin cậy',
    en: 'A certificate of the path is signed with an algorithm that is not trusted any more',
  },
  'path.algorithm-expired': {
    vi: 'Thuật toán ký chứng thư đã hết thời hạn tin cậy, và không có gì chứng minh chứng thư được dùng trước đó',
    en: 'The algorithm that signed a certificate is no longer trusted, and nothing proves that it was used before',
  },
  'revocation.algorithm-expired': {
    vi: 'Thuật toán ký dữ liệu thu hồi đã hết thời hạn tin cậy, và không có gì chứng minh dữ liệu có từ trước đó',
    en: 'The algorithm that signed the revocation data is no longer trusted, and nothing proves that they are older',
  },
  'path.limit-exceeded': {
    vi: 'Tìm chuỗi chứng thư vượt giới hạn khối lượng kiểm tra',
    en: 'Looking for the path takes more work than is allowed',
  },
  'revocation.not-proven': {
    vi: 'Dữ liệu thu hồi không được chứng minh là có trước khi chứng thư của CA bị thu hồi',
    en: 'Nothing proves that the revocation data was there before the certificate of the CA was revoked',
  },
  'revocation.missing': {
    vi: 'Không có dữ liệu về việc chứng thư có bị thu hồi hay không',
    en: 'There is no data on whether the certificate was revoked',
  },
  'revocation.stale': {
    vi: 'Dữ liệu thu hồi đã cũ, hoặc chưa tới ngày hiệu lực',
    en: 'The revocation data are out of date, or from the future',
  },
  'revocation.signature-wrong': {
    vi: 'Chữ ký trên dữ liệu thu hồi sai',
    en: 'The signature on the revocation data is wrong',
  },
  'revocation.issuer-not-authorised': {
    vi: 'Danh sách thu hồi do một nơi không có thẩm quyền ký',
    en: 'The revocation list is signed by someone who may not',
  },
  'revocation.responder-not-authorised': {
    vi: 'Trả lời OCSP do một nơi không có thẩm quyền ký',
    en: 'The OCSP response is signed by someone who may not',
  },
  'revocation.crl-extension-unsupported': {
    vi: 'Danh sách thu hồi có phần mở rộng bắt buộc mà hệ thống không hiểu',
    en: 'The revocation list has a critical extension that is not understood',
  },
  'revocation.crl-delta-only': {
    vi: 'Chỉ có danh sách thu hồi bổ sung, thiếu danh sách gốc',
    en: 'There is only a delta list, its base is missing',
  },
  'revocation.crl-out-of-scope': {
    vi: 'Danh sách thu hồi không dành cho chứng thư này',
    en: 'The revocation list does not speak of this certificate',
  },
  'revocation.malformed': { vi: 'Dữ liệu thu hồi bị hỏng', en: 'The revocation data are malformed' },
  'revocation.status-unknown': {
    vi: 'Nơi trả lời OCSP không biết chứng thư này',
    en: 'The OCSP responder does not know the certificate',
  },
  'revocation.weak-signature': {
    vi: 'Dữ liệu thu hồi được ký bằng thuật toán không còn tin cậy',
    en: 'The revocation data are signed with an algorithm that is not trusted any more',
  },
  'revocation.on-hold': { vi: 'Chứng thư đang bị tạm dừng', en: 'The certificate is on hold' },
  'revocation.revoked': {
    vi: 'Chứng thư đã bị thu hồi, không chứng minh được là ký trước khi thu hồi',
    en: 'The certificate was revoked, and nothing proves that it was used before',
  },
  'revocation.ca-revoked': {
    vi: 'Chứng thư của một nơi cấp đã bị thu hồi',
    en: "An issuer's certificate was revoked",
  },
  'revocation.revoked-when-signed': {
    vi: 'Chứng thư đã bị thu hồi khi ký',
    en: 'The certificate had been revoked when it was used to sign',
  },
  'revocation.issued-after-expiry': {
    vi: 'Dữ liệu thu hồi được lập sau khi chứng thư hết hạn nên không chắc còn đầy đủ',
    en: "The revocation data were made after the certificate's end and may not be complete",
  },
  'revocation.revoked-later': {
    vi: 'Chứng thư bị thu hồi sau khi ký; chữ ký được chứng minh là có trước',
    en: 'The certificate was revoked after the signature, which provably existed before',
  },
  'revocation.only-after-expiry': {
    vi: 'Dữ liệu thu hồi được lập sau khi chứng thư hết hạn',
    en: "The revocation data were made after the certificate's end",
  },
  'revocation.not-checked': { vi: 'Không kiểm tra thu hồi', en: 'Revocation was not checked' },
  'revocation.not-available': {
    vi: 'Không có dữ liệu thu hồi để kiểm tra',
    en: 'There were no revocation data to check',
  },
};
