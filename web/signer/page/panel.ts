import type { Language, SignerState } from '../protocol.ts';
import type { Facts } from './ceremony.ts';
import { button, element } from './dom.ts';
import { errorWords } from './error-words.ts';
import { type Remedy, remedyOf, type SignerError } from './errors.ts';
import type { Box } from './placing.ts';
import { localTime, type Words, wordsOf } from './words.ts';

/** A millimetre in points. */
const MM = 72 / 25.4;

/** What the official does. */
export interface Acts {
  choose(file: File, password: string): void;
  place(box: Box): void;
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

  /** @param signed whether the key has signed already */
  of(state: SignerState, facts: Facts, signed: boolean): HTMLElement[] {
    if (state === 'reviewing') return [this.facts(facts), this.keyForm()];
    if (state === 'confirming') return this.confirmation(facts);
    if (state === 'signed') return [this.result(facts)];
    if (state === 'failed' && facts.error) return this.failure(facts.error, signed);
    return [];
  }

  private facts({ session, document }: Facts): HTMLElement {
    const { words } = this;
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

  private keyForm(): HTMLElement {
    const { words } = this;
    const file = element('input', {
      type: 'file',
      id: 'key-file',
      accept: '.p12,.pfx,application/x-pkcs12',
      required: '',
      'aria-describedby': 'key-hint',
    });
    const password = element('input', { type: 'password', id: 'pin', autocomplete: 'off', required: '' });
    const form = element(
      'form',
      {},
      element('label', { for: 'key-file' }, words.keyFile),
      file,
      element('p', { class: 'hint', id: 'key-hint' }, words.keyFileHint),
      element('label', { for: 'pin' }, words.password),
      password,
      element(
        'div',
        { class: 'buttons' },
        element('button', { type: 'submit', class: 'primary' }, words.check),
        button(words.cancel, { id: 'cancel' }, this.acts.cancel),
      ),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const [chosen] = file.files ?? [];
      const { value } = password;
      password.value = '';
      if (chosen) this.acts.choose(chosen, value);
    });
    return form;
  }

  /** Five numbers in millimetres: for whoever does not drag, and exact for whoever measures. */
  private placeForm(box: Box): HTMLElement {
    const { words } = this;
    const names = ['page', 'left', 'bottom', 'width', 'height'] as const;
    const inputs = names.map((name) => {
      const [value, step] = name === 'page' ? [box.page, '1'] : [(box[name] / MM).toFixed(1), '0.1'];
      const least = name === 'page' ? '1' : '0';
      const attributes = {
        type: 'number',
        id: `place-${name}`,
        value: String(value),
        step,
        min: least,
        required: '',
      };
      return element('input', attributes);
    });
    const fields = inputs.map((input, i) =>
      element('div', {}, element('label', { for: input.id }, words.place[names[i] ?? 'page']), input),
    );
    const form = element(
      'form',
      {},
      element('div', { class: 'numbers' }, ...fields),
      element(
        'div',
        { class: 'buttons' },
        element('button', { type: 'submit', id: 'place' }, words.place.apply),
      ),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const [page = 1, ...rest] = inputs.map((input) => input.valueAsNumber);
      const [left = 0, bottom = 0, width = 0, height = 0] = rest.map((one) => one * MM);
      this.acts.place({ page, left, bottom, width, height });
    });
    return element('details', {}, element('summary', {}, words.place.title), form);
  }

  private confirmation({ key, checked, document, box }: Facts): HTMLElement[] {
    const { words } = this;
    const checks = words.checks.map((one) => element('li', {}, one));
    return [
      list([
        [words.document, document?.title ?? ''],
        [words.holder, key?.holder ?? ''],
      ]),
      element('h2', {}, words.code),
      element('p', { class: 'code', id: 'code' }, checked?.code ?? ''),
      element('p', { class: 'hint' }, words.codeHint),
      element('p', { class: 'hint' }, words.shownAsSigned),
      ...(box ? [this.placeForm(box)] : []),
      element('h2', {}, words.checksTitle),
      element('ul', { class: 'checks' }, ...checks),
      element(
        'div',
        { class: 'buttons' },
        button(words.sign, { class: 'primary', id: 'sign' }, this.acts.sign),
        button(words.back, { id: 'back' }, this.acts.back),
        button(words.cancel, { id: 'cancel' }, this.acts.cancel),
      ),
    ];
  }

  private result({ signed, document }: Facts): HTMLElement {
    const { words } = this;
    if (!signed) return element('div');
    const rows: [string, string][] = [
      [words.document, document?.title ?? ''],
      [words.version, String(signed.version)],
      [words.signedAt, localTime(signed.signedAt)],
      [words.level, signed.level],
      [words.ledgerIndex, String(signed.ledgerIndex)],
    ];
    const json = new Blob([`${JSON.stringify(signed.receipt)}\n`], { type: 'application/json' });
    const download = {
      href: URL.createObjectURL(json),
      download: `${signed.documentId}-${signed.version}.receipt.json`,
    };
    return element('div', {}, list(rows), element('p', {}, element('a', download, words.receipt)));
  }

  private failure(error: SignerError, signed: boolean): HTMLElement[] {
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
    const act = this.actOf(remedyOf(error.code, signed));
    const cancel = signed ? [] : [button(words.cancel, { id: 'cancel' }, this.acts.cancel)];
    return [summary, element('div', { class: 'buttons' }, ...act, ...cancel)];
  }

  private actOf(remedy: Remedy): HTMLElement[] {
    const { words, acts } = this;
    if (remedy === 'choose') return [button(words.chooseAgain, { class: 'primary', id: 'back' }, acts.back)];
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
