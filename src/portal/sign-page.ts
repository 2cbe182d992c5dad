import { sha256Hex } from '../kernel/index.ts';
import type { WorkWord } from '../messages/index.ts';
import { html, local, notice, SHELL_POLICY } from '../rendering/index.ts';
import { outgoingFile } from '../workflow/index.ts';
import { say, show, type Visit } from './office.ts';
import { actOf } from './outgoing-steps.ts';

/** The only script of the portal: everything else works without one. */
export const SIGN_SCRIPT = `const signer = document.querySelector('edoc-signer');
const { signing, ticket, csrf } = signer.dataset;
const show = (id, text) => {
  const box = document.getElementById(id);
  if (text) box.querySelector('[data-text]').textContent = text;
  box.hidden = false;
};
signer.addEventListener('edoc-signed', () => show('signed'));
await import(signing + '/widget/v1/edoc-signer.js');
const answer = await fetch(ticket, { method: 'POST', headers: { accept: 'application/json', 'x-csrf-token': csrf } });
const body = await answer.json();
if (answer.ok) signer.ticket = body;
else show('problem', body.title + '. ' + body.detail);
`;

export const SIGN_SCRIPT_PATH = `/work/assets/sign-${sha256Hex(SIGN_SCRIPT).slice(0, 16)}.js`;

/** GET /work/outgoing/{id}/sign/{act}: the signing window in a page of ours. */
export async function signPage(visit: Visit, fileId: string, name: unknown): Promise<void> {
  const { officer, desk } = visit;
  const act = actOf(name);
  const file = await outgoingFile(fileId, officer.agencyId, desk);
  const { subject } = file.letter;
  const path = `/work/outgoing/${fileId}`;
  const crumbs = [
    { text: say('outgoing', visit), href: '/work/outgoing' },
    { text: subject, href: path },
  ];
  const words = { seal: 'seal', initial: 'initialNow', approve: 'sign', appendix: 'sealAnnexes' } as const;
  showSigning(visit, {
    word: words[act],
    lead: subject,
    ticket: `${path}/ticket/${act}`,
    back: path,
    crumbs,
  });
}

export interface SigningView {
  word: WorkWord;
  lead: string;
  /** Where the page's script asks for the ticket. */
  ticket: string;
  /** Where the reader goes afterwards. */
  back: string;
  crumbs: readonly { text: string; href: string }[];
}

/** Answers with a page that holds the signing window. */
export function showSigning(visit: Visit, { word, lead, ticket, back, crumbs }: SigningView): void {
  const { officer, options, caller } = visit;
  const done = html`<span data-text></span> <a href="${local(back)}">${say('back', visit)}</a>`;
  const body = html`<noscript>${notice('open', say('needsScript', visit))}</noscript>
<div id="problem" hidden>${notice('bad', say(word, visit), done)}</div>
<div id="signed" hidden>${notice('good', say('signedNow', visit), done)}</div>
<edoc-signer class="signer" lang="${visit.lang}" user="${officer.id}" data-signing="${options.signingUrl}" data-ticket="${ticket}" data-csrf="${caller.csrf}"></edoc-signer>`;
  const origin = new URL(options.signingUrl).origin;
  const policy = `${SHELL_POLICY.replace("script-src 'self'", `script-src 'self' ${origin}`)}; frame-src ${origin}`;
  show(visit, {
    title: say(word, visit),
    lead,
    crumbs: [...crumbs],
    scripts: [SIGN_SCRIPT_PATH],
    policy,
    body,
  });
}
