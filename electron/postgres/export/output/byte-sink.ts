/** Where the bytes of an export go next. All of it is synchronous: that is what slows a fast server to the disk's pace. */
export interface ByteSink {
  /** Takes the bytes before it returns: the buffer is used again. */
  write(bytes: Uint8Array): void;
  /** Nothing follows. */
  end(): void;
}
