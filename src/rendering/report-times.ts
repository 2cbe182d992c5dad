import { vietnamDateTime } from '../kernel/index.ts';
import type { Language } from '../messages/index.ts';
import { bounded } from './text.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** An RFC 3339 time in Vietnam time (UTC+07:00) for readers: `08:04:09 05/02/2026`, in English `5 Feb 2026, 08:04:09`. */
export function shownTime(time: string, lang: Language): string {
  const ms = Date.parse(time);
  if (Number.isNaN(ms)) return bounded(time, 40);
  const [date = '', clock = ''] = vietnamDateTime(ms).split(' ');
  const [year, month, day] = date.split('/');
  if (lang === 'vi') return `${clock} ${day}/${month}/${year}`;
  return `${Number(day)} ${MONTHS[Number(month) - 1]} ${year}, ${clock}`;
}
