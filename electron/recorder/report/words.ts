/** Numbers as a report writes them. */
import { shownAmount } from '../../../shared/metrics/units.ts';

/** Three digits, as far as they say something. */
export function short(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  if (Math.abs(value) < 0.001) return '0';
  return value
    .toPrecision(3)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}

/** In units of 1,024 named as pg_size_pretty does: the same words as on the screens. */
export const bytes = (value: number): string => shownAmount(value, { unit: 'bytes' });

export function duration(ms: number): string {
  const parts: [number, string][] = [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'min'],
    [1000, 's'],
  ];
  const place = parts.findIndex(([size]) => ms >= size);
  if (place === -1) return `${short(ms)} ms`;
  const [size, unit] = parts[place] as [number, string];
  const next = parts[place + 1];
  const rest = next ? Math.floor((ms % size) / next[0]) : 0;
  return next && rest > 0 ? `${Math.floor(ms / size)} ${unit} ${rest} ${next[1]}` : `${short(ms / size)} ${unit}`;
}

/** UTC, to the second: a report is read elsewhere than where it was made. */
export const instant = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

export const percent = (share: number): string => `${short(share * 100)} %`;

export function inUnit(value: number, unit: 'sessions' | 'perSecond' | 'bytesPerSecond' | 'count'): string {
  if (unit === 'bytesPerSecond') return `${bytes(value)}/s`;
  return unit === 'perSecond' ? `${short(value)}/s` : short(value);
}
