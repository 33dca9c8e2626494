import { call } from '@orpc/server';
import { expect, it } from 'vitest';
import { procedures } from '../../electron/procedures.ts';
import { settings } from '../../shared/api/app.ts';

it('answers an input that does not fit with the contract’s own failure, naming the field', async () => {
  const save = procedures.app.saveSettings.handler(() => settings.parse({}));
  const context = { role: 'admin', clientId: 'a' } as const;
  const refused = await call(save, { rowLimit: -1 }, { context }).catch((thrown) => thrown);
  expect(refused.code).toBe('invalid');
  expect(refused.data.field).toBe('rowLimit');
});

it('refuses a caller whose role is less than the procedure needs', async () => {
  const save = procedures.app.saveSettings.handler(() => settings.parse({}));
  const refused = await call(save, {}, { context: { role: 'viewer', clientId: 'a' } }).catch((thrown) => thrown);
  expect(refused.code).toBe('FORBIDDEN');
});
