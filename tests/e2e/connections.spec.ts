/** What a person meets while connecting: a mistake shown at its field, a question for a password, a vault, an SSH key. */
import type { Page } from '@playwright/test';
import { newKey, startSshServer } from '../postgres/ssh-server.ts';
import { expect, sampleServer, test } from './howdah.ts';

/** In the sidebar; the welcome page lists it too. */
const saved = (page: Page, name: RegExp) =>
  page.getByRole('region', { name: 'Connections' }).first().getByRole('button', { name });
const parts = () => new URL(sampleServer().url);

test('a mistake is marked where it was made, and the test can be repeated', async ({ howdah: _, page }) => {
  await page.getByRole('tabpanel').getByRole('button', { name: 'New connection' }).click();
  const dialog = page.getByRole('dialog', { name: 'New connection' });
  await dialog.getByLabel('Paste a URL').fill(`${parts().href}?sslkey=/etc/passwd`);
  await dialog.getByRole('button', { name: 'Fill in' }).click();
  await expect(dialog.getByText('files named in a pasted text are not read')).toBeVisible();
  await expect(dialog.getByLabel('Paste a URL')).toHaveValue('');
  await dialog.getByLabel('Database').fill('nowhere');
  await dialog.getByRole('button', { name: 'Test connection' }).click();
  await expect(dialog.getByLabel('Database')).toHaveAttribute('aria-invalid', 'true');
  await expect(dialog.getByRole('alert')).toContainText('nowhere');
  await dialog.getByRole('tab', { name: 'TLS' }).click();
  await dialog.getByLabel('TLS mode').selectOption('verify-full');
  await dialog.getByRole('button', { name: 'Test connection' }).click();
  await expect(dialog.getByLabel('TLS mode')).toHaveAttribute('aria-invalid', 'true');
  await dialog.getByLabel('TLS mode').selectOption('auto');
  await dialog.getByRole('tab', { name: 'General' }).click();
  await dialog.getByLabel('Database').fill(parts().pathname.slice(1));
  await dialog.getByRole('button', { name: 'Test connection' }).click();
  await expect(dialog.getByText(/median/)).toBeVisible();
});

test('without a keychain a vault can be made, and it is asked for after a restart', async ({ howdah, page }) => {
  await page.getByRole('tabpanel').getByRole('button', { name: 'New connection' }).click();
  const dialog = page.getByRole('dialog', { name: 'New connection' });
  await dialog.getByLabel('Paste a URL').fill(parts().href);
  await dialog.getByRole('button', { name: 'Fill in' }).click();
  await dialog.getByRole('button', { name: 'Make a vault…' }).click();
  await dialog.getByLabel('Passphrase', { exact: true }).fill('a long passphrase');
  await dialog.getByLabel('Passphrase again').fill('a long passphrase');
  await dialog.getByRole('button', { name: 'Make the vault' }).click();
  await expect(dialog.getByRole('button', { name: 'Make the vault' })).toBeHidden();
  await dialog.getByRole('button', { name: 'Create connection' }).click();
  await expect(dialog).toBeHidden();
  await howdah.stop();
  await howdah.start();
  await howdah.open(page);
  await saved(page, /on 127/).dblclick();
  const prompt = page.getByRole('dialog', { name: 'Saved passwords are locked' });
  await prompt.getByLabel('Passphrase').fill('wrong');
  await prompt.getByRole('button', { name: 'Unlock' }).click();
  await expect(prompt.getByText('does not open the vault')).toBeVisible();
  await prompt.getByLabel('Passphrase').fill('a long passphrase');
  await prompt.getByRole('button', { name: 'Unlock' }).click();
  await expect(prompt).toBeHidden();
  await expect(page.getByRole('contentinfo')).toContainText('No transaction');
});

test('a password that is asked for each time', async ({ howdah, page }) => {
  await howdah.connect(page, parts().href.replace(/:[^:@/]+@/, '@'), { name: 'asks', password: 'ask' });
  await saved(page, /asks/).dblclick();
  const prompt = page.getByRole('dialog', { name: 'Password needed' });
  await expect(prompt).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(prompt).toBeHidden();
  await page.getByRole('log', { name: 'Messages' }).getByRole('button', { name: 'Enter the password…' }).click();
  await prompt.getByRole('textbox', { name: /Password of/ }).fill('wrong');
  await page.keyboard.press('Enter');
  await expect(prompt.getByRole('alert')).toContainText('authentication failed');
  await prompt.getByRole('textbox', { name: /Password of/ }).fill(decodeURIComponent(parts().password));
  await page.keyboard.press('Enter');
  await expect(prompt).toBeHidden();
  await expect(page.getByRole('contentinfo')).toContainText('No transaction');
});

test('an SSH server’s key is shown before it is trusted', async ({ howdah: _, page }) => {
  const ssh = await startSshServer({ hostKeys: [newKey().private], password: 'tunnel' });
  await page.getByRole('tabpanel').getByRole('button', { name: 'New connection' }).click();
  const dialog = page.getByRole('dialog', { name: 'New connection' });
  await dialog.getByLabel('Paste a URL').fill(parts().href);
  await dialog.getByRole('button', { name: 'Fill in' }).click();
  await dialog.getByRole('tab', { name: 'SSH' }).click();
  await dialog.getByLabel('Connect through an SSH server').check();
  await dialog.getByLabel('SSH host').fill('127.0.0.1');
  await dialog.getByLabel('SSH port').fill(String(ssh.port));
  await dialog.getByLabel('SSH user').fill('tester');
  await dialog.getByRole('radio', { name: 'Password' }).click();
  await dialog.getByRole('textbox', { name: 'SSH password' }).fill('tunnel');
  await dialog.getByRole('button', { name: 'Test connection' }).click();
  await expect(dialog.getByText(/SHA256:/).first()).toBeVisible();
  expect(ssh.attempts).toEqual([]);
  await dialog.getByRole('button', { name: 'Trust this key' }).click();
  await expect(dialog.getByText(/median/)).toBeVisible();
  await expect(dialog.getByText('over SSH to 127.0.0.1').first()).toBeVisible();
  await ssh.close();
});

test('many connections nest in groups and are filtered by tag', async ({ howdah, page }) => {
  for (let number = 1; number <= 10; number++) {
    await howdah.connect(page, parts().href, {
      name: `db ${number}`,
      group: number > 5 ? 'customers/acme' : '',
      tags: number === 7 ? ['reporting'] : [],
    });
  }
  await expect(saved(page, /^db 10/)).toBeVisible();
  await saved(page, /^customers/).click();
  await expect(saved(page, /^db 10/)).toBeHidden();
  await page.getByRole('searchbox', { name: 'Filter connections' }).fill('#report');
  await expect(saved(page, /^db/)).toHaveCount(1);
  await expect(saved(page, /^db 7/)).toBeVisible();
});
