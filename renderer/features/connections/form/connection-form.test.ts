import { expect, it } from 'vitest';
import { newConnection } from '../../../../shared/api/connections.ts';
import { applyParsed, changeDraft, fieldOf, formOf, readForm } from './connection-form.ts';

const filled = () =>
  formOf({ ...newConnection, id: 'a', createdAtMs: 1, usedAtMs: null, savedSecrets: ['password'], name: 'one' });

it('gives back what it was made from', () => {
  expect(readForm(filled()).draft).toEqual({ ...newConnection, name: 'one' });
});
it('names a connection that has no name', () => {
  expect(readForm(changeDraft(formOf(), { host: ' db ', database: 'shop' })).draft).toMatchObject({
    name: 'shop on db',
    host: 'db',
  });
});
it('takes the user for the database where none is given, as libpq does', () => {
  expect(readForm(changeDraft(formOf(), { database: ' ', user: 'ann' })).draft?.database).toBe('ann');
});
it('says which field is wrong', () => {
  const form = {
    ...changeDraft(formOf(), { host: '', user: ' ' }),
    portText: '65536',
    parametersText: 'a=1\nnonsense',
  };
  expect(Object.keys(readForm(form).errors ?? {}).sort()).toEqual(['host', 'parameters', 'port', 'user']);
});
it.each(['', 'x', '0', '1e3', '-5', '65536', '5432.0'])('refuses the port "%s"', (portText) => {
  expect(readForm({ ...filled(), portText }).errors?.port).toBeDefined();
});
it('demands the SSH server only where there is a tunnel', () => {
  const ssh = { host: '', port: 22, user: '', auth: 'agent' as const };
  expect(Object.keys(readForm(changeDraft(filled(), { ssh })).errors ?? {})).toEqual(['sshHost', 'sshUser']);
});
it('reads tags and parameters as they are typed', () => {
  const { draft } = readForm({
    ...filled(),
    tagsText: ' a, b ,,a',
    parametersText: 'options=-c a=b\n\n search_path = x, y ',
  });
  expect(draft?.tags).toEqual(['a', 'b']);
  expect(draft?.parameters).toEqual({ options: '-c a=b', search_path: 'x, y' });
});
it('fills from a pasted text, keeping the name that was given', () => {
  const parsed = { draft: { name: 'shop on h', host: 'h', port: 6432 }, password: 'p', notes: [] };
  const after = applyParsed(filled(), parsed);
  expect(after).toMatchObject({ portText: '6432', secrets: { password: 'p' }, draft: { name: 'one', host: 'h' } });
  expect(applyParsed(formOf(), parsed).draft.name).toBe('shop on h');
  // What the text does not tell of was typed meanwhile, or is still to be finished.
  const typed = { ...filled(), sshPortText: '2222', tagsText: 'billing, ', parametersText: 'work_mem' };
  expect(applyParsed(typed, parsed)).toMatchObject({
    portText: '6432',
    sshPortText: '2222',
    tagsText: 'billing, ',
    parametersText: 'work_mem',
  });
});
it('finds the place of a failure', () => {
  expect(fieldOf('noSuchDatabase', newConnection)).toBe('database');
  expect(fieldOf('parameters.ssl_min_protocol_version', newConnection)).toBe('parameters');
  expect(fieldOf('sshAuth', { ...newConnection, ssh: { host: 'h', port: 22, user: 'u', auth: 'key' } })).toBe(
    'sshPrivateKey',
  );
  expect(fieldOf('toString', newConnection)).toBeUndefined();
});
