/** Every procedure of the contract: who may call it, how it may fail, that it exists, and that no path crosses it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AnyContractProcedure, isContractProcedure } from '@orpc/contract';
import { isProcedure } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Core, createCore } from '../electron/core.ts';
import { createLog } from '../electron/log.ts';
import { createSecrets } from '../electron/secrets/create-secrets.ts';
import { createTransfers } from '../electron/web/chosen-files.ts';
import { createWebPlatform } from '../electron/web/platform.ts';
import { failure, roleCovers, roles } from '../shared/api/base.ts';
import { contract } from '../shared/api.ts';

interface Found {
  readonly path: string;
  readonly procedure: AnyContractProcedure;
}

function proceduresIn(tree: object, path: readonly string[] = []): Found[] {
  return Object.entries(tree).flatMap(([name, value]) =>
    isContractProcedure(value)
      ? [{ path: [...path, name].join('.'), procedure: value }]
      : proceduresIn(value as object, [...path, name]),
  );
}
const found = proceduresIn(contract);

describe('the contract', () => {
  it('is not empty', () => {
    expect(found.length).toBeGreaterThan(50);
  });
  it.each(found)('$path has a role', ({ procedure }) => {
    expect(roles).toContain(procedure['~orpc'].meta.role);
  });
  it.each(found)('$path fails only in the closed set of ways', ({ procedure }) => {
    const kinds = failure.options.map((option) => option.shape.kind.value).sort();
    expect(Object.keys(procedure['~orpc'].errorMap).sort()).toEqual(kinds);
  });
  it.each(found)('$path has a schema for its answer', ({ procedure }) => {
    expect(procedure['~orpc'].outputSchema).toBeDefined();
  });
  it('takes no path of a file from a page', () => {
    const suspicious = /path|folder|directory|file(?!Token)/i;
    const wrong = found.flatMap(({ path, procedure }) =>
      fieldsOf(procedure['~orpc'].inputSchema)
        .filter((field) => suspicious.test(field))
        .map((field) => `${path}: ${field}`),
    );
    expect(wrong).toEqual([]);
  });
  it('knows that more includes less', () => {
    expect(roleCovers('admin', 'viewer')).toBe(true);
    expect(roleCovers('viewer', 'operator')).toBe(false);
  });
});

describe('the core', () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'howdah-contract-'));
  let core: Core;
  beforeAll(async () => {
    const log = createLog(dataFolder);
    const files = createTransfers(dataFolder);
    const secrets = createSecrets({ dataFolder, log });
    core = await createCore(createWebPlatform({ version: '0.0.0-test', dataFolder, secrets, files, log }));
  });
  afterAll(async () => {
    await core.close();
    rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5 });
  });

  it.each(found)('implements $path', ({ path }) => {
    const implementation = path
      .split('.')
      .reduce<unknown>((tree, name) => (tree as Record<string, unknown>)?.[name], core.router);
    expect(isProcedure(implementation)).toBe(true);
  });
  it('implements nothing else', () => {
    const names = (tree: object, path: readonly string[] = []): string[] =>
      Object.entries(tree).flatMap(([name, value]) =>
        isProcedure(value) ? [[...path, name].join('.')] : names(value as object, [...path, name]),
      );
    expect(names(core.router).filter((name) => !found.some(({ path }) => path === name))).toEqual([]);
  });
});

/** Names of all fields anywhere in a zod schema. */
function fieldsOf(schema: unknown, seen = new Set<unknown>()): string[] {
  if (typeof schema !== 'object' || schema === null || seen.has(schema)) return [];
  seen.add(schema);
  const { def } = schema as { def?: Record<string, unknown> };
  if (!def) return [];
  const shape = (def.shape ?? {}) as Record<string, unknown>;
  const inner = [
    def.innerType,
    def.element,
    def.valueType,
    def.in,
    def.left,
    def.right,
    ...((def.options as unknown[]) ?? []),
  ];
  return [
    ...Object.keys(shape),
    ...Object.values(shape).flatMap((field) => fieldsOf(field, seen)),
    ...inner.flatMap((each) => fieldsOf(each, seen)),
  ];
}
