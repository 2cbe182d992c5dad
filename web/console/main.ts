import { watchKeys } from './keys.ts';
import { watchLedger } from './ledger.ts';
import { keepReasons, watchNews } from './news.ts';

watchKeys();
watchLedger();
watchNews();
keepReasons();

/** A bulk replay goes on by itself while its page is open. */
document.querySelector<HTMLFormElement>('form[data-goes-on]')?.requestSubmit();
