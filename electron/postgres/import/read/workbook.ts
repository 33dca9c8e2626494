/** What a workbook's parts say of its sheets: names, texts, and which styles are dates (ECMA-376, part 1, 18). */
import { invalid } from '../../../../shared/failure.ts';
import { ZipReader } from './zip-reader.ts';

/** All texts of a workbook are held in memory while it is read. */
const mostTextBytes = 400 * 1024 * 1024;

export interface Workbook {
  readonly zip: ZipReader;
  readonly sheets: readonly { readonly name: string; readonly part: string }[];
  readonly system1904: boolean;
  readonly texts: readonly string[];
  /** By style number. */
  readonly dates: readonly boolean[];
}

export async function openWorkbook(path: string): Promise<Workbook> {
  const zip = await ZipReader.open(path);
  if (zip.sizeOf('xl/workbook.xml') === null)
    throw invalid('file', 'This archive is no workbook. Unpack it, and choose one of its files.');
  const book = await zip.text('xl/workbook.xml', 16_000_000);
  const relations = new Map<string, string>();
  for (const [, attributes = ''] of (await zip.text('xl/_rels/workbook.xml.rels', 16_000_000)).matchAll(
    /<(?:\w+:)?Relationship\b([^>]*)>/g,
  ))
    relations.set(attribute(attributes, 'Id') ?? '', attribute(attributes, 'Target') ?? '');
  const sheets = [...book.matchAll(/<(?:\w+:)?sheet\b([^>]*)>/g)].map(([, attributes = '']) => {
    const target = relations.get(attribute(attributes, 'r:id') ?? attribute(attributes, 'id') ?? '') ?? '';
    const part = target.startsWith('/') ? target.slice(1) : `xl/${target}`;
    return { name: unescaped(attribute(attributes, 'name') ?? ''), part };
  });
  return {
    zip,
    sheets: sheets.filter(({ part }) => zip.sizeOf(part) !== null),
    system1904: /date1904="(1|true)"/.test(book),
    texts: zip.sizeOf('xl/sharedStrings.xml') === null ? [] : await sharedTexts(zip),
    dates: zip.sizeOf('xl/styles.xml') === null ? [] : dateStyles(await zip.text('xl/styles.xml', 64_000_000)),
  };
}

async function sharedTexts(zip: ZipReader): Promise<string[]> {
  const xml = await zip.text('xl/sharedStrings.xml', mostTextBytes);
  return [...xml.matchAll(/<(?:\w+:)?si\b[^>]*?(?:\/>|>([\s\S]*?)<\/(?:\w+:)?si>)/g)].map(([, inner = '']) =>
    textIn(inner),
  );
}

const builtInDates: ReadonlySet<number> = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47]);

function dateStyles(xml: string): boolean[] {
  const codes = new Map<number, string>();
  for (const [, attributes = ''] of xml.matchAll(/<(?:\w+:)?numFmt\b([^>]*)>/g))
    codes.set(Number(attribute(attributes, 'numFmtId')), unescaped(attribute(attributes, 'formatCode') ?? ''));
  const cells = /<(?:\w+:)?cellXfs\b[^>]*>([\s\S]*?)<\/(?:\w+:)?cellXfs>/.exec(xml)?.[1] ?? '';
  return [...cells.matchAll(/<(?:\w+:)?xf\b([^>]*)>/g)].map(([, attributes = '']) => {
    const format = Number(attribute(attributes, 'numFmtId') ?? 0);
    const code = codes.get(format);
    // Without what stands in quotes, brackets and behind backslashes the letters of a date are left.
    return code === undefined ? builtInDates.has(format) : /[ymdhs]/i.test(code.replace(/"[^"]*"|\[[^\]]*\]|\\./g, ''));
  });
}

export const attribute = (attributes: string, name: string): string | null =>
  new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`)
    .exec(attributes)
    ?.slice(1)
    .find((each) => each !== undefined) ?? null;

/** The text of an item, of all its runs, without how it is spoken. */
export function textIn(xml: string): string {
  const runs = xml.replace(/<(?:\w+:)?rPh\b[\s\S]*?<\/(?:\w+:)?rPh>/g, '');
  return [...runs.matchAll(/<(?:\w+:)?t\b[^>]*?(?:\/>|>([\s\S]*?)<\/(?:\w+:)?t>)/g)]
    .map(([, text = '']) => unescaped(text))
    .join('')
    .replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

export const unescaped = (text: string): string =>
  text.replace(/&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/g, (whole, hex, decimal, name: string) => {
    if (name) return named[name] ?? whole;
    const point = hex ? Number.parseInt(hex, 16) : Number(decimal);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
