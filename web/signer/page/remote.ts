/** Where the remote service sends the official back to: hands the answer to the widget's window, or shows it to be copied there. */
function handOver(): void {
  const answer = location.search.slice(1);
  // The code is worth nothing without the verifier, and still leaves the address bar.
  history.replaceState(null, '', location.pathname);
  const shown = document.querySelector<HTMLInputElement>('#answer');
  if (shown) {
    shown.value = answer;
    shown.addEventListener('focus', () => shown.select());
  }
  // The service's page may have cut the tie to the window that opened it.
  if (!window.opener) return;
  (window.opener as Window).postMessage(answer, location.origin);
  document.getElementById('done')?.removeAttribute('hidden');
}

handOver();
