import { readFileSync } from 'node:fs';
import { trustStore } from '../src/verification/index.ts';

/** Loads the CRL of a file in a process of its own and prints what that cost, as JSON: argv is file, anchor, certificates. */
const [listFile = '', anchorFile = '', numbersFile = ''] = process.argv.slice(2);
const anchor = readFileSync(anchorFile);
const numbers = JSON.parse(readFileSync(numbersFile, 'utf8')).map((hex: string) => Buffer.from(hex, 'hex'));
// The code is loaded and the key ready before anything is measured.
const [issuer] = trustStore({ anchors: [anchor] }).anchors;
if (!issuer) throw new TypeError('no anchor');

const before = process.memoryUsage.rss();
const begun = performance.now();
const store = trustStore({ anchors: [anchor], crls: [readFileSync(listFile)] });
const [list] = store.crlsFrom(issuer.subject.folded);
if (!list?.isSignedBy(issuer)) throw new TypeError('the list is not signed');
const found = list.find(numbers[0], issuer.subject) !== null;
const loadMs = performance.now() - begun;
const rssMb = (process.memoryUsage.rss() - before) / 1_048_576;

const lookUps = performance.now();
let hits = 0;
for (const number of numbers) if (list.find(number, issuer.subject)) hits++;
const lookUpMicroseconds = ((performance.now() - lookUps) * 1_000) / numbers.length;
process.stdout.write(JSON.stringify({ found, hits, loadMs, rssMb, lookUpMicroseconds }));
