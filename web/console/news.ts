const EVERY_MS = 15_000;

/** Says how many lines have come since; nothing moves until the reader asks. */
export function watchNews(): void {
  const list = document.querySelector<HTMLElement>('[data-newest]');
  const bar = document.querySelector<HTMLAnchorElement>('#news');
  const newest = list?.dataset.newest ?? '';
  if (!list || !bar || newest === '') return;
  const ask = async () => {
    if (document.hidden) return;
    const query = new URLSearchParams(location.search);
    query.set('since', newest);
    const answer = await fetch(`/console/messages/news?${query}`).catch(() => null);
    if (!answer?.ok) return;
    const { count, more } = (await answer.json()) as { count: number; more: boolean };
    bar.hidden = count === 0;
    bar.textContent = `${count}${more ? '+' : ''} ${bar.dataset.words ?? ''}`;
  };
  setInterval(ask, Number(list.dataset.every ?? EVERY_MS));
}

/** A reason that was typed is still there after a login that ran out. */
export function keepReasons(): void {
  for (const field of document.querySelectorAll<HTMLInputElement>('input[name=reason][type=text]')) {
    const form = field.form;
    if (form?.method !== 'post') continue;
    const key = `truc-reason ${new URL(form.action).pathname} ${field.id}`;
    if (field.value === '') field.value = sessionStorage.getItem(key) ?? '';
    field.addEventListener('input', () => sessionStorage.setItem(key, field.value));
    if (location.search.includes('done=')) sessionStorage.removeItem(key);
  }
}
