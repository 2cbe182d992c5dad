import type { Delivery } from '../delivery/index.ts';
import { type Language, CONSOLE_WORDS as W } from '../messages/index.ts';
import { type Html, html } from '../rendering/index.ts';
import type { Viewer } from './viewer.ts';

/** Sends one dead letter again, with a reason. */
export function retryForm({ deliveryId, documentId }: Delivery, viewer: Viewer, lang: Language): Html {
  return html`<details class="more no-print"><summary>${W.retry[lang]}</summary>
<form class="form" method="post" action="/console/messages/${documentId}/retry">
<input type="hidden" name="csrf" value="${viewer.csrf}"><input type="hidden" name="delivery" value="${deliveryId}">
<div class="field"><label for="r-${deliveryId}">${W.retryReason[lang]}</label><span class="hint" id="h-${deliveryId}">${W.retryHint[lang]}</span>
<input id="r-${deliveryId}" name="reason" type="text" minlength="5" maxlength="500" required aria-describedby="h-${deliveryId}" autocomplete="off"></div>
<div><button class="button main" type="submit">${W.retry[lang]}</button></div></form></details>`;
}
