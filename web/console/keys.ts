/** `/` searches, `j` and `k` walk through the lines, Enter opens, `?` says so. Never while somebody types. */
export function watchKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const done = act(event.key);
    if (done) event.preventDefault();
  });
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null;
}

function act(key: string): boolean {
  if (key === '/') {
    const search = document.querySelector<HTMLInputElement>('#q');
    search?.focus();
    search?.select();
    return search !== null;
  }
  if (key === 'j' || key === 'k') return walk(key === 'j' ? 1 : -1);
  if (key === '?') {
    const help = document.querySelector<HTMLDetailsElement>('#keys');
    if (help) help.open = !help.open;
    return help !== null;
  }
  return false;
}

function walk(by: number): boolean {
  const titles = [...document.querySelectorAll<HTMLAnchorElement>('tbody a.title')];
  if (titles.length === 0) return false;
  const now = titles.findIndex((one) => one === document.activeElement);
  const next =
    now === -1 ? (by > 0 ? 0 : titles.length - 1) : Math.min(Math.max(now + by, 0), titles.length - 1);
  titles[next]?.focus();
  return true;
}
