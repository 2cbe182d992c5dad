import type { ProblemText } from './problem-text.ts';

/** Problems of results of public services, and of the consents by which they are looked up. */
export const RESULT_PROBLEMS = {
  'intake.result-malformed': {
    title: {
      vi: 'Mã thủ tục, mã hồ sơ hoặc cam kết không đúng dạng: {fields}',
      en: 'The procedure code, case number or a commitment is malformed: {fields}',
    },
    remedy: {
      vi: 'Mã thủ tục như 1.004227; mã hồ sơ như 000.29.32.H53-260316-0001 (TT 01/2018/TT-VPCP, điều 19); mỗi cam kết 32 byte, base64url.',
      en: 'Procedure like 1.004227; case like 000.29.32.H53-260316-0001 (TT 01/2018/TT-VPCP art. 19); commitments of 32 bytes in base64url.',
    },
  },
  'exchange.consent-missing': {
    title: { vi: 'Thiếu sự đồng ý của công dân', en: 'The consent of the citizen is missing' },
    remedy: {
      vi: 'Gửi phiếu đồng ý trong tiêu đề Truc-Consent.',
      en: 'Send the consent in the header Truc-Consent.',
    },
  },
  'exchange.consent-invalid': {
    title: { vi: 'Phiếu đồng ý không hợp lệ', en: 'The consent is not valid' },
    remedy: {
      vi: 'Dùng nguyên văn phiếu do trục cấp qua POST /v1/consents.',
      en: 'Use the consent exactly as POST /v1/consents gave it.',
    },
  },
  'exchange.consent-malformed': {
    title: { vi: 'Trường {field} không đúng dạng', en: 'The field {field} is malformed' },
    remedy: {
      vi: 'Mã hồ sơ theo TT 01/2018/TT-VPCP, điều 19; mục đích là mã thủ tục dùng lại kết quả.',
      en: 'The case number is that of TT 01/2018/TT-VPCP art. 19; the purpose is the code of the procedure that reuses the result.',
    },
  },
  'exchange.consent-not-yours': {
    title: { vi: 'Phiếu đồng ý cấp cho nơi khác', en: 'The consent is not yours' },
    remedy: {
      vi: 'Chỉ cơ quan được nêu trong phiếu dùng được phiếu; chỉ hệ thống đã xin cấp mới thu hồi được phiếu.',
      en: 'Only the agency it names may use it; only the system that asked for it may revoke it.',
    },
  },
  'exchange.consent-other-use': {
    title: {
      vi: 'Công dân không đồng ý cho hồ sơ hoặc thủ tục này',
      en: 'The consent is for another case or procedure',
    },
    remedy: {
      vi: 'Xin đồng ý cho đúng mã hồ sơ và đúng thủ tục đang giải quyết.',
      en: 'Ask for consent to this case and this procedure.',
    },
  },
  'exchange.consent-expired': {
    title: { vi: 'Phiếu đồng ý đã hết hạn', en: 'The consent has expired' },
    remedy: { vi: 'Xin công dân đồng ý lại.', en: 'Ask the citizen again.' },
  },
  'exchange.consent-revoked': {
    title: { vi: 'Công dân đã rút lại sự đồng ý', en: 'The consent was revoked' },
    remedy: {
      vi: 'Không dùng lại kết quả nếu công dân chưa đồng ý lại.',
      en: 'Do not reuse the result unless the citizen consents again.',
    },
  },
  'exchange.result-unknown': {
    title: { vi: 'Không có kết quả nào cho mã hồ sơ này', en: 'There is no result for this case' },
    remedy: {
      vi: 'Kiểm tra mã hồ sơ; nếu chưa có kết quả, hỏi cơ quan giải quyết.',
      en: 'Check the number; if it is still open, ask the agency that handles it.',
    },
  },
  'exchange.result-recalled': {
    title: { vi: 'Kết quả này đã bị thu hồi', en: 'This result was recalled' },
    remedy: {
      vi: 'Không dùng lại; hỏi cơ quan đã trả kết quả.',
      en: 'Do not reuse it; ask the agency that issued it.',
    },
  },
} as const satisfies Readonly<Record<string, ProblemText>>;
