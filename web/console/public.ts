import { watchLedger } from './ledger.ts';
import { watchChosenFile } from './verify.ts';

watchLedger();
watchChosenFile();
