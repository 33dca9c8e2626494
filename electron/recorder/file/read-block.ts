/** Reads a block of a family from the file: whole, or its head and then the columns that are asked for. */
import type Database from 'better-sqlite3';
import { decodeWhole } from '../pack/block-columns.ts';
import { type BlockHead, decodeColumn, decodeHead, type FamilyBlock } from '../pack/family-block.ts';
import { unpack } from '../pack/packed.ts';

export interface StoredBlock {
  readonly id: number;
  readonly sealed: number;
  readonly head: Uint8Array;
  readonly crc: number;
}

/** @throws DamagedError */
export function readBlockHead({ sealed, head, crc }: StoredBlock): BlockHead {
  const bytes = unpack({ data: head, crc });
  return sealed ? decodeHead(bytes) : decodeWhole(bytes);
}

export type PartOf = Database.Statement<[number], { data: Uint8Array; crc: number }>;
/** The values of a column of a sealed block. */
export const partSql = 'SELECT data, crc FROM part WHERE id = ?';

/**
 * @param wanted columns to read; absent: all
 * @throws DamagedError
 */
export function readBlock(part: PartOf, block: StoredBlock, columns: number, wanted?: readonly number[]): FamilyBlock {
  const bytes = unpack({ data: block.head, crc: block.crc });
  if (!block.sealed) return decodeWhole(bytes);
  const head = decodeHead(bytes);
  const values: (Float64Array | null)[] = Array.from({ length: columns }, () => null);
  for (const column of wanted ?? values.keys()) {
    const found = part.get(block.id * 1024 + column);
    if (found) values[column] = decodeColumn(unpack(found), head.rowKey.length);
  }
  return { ...head, columns: values };
}
