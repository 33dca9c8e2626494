/** A piece of a value that is in memory, as a piece of one on the server would be. */
export async function pieceOf(cell: string | null, offsetBytes: number, lengthBytes: number, base64: boolean) {
  const bytes = new TextEncoder().encode(cell ?? '');
  const piece = bytes.subarray(offsetBytes, offsetBytes + lengthBytes);
  const end = offsetBytes + piece.length;
  let binary = '';
  if (base64) for (const byte of piece) binary += String.fromCharCode(byte);
  return {
    isNull: cell === null,
    sizeBytes: bytes.length,
    text: base64 ? btoa(binary) : new TextDecoder().decode(piece),
    nextOffsetBytes: end < bytes.length ? end : null,
  };
}
