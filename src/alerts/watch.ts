import { isoTime, type Log } from '../kernel/index.ts';
import { type Alert, judgeRound } from './alert.ts';
import type { AlertBook } from './alert-book.ts';
import type { Sample } from './measure.ts';
import { samplesFrom } from './preview.ts';
import type { AlertRule } from './rule.ts';
import type { AlertTeller } from './tell.ts';

export interface Watch {
  book: AlertBook;
  rules: readonly AlertRule[];
  /** Mail, webhook; none: alarms are on the console's page alone. */
  tellers: readonly AlertTeller[];
  log: Log;
}

/** So often what was read is kept for previews. */
const SAMPLE_EVERY_MS = 5 * 60_000;

/**
 * One round: judges the readings, keeps what came of it, and tells it in one message. What could not be told to anybody is told
 * with the next round; where one of two tellers failed, both are told again.
 * @returns alerts that were told
 */
export async function watchRound(
  sample: Sample,
  { book, rules, tellers, log }: Watch,
): Promise<readonly Alert[]> {
  const { at } = sample;
  const { changed, news } = judgeRound(rules, sample, await book.open());
  const told = news.length === 0 || (await tellAll(tellers, { at, alerts: news }, log));
  const ids = new Set(news.map((one) => one.alertId));
  // What has ended and could not be told stays open, so that its end is told once somebody can be.
  const kept = changed.map((one) => {
    if (!ids.has(one.alertId)) return one;
    if (told) return { ...one, toldAt: at };
    return one.state === 'resolved' ? { ...one, state: 'firing' as const, resolvedAt: null } : one;
  });
  if (kept.length > 0) await book.put(kept);
  await keep(sample, book);
  return told ? news : [];
}

/** One for each span of time, whichever node reads first in it. */
async function keep(sample: Sample, book: AlertBook): Promise<void> {
  const now = Date.parse(sample.at);
  const at = isoTime(Math.floor(now / SAMPLE_EVERY_MS) * SAMPLE_EVERY_MS);
  if ((await book.samples(at, 1)).length > 0) return;
  await book.sample({ ...sample, at });
  await book.forget(samplesFrom(now));
}

async function tellAll(
  tellers: readonly AlertTeller[],
  news: Parameters<AlertTeller>[0],
  log: Log,
): Promise<boolean> {
  const outcomes = await Promise.allSettled(tellers.map((tell) => tell(news)));
  const failed = outcomes.filter((one) => one.status === 'rejected');
  for (const { reason } of failed) log.error({ error: String(reason) }, 'alert could not be told');
  log.warn({ alerts: news.alerts.map((one) => `${one.ruleId} ${one.label} ${one.state}`) }, 'alerts');
  return failed.length === 0;
}
