/**
 * The fonts of a PDF: Helvetica, which every reader has and which knows the characters of western Europe, and fonts made
 * of pictures (Type 3, ISO 32000-1, 9.6.5) for all others. Their texts can be searched and copied all the same.
 */
import type { GlyphOf, GlyphPicture } from './glyph-picture.ts';
import { type PdfFile, utf16 } from './pdf-file.ts';

/** What WinAnsiEncoding has beyond Latin-1. */
const winAnsi = new Map(
  [...'€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'].map((character, at) => [character, 0x80 + at]),
);

/** Widths of Helvetica's characters 32 to 126, in thousandths of its size. */
const widths = (
  '278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556 ' +
  '1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 ' +
  '333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584'
)
  .split(' ')
  .map(Number);
const strongFactor = 1.06;

/** Codes of one font; `width` in its size. */
export interface Piece {
  readonly font: string;
  readonly codes: readonly number[];
  readonly width: number;
}

/** Scripts whose letters stand for themselves, one after the other from the left: others are drawn a text at a time. */
const plainScripts =
  /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Georgian}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Common}\p{Script=Inherited}]*$/u;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** A simple font has this many codes. */
const mostInFont = 255;

interface Drawn {
  readonly text: string;
  readonly picture: GlyphPicture;
}

export class PdfFonts {
  readonly #glyphOf: GlyphOf;
  readonly #known = new Map<string, number | null>();
  readonly #glyphs: Drawn[] = [];
  #replaced = 0;

  constructor(glyphOf: GlyphOf) {
    this.#glyphOf = glyphOf;
  }

  /** How many characters no font has, and that could not be drawn either. */
  get replaced(): number {
    return this.#replaced;
  }

  /** A text as pieces that follow each other. */
  pieces(text: string, strong: boolean): Piece[] {
    const pieces: Piece[] = [];
    let codes: number[] = [];
    const flush = () => {
      if (codes.length > 0) pieces.push(helvetica(codes, strong));
      codes = [];
    };
    for (const part of plainScripts.test(text) ? graphemesOf(text) : [text]) {
      const own = [...part].map(codeOf);
      if (own.every((code) => code !== null)) codes.push(...own);
      else {
        const drawn = this.#drawn(part, strong);
        if (drawn) {
          flush();
          pieces.push(drawn);
        } else {
          this.#replaced += own.filter((code) => code === null).length;
          codes.push(...own.map((code) => code ?? 0x3f));
        }
      }
    }
    flush();
    return pieces;
  }

  /** Writes them. @returns the entries of a page's /Font dictionary */
  async write(file: PdfFile): Promise<string> {
    const standard = (name: string) =>
      file.add(`<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`);
    const entries = [`/R ${standard('Helvetica')} 0 R`, `/B ${standard('Helvetica-Bold')} 0 R`];
    for (let from = 0; from < this.#glyphs.length; from += mostInFont) {
      const font = await writeDrawn(file, this.#glyphs.slice(from, from + mostInFont));
      entries.push(`/${drawnFont(from)} ${font} 0 R`);
    }
    return entries.join(' ');
  }

  #drawn(text: string, strong: boolean): Piece | null {
    const key = `${strong ? 'strong' : 'plain'} ${text}`;
    let number = this.#known.get(key);
    if (number === undefined) {
      const picture = this.#glyphOf(text, strong);
      number = picture && this.#glyphs.push({ text, picture }) - 1;
      this.#known.set(key, number);
    }
    if (number === null) return null;
    const width = this.#glyphs[number]?.picture.advance ?? 0;
    return { font: drawnFont(number), codes: [number % mostInFont], width };
  }
}

const drawnFont = (glyph: number): string => `G${Math.floor(glyph / mostInFont)}`;
const graphemesOf = (text: string): string[] => [...graphemes.segment(text)].map(({ segment }) => segment);

function helvetica(codes: readonly number[], strong: boolean): Piece {
  const sum = codes.reduce((total, code) => total + (widths[code - 32] ?? 556), 0) / 1000;
  return { font: strong ? 'B' : 'R', codes, width: sum * (strong ? strongFactor : 1) };
}

/** Its code in WinAnsiEncoding; null where it has none. */
function codeOf(character: string): number | null {
  const code = character.codePointAt(0) ?? 0;
  if ((code >= 32 && code < 127) || (code >= 0xa0 && code < 0x100)) return code;
  const other = winAnsi.get(character);
  return other !== undefined && other !== code ? other : null;
}

const thousandths = (value: number): string => String(Math.round(value * 1000));

async function writeDrawn(file: PdfFile, glyphs: readonly Drawn[]): Promise<number> {
  const procedures: string[] = [];
  const pictures: string[] = [];
  for (const [code, { picture }] of glyphs.entries()) {
    pictures.push(`/i${code} ${await writePicture(file, picture)} 0 R`);
    const { advance, left, bottom, width, height } = picture;
    const box = [left, bottom, left + width, bottom + height].map(thousandths).join(' ');
    // d1: it has the colour of the text; d0: colours of its own.
    const metrics = `${thousandths(advance)} 0 ${picture.colors ? 'd0' : `${box} d1`}`;
    const place = [width, 0, 0, height, left, bottom].map(thousandths).join(' ');
    procedures.push(`/g${code} ${await file.addStream('', `${metrics}\nq ${place} cm /i${code} Do Q`)} 0 R`);
  }
  const unicode = await file.addStream('', unicodeOf(glyphs));
  const codes = glyphs.map((_, code) => `/g${code}`).join(' ');
  const advances = glyphs.map(({ picture }) => thousandths(picture.advance)).join(' ');
  return file.add(
    `<< /Type /Font /Subtype /Type3 /FontBBox [0 0 0 0] /FontMatrix [0.001 0 0 0.001 0 0] /FirstChar 0 /LastChar ${glyphs.length - 1} ` +
      `/Widths [${advances}] /Encoding << /Type /Encoding /Differences [0 ${codes}] >> /CharProcs << ${procedures.join(' ')} >> ` +
      `/Resources << /XObject << ${pictures.join(' ')} >> >> /ToUnicode ${unicode} 0 R >>`,
  );
}

async function writePicture(file: PdfFile, { pixelsWide, pixelsHigh, ink, colors }: GlyphPicture): Promise<number> {
  const size = `/Type /XObject /Subtype /Image /Width ${pixelsWide} /Height ${pixelsHigh}`;
  if (!colors) return file.addStream(`${size} /ImageMask true /BitsPerComponent 1 /Decode [1 0]`, bytes(ink));
  const alpha = await file.addStream(`${size} /ColorSpace /DeviceGray /BitsPerComponent 8`, bytes(colors.alpha));
  return file.addStream(`${size} /ColorSpace /DeviceRGB /BitsPerComponent 8 /SMask ${alpha} 0 R`, bytes(colors.rgb));
}

const bytes = (content: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(content);

/** A block of a CMap has at most so many lines. */
const mostLines = 100;

/** Which texts the codes stand for: what is found by a search, and copied. */
function unicodeOf(glyphs: readonly Drawn[]): string {
  const lines = glyphs.map(({ text }, code) => `<${code.toString(16).padStart(2, '0')}> <${utf16(text)}>`);
  const blocks: string[] = [];
  for (let at = 0; at < lines.length; at += mostLines) {
    const some = lines.slice(at, at + mostLines);
    blocks.push(`${some.length} beginbfchar\n${some.join('\n')}\nendbfchar`);
  }
  return `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<00> <ff>
endcodespacerange
${blocks.join('\n')}
endcmap
CMapName currentdict /CMap defineresource pop
end
end`;
}
