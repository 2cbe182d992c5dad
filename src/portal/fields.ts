import type { Request } from 'express';
import { TrucError } from '../kernel/index.ts';
import type { PersonRef, WorkProblemCode } from '../workflow/index.ts';
import type { Official } from './office.ts';

const LONGEST = 100_000;

/** Text of a form's field, NFC, ends trimmed, without characters that XML cannot carry; empty where it is absent. */
export function text(request: Request, name: string, longest = LONGEST): string {
  const [value = ''] = texts(request, name);
  return value.slice(0, longest);
}

/** All values of a field that may come several times. */
export function texts(request: Request, name: string): string[] {
  const value: unknown = (request.body as Record<string, unknown> | undefined)?.[name];
  const list = Array.isArray(value) ? value : [value];
  return list.filter((one): one is string => typeof one === 'string').map(clean);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML forbids
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;

function clean(value: string): string {
  return value.toWellFormed().normalize('NFC').replace(/\r\n?/g, '\n').replace(FORBIDDEN, '').trim();
}

/** Lines that are not empty. */
export function lines(value: string): string[] {
  return value
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** The revision that the reader saw. @throws TrucError `api.invalid-request` */
export function revision(request: Request): number {
  const value = Number(text(request, 'revision', 20));
  if (!Number.isSafeInteger(value) || value < 1) throw new TrucError('api.invalid-request');
  return value;
}

/** A whole number from 1, or null for an empty field. @throws TrucError `api.invalid-request` */
export function numberOrNull(request: Request, name: string): number | null {
  const value = text(request, name, 20);
  if (value === '') return null;
  if (!/^\d{1,7}$/.test(value) || Number(value) === 0) throw new TrucError('api.invalid-request');
  return Number(value);
}

/** `YYYY-MM-DD`, or null for an empty field. @throws TrucError `api.invalid-request` for what is no date */
export function dateOrNull(request: Request, name: string): string | null {
  const value = text(request, name, 20);
  if (value === '') return null;
  const time = Date.parse(`${value}T00:00:00.000Z`);
  const real = /^\d{4}-\d{2}-\d{2}$/.test(value) && Number.isFinite(time);
  if (!real || new Date(time).toISOString().slice(0, 10) !== value)
    throw new TrucError('api.invalid-request');
  return value;
}

/** Somebody of the agency. @throws TrucError `work.person-unknown` */
export function personOfAgency(id: string, officials: readonly Official[]): PersonRef {
  const found = officials.find((one) => one.id === id);
  if (!found) throw new TrucError<WorkProblemCode>('work.person-unknown');
  return { id: found.id, name: found.name, title: found.title };
}
