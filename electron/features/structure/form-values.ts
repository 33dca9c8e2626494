/** An object of a kind that has a form, as the values of the form. */
import type { ObjectKind, ObjectRef } from '../../../shared/api/objects.ts';
import type { FormKind, FormValues } from '../../../shared/api/structure.ts';
import { FailureError, invalid } from '../../../shared/failure.ts';
import type { Asker } from '../../postgres/ddl/asker.ts';
import { formValuesOf, typeLetter } from './forms.sql.ts';

const kindOfType: Readonly<Record<string, FormKind>> = {
  e: 'enum',
  c: 'composite',
  r: 'range',
  m: 'range',
  d: 'domain',
};
const sameName: ReadonlySet<ObjectKind> = new Set([
  'schema',
  'view',
  'materializedView',
  'function',
  'procedure',
  'trigger',
  'domain',
  'sequence',
  'extension',
  'policy',
  'rule',
  'database',
  'publication',
  'eventTrigger',
  'foreignDataWrapper',
  'foreignServer',
  'userMapping',
  'statistics',
  'subscription',
]);

/** Throws unsupported for kinds without a form, invalid where the object is gone. */
export async function formOf(
  asker: Asker,
  object: ObjectRef,
  signal?: AbortSignal,
): Promise<{ kind: FormKind; values: FormValues }> {
  const kind = await formKind(asker, object, signal);
  if (kind === null)
    throw new FailureError({
      kind: 'unsupported',
      needs: 'SQL of your own',
      message: `There is no form for this ${object.kind}. Its DDL is on its page: change it in a query tab.`,
    });
  const [row] = await asker.ask(formValuesOf[kind], [object.oid], { signal });
  if (!row) throw invalid('object', `The ${object.kind} “${object.name}” is not there any more.`);
  const found = JSON.parse(row.values) as Record<string, FormValues[string] | null>;
  return { kind, values: Object.fromEntries(Object.entries(found).map(([name, value]) => [name, value ?? ''])) };
}

async function formKind(asker: Asker, { kind, oid }: ObjectRef, signal?: AbortSignal): Promise<FormKind | null> {
  if (kind === 'type') {
    const [found] = await asker.ask(typeLetter, [oid], { signal });
    return kindOfType[found?.letter ?? ''] ?? null;
  }
  return sameName.has(kind) ? (kind as FormKind) : null;
}
