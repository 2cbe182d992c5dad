import type { Request, Response } from 'express';
import { TrucError } from '../kernel/index.ts';
import { type BodyBudget, mediaType, readBody } from './body.ts';

/** A file that somebody chose in a form of ours. */
export interface UploadedFile {
  /** As the browser gave it: a name, never a path of ours. */
  name: string;
  bytes: Buffer;
}

const MIB = 1024 * 1024;
/** Largest form with files; a letter of a hundred scanned pages has less. */
const UPLOADS: BodyBudget = { limit: 32 * MIB, total: 128 * MIB, used: 0 };
/** Fields and files of one form. */
const MOST_PARTS = 100;

export function isUpload(request: Request): boolean {
  return mediaType(request) === 'multipart/form-data';
}

/**
 * Reads a form with files (RFC 7578): its fields are then `request.body`, its files for {@link fileOf}. Only for somebody who is
 * known already.
 * @throws TrucError `intake.too-large`, `exchange.overloaded`, `api.invalid-request` for what is no such form
 */
export async function readUpload(request: Request, response: Response): Promise<void> {
  const contentType = request.get('content-type') ?? '';
  const bytes = await readBody(request, UPLOADS);
  if (partsOf(bytes, contentType) > MOST_PARTS) throw new TrucError('api.invalid-request');
  const fields: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  const files = new Map<string, UploadedFile>();
  for (const [name, value] of await parsed(bytes, contentType)) {
    if (typeof value === 'string') fields[name] = [...(fields[name] ?? []), value];
    else if (value.size > 0 && !files.has(name))
      files.set(name, { name: value.name.slice(0, 200), bytes: Buffer.from(await value.arrayBuffer()) });
  }
  request.body = Object.fromEntries(
    Object.entries(fields).map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  );
  response.locals.files = files;
}

/** The file that was chosen in a field of the form; null where none was. */
export function fileOf(response: Response, field: string): UploadedFile | null {
  const files = response.locals.files as ReadonlyMap<string, UploadedFile> | undefined;
  return files?.get(field) ?? null;
}

async function parsed(bytes: Buffer, contentType: string): Promise<FormData> {
  try {
    return await new globalThis.Response(bytes, { headers: { 'content-type': contentType } }).formData();
  } catch (error) {
    throw new TrucError('api.invalid-request', { cause: String(error) }, error);
  }
}

/** How many parts a body can have at most, counted before anything is made of them. */
function partsOf(bytes: Buffer, contentType: string): number {
  const boundary = /boundary="?([^";]{1,70})"?/i.exec(contentType)?.[1];
  if (boundary === undefined) throw new TrucError('api.invalid-request');
  let count = 0;
  for (let at = bytes.indexOf(`--${boundary}`); at >= 0 && count <= MOST_PARTS + 1; count++)
    at = bytes.indexOf(`--${boundary}`, at + 1);
  return count;
}
