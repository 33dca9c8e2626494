/**
 * A pattern that a text has to be of, all of it, before to_timestamp reads it: that one ignores what follows its template, and
 * makes the year 1 of a year that is missing. PostgreSQL's regular expressions, for the templates that it reads.
 */

const digits = (most: number): string => `[0-9]{1,${most}}`;
const word = '[[:alpha:]]+[.]?';
const half = '[AaPp][.]?[Mm][.]?';
const era = '(?:[Bb][.]?[Cc][.]?|[Aa][.]?[Dd][.]?)';

/** Longer ones first: the first that fits is taken, as in formatting.c. */
const parts: readonly (readonly [RegExp, string])[] = [
  [/^(FM|FX|TM)/i, ''],
  [/^Y,YYY/i, '[0-9]+,[0-9]{3}'],
  [/^(YYYY|IYYY)/i, '[+-]?[0-9]+'],
  [/^(YYY|IYY)/i, digits(3)],
  [/^(YY|IY)/i, digits(2)],
  [/^(A\.M\.|P\.M\.|AM|PM)/i, half],
  [/^(B\.C\.|A\.D\.|BC|AD)/i, era],
  [/^(MONTH|MON|DAY|DY|RM)/i, word],
  [/^(HH24|HH12|HH|MI|MM|DD(?!D)|WW|IW|CC)/i, digits(2)],
  [/^(SSSSS|SSSS)/i, digits(5)],
  [/^SS/i, digits(2)],
  [/^(DDD|IDDD)/i, digits(3)],
  [/^MS/i, digits(3)],
  [/^US/i, digits(6)],
  [/^FF[1-6]/i, digits(6)],
  [/^TZH/i, '[+-]?[0-9]{1,2}'],
  [/^TZM/i, digits(2)],
  [/^TZ/i, '[[:alpha:]_/+:0-9-]+'],
  [/^OF/i, '[+-][0-9]{1,2}(?::?[0-9]{2})?'],
  [/^TH/i, '[[:alpha:]]{2}'],
  [/^J/i, '[0-9]+'],
  [/^(ID|[YIDWQ])/i, digits(1)],
  [/^"(?:[^"\\]|\\.)*"/, ''],
  [/^\s+/, '\\s+'],
  [/^[^\p{L}\p{N}\s"]/u, '[^[:alnum:]]'],
];

/** @param format as to_timestamp takes it */
export function datePattern(format: string): string {
  let pattern = '';
  for (let at = 0; at < format.length; ) {
    const rest = format.slice(at);
    const found = parts.map(([part, as]) => ({ text: part.exec(rest)?.[0], as })).find(({ text }) => text);
    const text = found?.text ?? rest.slice(0, 1);
    // Quoted text and letters that mean nothing stand for as many characters, whichever they are.
    if (text.startsWith('"')) pattern += `.{${text.slice(1, -1).replaceAll(/\\(.)/g, '$1').length}}`;
    else pattern += found ? found.as : '.';
    at += text.length;
  }
  return `^\\s*${pattern}\\s*$`;
}
