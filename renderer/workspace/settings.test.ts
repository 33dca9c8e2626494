import { expect, test } from 'vitest';
import { defaultSettings, type Settings } from '../../shared/api/app.ts';
import { changeSettings, takeSettings, useSettings } from './settings.ts';

/** A backend that keeps one change after the other, and answers when it is told to. */
function backend() {
  let kept: Settings = defaultSettings;
  const waiting: ((refused?: Error) => void)[] = [];
  const save = (change: Partial<Settings>) => {
    const saved = { ...kept, ...change };
    kept = saved;
    return new Promise<Settings>((resolve, reject) => {
      waiting.push((refused) => (refused ? reject(refused) : resolve(saved)));
    });
  };
  return { save, kept: () => kept, answer: (refused?: Error) => waiting.shift()?.(refused) };
}
const format = () => useSettings.getState().format;
const change = (part: Partial<Settings['format']>): Partial<Settings> => ({ format: { ...format(), ...part } });

test('a change builds on the one before, which is not answered yet, and no late answer takes it back', async () => {
  takeSettings(defaultSettings);
  const server = backend();
  const first = changeSettings(change({ shape: 'river' }), server.save);
  const second = changeSettings(change({ keywords: 'upper' }), server.save);
  expect(format()).toMatchObject({ shape: 'river', keywords: 'upper' });
  // Told to every window, before the second is kept.
  takeSettings({ ...defaultSettings, format: { ...defaultSettings.format, shape: 'river' } });
  expect(format()).toMatchObject({ shape: 'river', keywords: 'upper' });
  server.answer();
  await first;
  expect(format()).toMatchObject({ shape: 'river', keywords: 'upper' });
  server.answer();
  await second;
  expect(format()).toMatchObject({ shape: 'river', keywords: 'upper' });
  expect(server.kept().format).toEqual(format());
});

test('what is refused is taken back, and what was changed meanwhile stays', async () => {
  takeSettings(defaultSettings);
  const server = backend();
  const refused = changeSettings({ rowLimit: 7 }, server.save);
  const other = changeSettings({ editorFontSizePx: 20 }, () =>
    Promise.resolve({ ...defaultSettings, editorFontSizePx: 20 }),
  );
  expect(useSettings.getState()).toMatchObject({ rowLimit: 7, editorFontSizePx: 20 });
  server.answer(new Error('the disk is full'));
  await expect(refused).rejects.toThrow('the disk is full');
  await other;
  expect(useSettings.getState()).toMatchObject({ rowLimit: defaultSettings.rowLimit, editorFontSizePx: 20 });
});
