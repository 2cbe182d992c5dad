import type { Language, SignerState } from '../protocol.ts';
import { button, element } from './dom.ts';
import { errorWords } from './error-words.ts';
import { type Remedy, remedyOf, type SignerError } from './errors.ts';
import { type Facts, readyItems } from './facts.ts';
import { documentList } from './panel-batch.ts';
import { type Choice, credentialForm, keyForm } from './panel-keys.ts';
import type { Visit } from './providers/csc/visit.ts';
import { localTime, type Words, wordsOf } from './words.ts';

/** What the official does. */
export interface Acts {
  choose(choice: Choice): void;
  chooseCredential(id: string): void;
  look(index: number): void;
  want(index: number, isWanted: boolean): void;
  sign(): void;
  back(): void;
  sendAgain(): void;
  cancel(): void;
}

/** The part beside the document: facts, the key, confirmation, result. */
export class Panel {
  private readonly words: Words;
  private readonly language: Language;
  private readonly acts: Acts;

  constructor(language: Language, acts: Acts) {
    this.language = language;
    this.words = wordsOf(language);
    this.acts = acts;
  }

  /** @param place the form with the place's numbers, where there is one */
  of(state: SignerState, facts: Facts, place: HTMLElement | null): HTMLElement[] {
    const { acts, words } = this;
    if (state === 'reviewing')
      return [this.facts(facts), ...this.list(state, facts), keyForm(facts, words, acts.choose, acts.cancel)];
    if (state === 'connecting') return this.waiting(facts);
    if (state === 'choosing') return [credentialForm(facts, words, acts.chooseCredential, acts.back)];
    if (state === 'confirming') return this.confirmation(facts, place);
    if (state === 'signing' && !facts.isSigned) return this.waiting(facts);
    if (state === 'signed') return this.result(facts);
    if (state === 'failed' && facts.error) return this.failure(facts, facts.error);
    return [];
  }

  private list(state: SignerState, facts: Facts): HTMLElement[] {
    if (facts.items.length < 2) return [];
    return [documentList(state, facts, this.words, this.language, this.acts.look, this.acts.want)];
  }

  private facts({ session, items, current }: Facts): HTMLElement {
    const { words } = this;
    const document = items[current]?.document;
    if (!session || !document) return element('dl');
    const rows: [string, string][] = [
      [words.document, document.title],
      [words.agency, session.agency.name],
      [words.act, words.actions[session.action] ?? session.action],
    ];
    if (session.purpose === 'person')
      rows.push([words.capacity, words.capacities[session.capacity] ?? session.capacity]);
    rows.push([words.digest, document.sha256]);
    return list(rows);
  }

  /** An agent or a service works, or its owner has to do something. */
  private waiting({ pairingCode, visit, code, credential }: Facts): HTMLElement[] {
    const { words } = this;
    const pairing = pairingCode
      ? [
          element('h2', {}, words.pairing),
          element('p', { class: 'code', id: 'pairing-code' }, pairingCode),
          element('p', { class: 'hint' }, words.pairingHint),
        ]
      : [];
    const confirming =
      credential && code
        ? [
            element('h2', {}, words.code),
            element('p', { class: 'code' }, code),
            element('p', { class: 'hint' }, words.atDevice),
          ]
        : [];
    const link = visit ? this.visit(visit) : [];
    const progress = element('progress', { id: 'progress', max: '1', 'aria-label': words.states.connecting });
    const cancel = button(words.cancel, { id: 'cancel' }, this.acts.cancel);
    return [
      ...pairing,
      ...(pairingCode ? [] : confirming),
      ...link,
      element('p', {}, progress),
      element('div', { class: 'buttons' }, cancel),
    ];
  }

  /** A link, since no browser blocks one that is clicked; and a field for browsers that keep the two windows apart. */
  private visit({ url, paste }: Visit): HTMLElement[] {
    const { words } = this;
    const link = { href: url, target: '_blank', rel: 'opener', class: 'primary', id: 'visit' };
    const answer = element('input', { id: 'visit-answer', autocomplete: 'off' });
    answer.addEventListener('input', () => paste(answer.value));
    return [
      element('p', {}, element('a', link, words.visit)),
      element('p', { class: 'hint' }, words.visitHint),
      element('label', { for: 'visit-answer' }, words.visitAnswer),
      answer,
    ];
  }

  private confirmation(facts: Facts, place: HTMLElement | null): HTMLElement[] {
    const { words } = this;
    const { items, current, credential, code } = facts;
    const checks = words.checks.map((one) => element('li', {}, one));
    const count = readyItems(items).length;
    const sign = button(
      count > 1 ? words.batch.sign(count) : words.sign,
      { class: 'primary', id: 'sign' },
      this.acts.sign,
    );
    return [
      list([
        [words.document, items[current]?.document.title ?? ''],
        [words.holder, credential?.holder ?? ''],
      ]),
      ...this.list('confirming', facts),
      ...(facts.isRenewed ? [element('p', { id: 'renewed', role: 'alert' }, words.renewed)] : []),
      element('h2', {}, words.code),
      element('p', { class: 'code', id: 'code' }, code),
      element('p', { class: 'hint' }, count > 1 ? words.batch.codeHint : words.codeHint),
      element('p', { class: 'hint' }, words.shownAsSigned),
      ...(place ? [place] : []),
      element('h2', {}, words.checksTitle),
      element('ul', { class: 'checks' }, ...checks),
      element('p', { class: 'hint', id: 'sight', role: 'status' }),
      element(
        'div',
        { class: 'buttons final' },
        sign,
        button(words.back, { id: 'back' }, this.acts.back),
        button(words.cancel, { id: 'cancel' }, this.acts.cancel),
      ),
    ];
  }

  private result(facts: Facts): HTMLElement[] {
    const { words } = this;
    const { signed, document } = facts.items[facts.current] ?? {};
    const rows: [string, string][] = signed
      ? [
          [words.document, document?.title ?? ''],
          [words.version, String(signed.version)],
          [words.signedAt, localTime(signed.signedAt)],
          [words.level, signed.level],
          [words.ledgerIndex, String(signed.ledgerIndex)],
        ]
      : [];
    const receipts = facts.items.flatMap(({ signed: done }) => (done ? [done.receipt] : []));
    const one = facts.items.length === 1;
    const json = new Blob([`${JSON.stringify(one ? receipts[0] : receipts)}\n`], {
      type: 'application/json',
    });
    const download = {
      href: URL.createObjectURL(json),
      download: one ? `${signed?.documentId}-${signed?.version}.receipt.json` : 'receipts.json',
    };
    const receipt = element('p', {}, element('a', download, one ? words.receipt : words.batch.receipts));
    return [list(rows), ...this.list('signed', facts), receipt];
  }

  private failure(facts: Facts, error: SignerError): HTMLElement[] {
    const { words } = this;
    const { what, remedy } = errorWords(error.code, this.language);
    const said = error.detail
      ? [element('p', { class: 'hint' }, `${words.theAxisSays}: ${error.detail}`)]
      : [];
    const summary = element(
      'div',
      { class: 'error', role: 'alert', tabindex: '-1', id: 'error' },
      element('h2', {}, what),
      element('p', {}, remedy),
      ...said,
      element('p', { class: 'hint' }, `${words.errorCode}: `, element('code', {}, error.code)),
    );
    const act = this.actOf(remedyOf(error.code, facts.isSigned), facts);
    const cancel = facts.isSigned ? [] : [button(words.cancel, { id: 'cancel' }, this.acts.cancel)];
    const documents = facts.isSigned ? this.list('failed', facts) : [];
    return [summary, ...documents, element('div', { class: 'buttons' }, ...act, ...cancel)];
  }

  private actOf(remedy: Remedy, { session, items, failedProviders }: Facts): HTMLElement[] {
    const { words, acts } = this;
    const isOther = session?.providers.some(({ id }) => !failedProviders.includes(id));
    const ways = remedy === 'other-way' && isOther ? words.otherWay : words.chooseAgain;
    // Nothing was shown yet, so there is nothing to choose.
    const again = items.length === 0 ? words.tryAgain : ways;
    if (remedy === 'choose' || remedy === 'other-way')
      return [button(again, { class: 'primary', id: 'back' }, acts.back)];
    if (remedy === 'send-again')
      return [button(words.sendAgain, { class: 'primary', id: 'send-again' }, acts.sendAgain)];
    return [];
  }
}

function list(rows: readonly (readonly [string, string])[]): HTMLElement {
  const parts = rows.map(([name, value]) =>
    element('div', {}, element('dt', {}, name), element('dd', {}, value)),
  );
  return element('dl', {}, ...parts);
}
