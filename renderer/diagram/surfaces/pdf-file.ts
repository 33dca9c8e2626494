/** The frame of a PDF file (ISO 32000-1, 7.5): numbered objects, where each begins, and the trailer. */

const encoder = new TextEncoder();
/** Text strings of a PDF in UTF-16, in hexadecimal. */
export const utf16 = (text: string): string =>
  [...Array(text.length).keys()].map((at) => text.charCodeAt(at).toString(16).padStart(4, '0')).join('');

export class PdfFile {
  readonly #objects: (readonly Uint8Array[])[] = [];

  /** A number for an object that is written later, so that others can refer to it. */
  reserve(): number {
    return this.#objects.push([]);
  }

  put(id: number, text: string): number {
    this.#objects[id - 1] = [encoder.encode(text)];
    return id;
  }

  add(text: string): number {
    return this.put(this.reserve(), text);
  }

  /** A stream with those entries of its dictionary, packed. */
  async addStream(entries: string, content: string | Uint8Array<ArrayBuffer>): Promise<number> {
    const id = this.reserve();
    const packed = await deflated(content);
    const head = `<< ${entries} /Filter /FlateDecode /Length ${packed.length} >>\nstream\n`;
    this.#objects[id - 1] = [encoder.encode(head), packed, encoder.encode('\nendstream')];
    return id;
  }

  /** The whole file. @param root the catalogue's number @param info that of what is told of the document */
  bytes(root: number, info: number): Uint8Array<ArrayBuffer> {
    // The second line tells programs that copy files that this is no text.
    const parts: Uint8Array[] = [encoder.encode('%PDF-1.7\n'), new Uint8Array([0x25, 0xe2, 0xe3, 0xcf, 0xd3, 0x0a])];
    let length = parts.reduce((sum, part) => sum + part.length, 0);
    const take = (part: Uint8Array): void => {
      parts.push(part);
      length += part.length;
    };
    const offsets = this.#objects.map((object, at) => {
      const offset = length;
      take(encoder.encode(`${at + 1} 0 obj\n`));
      for (const part of object) take(part);
      take(encoder.encode('\nendobj\n'));
      return offset;
    });
    const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
    const count = offsets.length + 1;
    const trailer = `trailer\n<< /Size ${count} /Root ${root} 0 R /Info ${info} 0 R >>\nstartxref\n${length}\n%%EOF\n`;
    take(encoder.encode(`xref\n0 ${count}\n0000000000 65535 f \n${table}${trailer}`));
    const whole = new Uint8Array(length);
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }
}

async function deflated(content: string | Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  // What browsers call "deflate" is the zlib format, which is what FlateDecode takes.
  const stream = new Blob([content]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
