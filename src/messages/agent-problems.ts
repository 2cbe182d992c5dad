import type { ProblemText } from './problem-text.ts';

/** Problems of `truc agent` at its start. */
export const AGENT_PROBLEMS = {
  'agent.binding-missing': {
    title: {
      vi: 'Thiếu thành phần gọi mô-đun PKCS #11 (koffi)',
      en: 'The part that calls PKCS #11 modules (koffi) is missing',
    },
    remedy: {
      vi: 'Cài lại các gói của Trục trên máy này: npm ci --include=optional.',
      en: 'Install the packages of Trục again on this machine: npm ci --include=optional.',
    },
  },
  'agent.module-unusable': {
    title: {
      vi: 'Không dùng được mô-đun PKCS #11 {path}',
      en: 'The PKCS #11 module {path} cannot be used',
    },
    remedy: {
      vi: 'Cài trình điều khiển của thiết bị ký số và chỉ đường dẫn bằng --module.',
      en: "Install the token's driver and name its module by --module.",
    },
  },
  'agent.port-taken': {
    title: { vi: 'Cổng {port} đã có chương trình khác dùng', en: 'Port {port} is taken by another program' },
    remedy: {
      vi: 'Có thể “truc agent” đang chạy rồi; nếu không, hãy dừng chương trình kia.',
      en: 'Perhaps truc agent runs already; otherwise stop the other program.',
    },
  },
  'agent.origin-malformed': {
    title: {
      vi: 'Địa chỉ trang ký {origin} không đúng dạng',
      en: 'The signing origin {origin} is malformed',
    },
    remedy: {
      vi: 'Viết dạng https://ky.example.vn, không có đường dẫn; http chỉ dùng cho 127.0.0.1.',
      en: 'Write it as https://ky.example.vn without a path; http is for 127.0.0.1 only.',
    },
  },
} satisfies Record<string, ProblemText>;
