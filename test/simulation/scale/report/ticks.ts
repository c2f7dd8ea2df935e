import { HOUR_MS } from '../plan.js';

/** At most so many lines across a picture. */
const MOST_TICKS = 5;

/** Round numbers from 0 to at least `max`. */
export function roundTicks(max: number): number[] {
  const raw = Math.max(max, 1e-9) / MOST_TICKS;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= raw) ?? raw;
  return Array.from({ length: Math.ceil(max / step - 1e-9) + 1 }, (_, index) => index * step);
}

/** Full hours within a time, not too many of them. */
export function hourTicks(lengthMs: number): number[] {
  const hours = lengthMs / HOUR_MS;
  const step = [0.25, 0.5, 1, 2, 3, 6, 12, 24].find((candidate) => hours / candidate <= 12) ?? 24;
  return Array.from({ length: Math.floor(hours / step) + 1 }, (_, index) => index * step);
}

/** `07:30` of the simulated day. */
export function clockText(hours: number): string {
  const minutes = Math.round(hours * 60);
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
