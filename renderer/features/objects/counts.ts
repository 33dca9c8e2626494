/** Headings and names under which the server counts something: everything else that looks like a number may be a value, or an oid. */
const counting = /\b(rows|pages|scans|tuples|reads?|hits?|changed|inserted|updated|deleted|calls)\b/i;

/** 1234567 as 1,234,567 where `heading` says that it is a count; any other text as it is. */
export const withSeparators = (heading: string, text: string): string =>
  counting.test(heading) && /^-?\d{4,}$/.test(text) ? text.replace(/\B(?=(\d{3})+$)/g, ',') : text;
