import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** A gzipped JSON file beside this one, e.g. `pkits/pkits.json.gz`. */
export function gzippedVectors<Value>(path: string): Value {
  return JSON.parse(gunzipSync(readFileSync(new URL(path, import.meta.url))).toString('utf8')) as Value;
}
