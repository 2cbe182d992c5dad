import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mailSender } from '../adapters/wire/alert-mail.ts';
import type { Guard } from '../adapters/wire/guarded-request.ts';
import { signedPost } from '../adapters/wire/signed-post.ts';
import { type AlertRule, type AlertTeller, DEFAULT_RULES, rulesFrom } from '../alerts/index.ts';
import { type Clock, isTrucError, TrucError } from '../kernel/index.ts';
import { alertLine, alertMail } from '../messages/index.ts';
import type { Settings } from './env.ts';

/** Where alarms go, and by which rules they are. */
export interface AlertConfig {
  rules: readonly AlertRule[];
  mail: { url: string; from: string; to: readonly string[] } | null;
  webhook: string | null;
}

/** @throws TrucError `app.config-invalid` */
export function alertConfigOf(settings: Settings): AlertConfig {
  const { ALERT_MAIL_URL: url, ALERT_MAIL_FROM: from, ALERT_MAIL_TO: to } = settings;
  if ((url || from || to) && !(url && from && to)) invalid('ALERT_MAIL_URL', 'needs-all-three');
  if (url && !(URL.canParse(url) && /^smtps?:$/.test(new URL(url).protocol)))
    invalid('ALERT_MAIL_URL', 'not-a-url');
  const webhook = settings.ALERT_WEBHOOK ?? null;
  if (webhook !== null && !(URL.canParse(webhook) && /^https?:$/.test(new URL(webhook).protocol)))
    invalid('ALERT_WEBHOOK', 'not-a-url');
  const addresses = (to ?? '').split(',').map((one) => one.trim());
  return {
    rules: settings.ALERT_RULES ? rulesIn(settings.ALERT_RULES) : DEFAULT_RULES,
    mail: url && from ? { url, from, to: addresses.filter((one) => one !== '') } : null,
    webhook,
  };
}

function rulesIn(path: string): readonly AlertRule[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return invalid('ALERT_RULES', 'not-readable');
  }
  try {
    return rulesFrom(text);
  } catch (error) {
    if (!isTrucError(error, 'alerts.rules-invalid')) throw error;
    return invalid('ALERT_RULES', `${error.facts.path ?? ''} ${error.facts.cause}`.trim());
  }
}

function invalid(setting: string, cause: string): never {
  throw new TrucError('app.config-invalid', { setting, cause });
}

export interface TellingOptions {
  config: AlertConfig;
  /** As people see the axis. */
  publicUrl: string;
  /** Key of our webhooks' signatures. */
  key: KeyObject;
  clock: Clock;
  guard: Guard;
}

/** Ways on which alarms are told. */
export function tellersOf({ config, publicUrl, key, clock, guard }: TellingOptions): AlertTeller[] {
  const { mail, webhook } = config;
  const page = `${publicUrl}/console/alerts`;
  const tellers: AlertTeller[] = [];
  if (mail) {
    const send = mailSender(mail);
    tellers.push((news) => send(alertMail(news, page)));
  }
  if (webhook !== null)
    tellers.push(async (news) => {
      const alerts = news.alerts.map((one) => ({
        ...one,
        text: { vi: alertLine(one, 'vi'), en: alertLine(one, 'en') },
      }));
      const event = { type: 'alerts.changed', at: news.at, url: page, alerts };
      const { status } = await signedPost(event, { url: webhook, key, clock, guard });
      if (status < 200 || status >= 300)
        throw new TrucError('adapters.webhook-refused', { reason: `http-${status}` });
    });
  return tellers;
}
