/** Times as a person writes them: "5 s", "250 ms", "2 min", "0" for none. */

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, sec: 1000, min: 60_000, m: 60_000, h: 3_600_000 };

/** Milliseconds; null for an empty text, undefined where it is no time. A bare number counts seconds. */
export function parseDuration(text: string): number | null | undefined {
  const trimmed = text.trim().toLowerCase();
  if (trimmed === '') return null;
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?)\s*(ms|sec|s|min|m|h)?$/.exec(trimmed) ?? [];
  const factor = unitMs[unit];
  if (amount === undefined || factor === undefined) return undefined;
  const ms = Math.round(Number(amount) * factor);
  return ms <= 2_147_483_647 ? ms : undefined;
}

/** As it can be parsed again. */
export function writtenDuration(ms: number | null): string {
  if (ms === null) return '';
  if (ms === 0) return '0';
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000} h`;
  if (ms % 60_000 === 0) return `${ms / 60_000} min`;
  return ms % 1000 === 0 ? `${ms / 1000} s` : `${ms} ms`;
}
