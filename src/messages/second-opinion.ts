import type { SecondOpinion } from '../verification/index.ts';
import type { Language } from './language.ts';

/** What the second opinion on a file comes to, in one line. */
export function secondOpinionSentence(opinion: SecondOpinion, lang: Language): string {
  const { library, right, wrong, unknown, disagrees } = opinion;
  if (library === null)
    return lang === 'vi'
      ? '  Không có ý kiến thứ hai cho định dạng này'
      : '  No second opinion on this format';
  if (lang === 'vi') {
    const counts = `${right} chữ ký đúng, ${wrong} sai, ${unknown} không kết luận được`;
    return `  Ý kiến thứ hai (${library}): ${counts}${disagrees ? ': KHÔNG THỐNG NHẤT với kết quả trên' : ''}`;
  }
  const counts = `${right} signatures right, ${wrong} wrong, ${unknown} undecided`;
  return `  Second opinion (${library}): ${counts}${disagrees ? ': DISAGREES with the verdict above' : ''}`;
}
