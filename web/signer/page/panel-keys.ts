import { button, element } from './dom.ts';
import type { Facts } from './facts.ts';
import type { ProviderId, ProviderOffer } from './providers/provider.ts';
import type { Words } from './words.ts';

/** How the official wants to sign. */
export type Choice =
  | { id: 'soft'; file: File; password: string }
  | { id: Exclude<ProviderId, 'soft'>; url: string; inItsWindow: boolean };

/**
 * Ways of signing in the agency's order, the first that has not failed chosen already, and what the chosen one needs. Nothing is
 * connected to before the form is sent.
 */
export function keyForm(
  { session, failedProviders, items }: Facts,
  words: Words,
  choose: (choice: Choice) => void,
  cancel: () => void,
): HTMLElement {
  const offers = session?.providers ?? [];
  let chosen = offers.find(({ id }) => !failedProviders.includes(id)) ?? offers[0];
  const needs = element('div', {});
  // One PDF at a time, and no initials: those are told by the name of their field, which is the agent's own there.
  const hasWindow = items.length === 1 && session?.action !== 'initial';
  const showNeeds = () => chosen && needs.replaceChildren(...needsOf(chosen, words, hasWindow));
  const ways = offers.map((offer) =>
    wayOf(offer, offer === chosen, words, () => {
      chosen = offer;
      showNeeds();
    }),
  );
  showNeeds();
  const legend = element('legend', {}, words.ways.title);
  const one = items.length === 1;
  const form = element(
    'form',
    {},
    ...(ways.length > 1 ? [element('fieldset', {}, legend, ...ways)] : []),
    needs,
    element(
      'div',
      { class: 'buttons' },
      element('button', { type: 'submit', class: 'primary' }, one ? words.check : words.checkAll),
      button(words.cancel, { id: 'cancel' }, cancel),
    ),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const choice = chosen && choiceOf(chosen, needs);
    if (choice) choose(choice);
  });
  return form;
}

function wayOf({ id }: ProviderOffer, isChosen: boolean, words: Words, choose: () => void): HTMLElement {
  const input = element('input', { type: 'radio', name: 'provider', id: `provider-${id}`, value: id });
  input.checked = isChosen;
  input.addEventListener('change', choose);
  return element('div', { class: 'way' }, input, element('label', { for: input.id }, words.ways[id].name));
}

function needsOf({ id }: ProviderOffer, words: Words, hasWindow: boolean): HTMLElement[] {
  if (id !== 'soft') {
    const hints = words.ways[id].hints.map((one) => element('p', { class: 'hint' }, one));
    return id === 'vgca' && hasWindow ? [...hints, ...windowOf(words)] : hints;
  }
  const file = element('input', {
    type: 'file',
    id: 'key-file',
    accept: '.p12,.pfx,application/x-pkcs12',
    required: '',
    'aria-describedby': 'key-hint',
  });
  const password = element('input', { type: 'password', id: 'pin', autocomplete: 'off', required: '' });
  return [
    element('label', { for: 'key-file' }, words.keyFile),
    file,
    element('p', { class: 'hint', id: 'key-hint' }, words.keyFileHint),
    element('label', { for: 'pin' }, words.password),
    password,
  ];
}

/** The agent's own window, for agencies that want its placing of pictures. */
function windowOf({ agentWindow }: Words): HTMLElement[] {
  const box = element('input', {
    type: 'checkbox',
    id: 'vgca-window',
    'aria-describedby': 'vgca-window-hint',
  });
  return [
    element('div', { class: 'way' }, box, element('label', { for: 'vgca-window' }, agentWindow.label)),
    element('p', { class: 'hint', id: 'vgca-window-hint' }, agentWindow.hint),
  ];
}

function choiceOf({ id, url = '' }: ProviderOffer, needs: HTMLElement): Choice | null {
  const inItsWindow = needs.querySelector<HTMLInputElement>('#vgca-window')?.checked === true;
  if (id !== 'soft') return { id, url, inItsWindow };
  const [file] = needs.querySelector<HTMLInputElement>('#key-file')?.files ?? [];
  const password = needs.querySelector<HTMLInputElement>('#pin');
  const value = password?.value ?? '';
  if (password) password.value = '';
  return file ? { id, file, password: value } : null;
}

/** Several certificates in one token: which of them. */
export function credentialForm(
  { credentials }: Facts,
  words: Words,
  choose: (id: string) => void,
  back: () => void,
): HTMLElement {
  const ways = credentials.map(({ id, holder, validTo }, i) => {
    const input = element('input', { type: 'radio', name: 'credential', id: `credential-${i}`, value: id });
    input.checked = i === 0;
    const [year, month, day] = validTo.slice(0, 10).split('-');
    const label = element('label', { for: input.id }, holder);
    const until = element('p', { class: 'hint' }, `${words.validTo} ${day}/${month}/${year}`);
    return element('div', { class: 'way' }, input, element('div', {}, label, until));
  });
  const form = element(
    'form',
    {},
    element('fieldset', {}, element('legend', {}, words.certificates), ...ways),
    element(
      'div',
      { class: 'buttons' },
      element('button', { type: 'submit', class: 'primary' }, words.check),
      button(words.back, { id: 'back' }, back),
    ),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    choose(String(new FormData(form).get('credential')));
  });
  return form;
}
