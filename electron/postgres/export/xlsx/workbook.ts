/** A workbook: sheets as entries of a ZIP archive, then what names them (ECMA-376, parts 1 and 2). */
import type { ByteSink } from '../output/byte-sink.ts';
import type { ZipWriter } from '../output/zip-writer.ts';

/** Of Excel. */
export const mostSheetRows = 1_048_576;
const mostNameCharacters = 31;

const namespace = 'http://schemas.openxmlformats.org';
const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

export class Workbook {
  readonly #zip: ZipWriter;
  readonly #sheets: string[] = [];

  constructor(zip: ZipWriter) {
    this.#zip = zip;
  }

  /** The next sheet's own XML goes to the sink. */
  sheet(name: string): ByteSink {
    this.#sheets.push(sheetName(name, this.#sheets));
    // Level 1: markup that repeats in every cell is small in any case, and the time is in the compression.
    return this.#zip.entry(`xl/worksheets/sheet${this.#sheets.length}.xml`, { level: 1 });
  }

  /** Everything else, once all sheets have ended. */
  end(): void {
    const each = <T>(make: (name: string, number: number) => T): T[] =>
      this.#sheets.map((name, at) => make(name, at + 1));
    const sheetType = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
    this.#write(
      '[Content_Types].xml',
      `<Types xmlns="${namespace}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${sheetType}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${sheetType}.styles+xml"/>${each(
        (_, number) =>
          `<Override PartName="/xl/worksheets/sheet${number}.xml" ContentType="${sheetType}.worksheet+xml"/>`,
      ).join('')}</Types>`,
    );
    const relation = `${namespace}/officeDocument/2006/relationships`;
    this.#write(
      '_rels/.rels',
      `<Relationships xmlns="${namespace}/package/2006/relationships"><Relationship Id="rId1" Type="${relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    );
    this.#write(
      'xl/workbook.xml',
      `<workbook xmlns="${namespace}/spreadsheetml/2006/main" xmlns:r="${relation}"><sheets>${each(
        (name, number) => `<sheet name="${escaped(name)}" sheetId="${number}" r:id="rId${number}"/>`,
      ).join('')}</sheets></workbook>`,
    );
    this.#write(
      'xl/_rels/workbook.xml.rels',
      `<Relationships xmlns="${namespace}/package/2006/relationships">${each(
        (_, number) =>
          `<Relationship Id="rId${number}" Type="${relation}/worksheet" Target="worksheets/sheet${number}.xml"/>`,
      ).join(
        '',
      )}<Relationship Id="rId${this.#sheets.length + 1}" Type="${relation}/styles" Target="styles.xml"/></Relationships>`,
    );
    this.#write('xl/styles.xml', styles);
  }

  #write(name: string, xml: string): void {
    const sink = this.#zip.entry(name);
    sink.write(Buffer.from(head + xml));
    sink.end();
  }
}

/** Plain, dates, timestamps, and the bold line of names. */
const styles =
  `<styleSheet xmlns="${namespace}/spreadsheetml/2006/main">` +
  '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss.000"/></numFmts>' +
  '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>' +
  '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
  '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
  '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
  '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>' +
  '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>' +
  '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>' +
  '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs></styleSheet>';

const escaped = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML has none of them
    .replace(/[\u0000-\u001f\ufffe\uffff]/g, '_')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;');

/** Excel's rules: 31 characters, none of []:*?/\, no apostrophe at either end, and no two alike whatever the case. */
export function sheetName(wanted: string, taken: readonly string[]): string {
  const plain = wanted
    .replace(/[[\]:*?/\\]/g, '_')
    .replace(/^'+|'+$/g, '')
    .toWellFormed();
  const used = new Set(taken.map((name) => name.toLowerCase()));
  for (let number = 1; ; number++) {
    const suffix = number === 1 ? '' : ` (${number})`;
    const name = `${(plain || 'Sheet').slice(0, mostNameCharacters - suffix.length)}${suffix}`;
    if (!used.has(name.toLowerCase())) return name;
  }
}
