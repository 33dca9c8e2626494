/**
 * A file's bytes in pieces whose memory is used again: new memory for each gigabyte costs more than reading it, most of it for
 * being collected.
 */
import { open } from 'node:fs/promises';

const pieceBytes = 256 * 1024;

export class ReusedPieces {
  #done = 0;
  readonly #free: Buffer[] = [];
  /** In the order of the file, with where in the text they end. */
  readonly #out: { readonly piece: Buffer; readonly end: number }[] = [];

  /** @param upTo so many bytes of the text, from its beginning, are not looked at any more */
  release(upTo: number): void {
    this.#done = Math.max(this.#done, upTo);
    const kept = this.#out.findIndex(({ end }) => end > this.#done);
    for (const { piece } of this.#out.splice(0, kept < 0 ? this.#out.length : kept)) this.#free.push(piece);
  }

  /** Once. @param position is moved as the file is read */
  async *read(path: string, position: { bytes: number }): AsyncGenerator<Buffer, void, void> {
    const file = await open(path);
    try {
      for (;;) {
        const piece = this.#free.pop() ?? Buffer.allocUnsafeSlow(pieceBytes);
        const { bytesRead } = await file.read(piece, 0, pieceBytes, null);
        if (bytesRead === 0) return;
        position.bytes += bytesRead;
        this.#out.push({ piece, end: position.bytes });
        yield piece.subarray(0, bytesRead);
      }
    } finally {
      await file.close();
    }
  }
}
