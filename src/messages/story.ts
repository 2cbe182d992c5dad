import type { StoryEvent } from '../lab/index.ts';

/** One line of the demo's story, in Vietnamese. */
export function storyLine(event: StoryEvent): string {
  switch (event.kind) {
    case 'sent':
      return `→ ${event.from} gửi ${event.to.join(', ')}: ${event.subject} · ${SIGNATURE[event.indication] ?? event.indication} · ${legal(event.legalValue)} · sổ cái #${event.logIndex}`;
    case 'refused':
      return `✗ ${event.from} gửi ${event.to.join(', ')} bị từ chối: ${event.title}${suggestion(event.suggested)} [${event.code}]${event.logIndex === null ? '' : ` · sổ cái #${event.logIndex}`}`;
    case 'fetched':
      return `← ${event.by} đã nhận văn bản của ${event.from}`;
    case 'status':
      return `⇠ ${event.by} báo ${event.to}: ${event.code} ${STATUS[event.code] ?? ''}`;
    case 'notice':
      return `· ${event.agency} được báo: một văn bản không đến nơi`;
  }
}

const STATUS: Readonly<Record<string, string>> = { '03': 'đã tiếp nhận', '06': 'hoàn thành' };

const SIGNATURE: Readonly<Record<string, string>> = {
  TOTAL_PASSED: 'chữ ký hợp lệ',
  INDETERMINATE: 'chữ ký chưa xác định được',
  NO_SIGNATURE: 'không có chữ ký',
};

function suggestion(codes: readonly string[]): string {
  return codes.length === 0 ? '' : `; có thể là ${codes.join(', ')}`;
}

function legal(value: string): string {
  return value === 'replaces_paper' ? 'đủ điều kiện kỹ thuật thay bản giấy' : 'để biết, tham khảo';
}

/** What a newcomer reads when the demo is up. */
export function welcome(url: string, officeUrl: string, dataDir: string): string[] {
  return [
    '',
    'Trục liên thông văn bản đang chạy với các cơ quan trình diễn / the exchange axis runs with demo agencies',
    `  API                 ${url}/docs   (OpenAPI: ${url}/openapi.json)`,
    `  Sổ cái / ledger     ${url}/ledger/checkpoint`,
    `  Ký số / signing     ${officeUrl}   (khóa / keys: ${dataDir}/demo/signers/)`,
    `  Văn thư / work      ${url}/work   (lanhdao., pho., vanthu., chuyenvien. + h53.32.30 hoặc / or g09; mật khẩu / passwords: ${dataDir}/demo/credentials.json, people)`,
    `  Quản trị / console  ${url}/console   (admin, kiemtoan)`,
    `  Mọi người / public  ${url}/verify   (tệp, bản giấy / files, papers)   ${url}/figures`,
    `  Tài khoản / keys    ${dataDir}/demo/credentials.json`,
    `  Văn bản mẫu         ${dataDir}/demo/samples/`,
    '',
  ];
}
