/** The browser host as an attacker and as its own page meet it. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { contentSecurityPolicy } from '../../electron/page-files.ts';
import { type PageServer, startPageServer } from './page-server.ts';

let page: PageServer;
let cookie: string;
beforeAll(async () => {
  page = await startPageServer();
  cookie = await page.signIn();
});
afterAll(() => page.close());

describe('the token and the session', () => {
  it('lets a browser in once, and takes the token out of the address', async () => {
    const path = `/${new URL(page.server.newAddress()).search}`;
    const first = await page.ask(path);
    expect(first.status).toBe(303);
    expect(first.headers.location).toBe('/');
    const setCookie = String(first.headers['set-cookie']?.[0]);
    expect(setCookie).toMatch(/^howdah-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect((await page.ask(path)).status).toBe(401);
    const signedIn = setCookie.split(';')[0] as string;
    expect((await page.ask('/', { headers: { cookie: signedIn } })).status).toBe(200);
    expect((await page.ask(path, { headers: { cookie: signedIn } })).status).toBe(303);
  });

  it('leads on by a page after a click on another site, where a redirect would lose the cookie', async () => {
    const path = `/${new URL(page.server.newAddress()).search}`;
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    const answer = await page.ask(path, { headers });
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('http-equiv="refresh" content="0;url=/"');
    expect(answer.headers['set-cookie']).toHaveLength(1);
  });

  it.each(['/', '/index.html', '/assets/main-abc.js', '/download/x', '/nothing'])(
    'shows nothing at %s without one',
    async (path) => {
      const attempts: Record<string, string>[] = [
        {},
        { cookie: 'howdah=1' },
        { cookie: `${cookie}x` },
        { cookie: cookie.replace(/=./, '=') },
      ];
      for (const headers of attempts) {
        expect((await page.ask(path, { headers })).status).toBe(401);
      }
      expect((await page.ask('/?token=', {})).status).toBe(401);
      expect((await page.ask('/?token=guess', {})).status).toBe(401);
    },
  );
});

describe('host and origin', () => {
  const foreign = [
    'http://evil.example',
    'null',
    'http://127.0.0.1',
    'http://127.0.0.1.evil.example',
    'https://127.0.0.1',
  ];

  it.each(['evil.example', '127.0.0.1', 'localhost', 'rebound.example:80'])(
    'does not answer to the name "%s"',
    async (host) => {
      expect((await page.ask('/', { headers: { host, cookie } })).status).toBe(421);
    },
  );
  it('answers to localhost', async () => {
    const host = `localhost:${page.server.port}`;
    expect((await page.ask('/', { headers: { host, cookie } })).status).toBe(200);
  });
  it.each(foreign)('refuses a request of %s', async (origin) => {
    expect((await page.ask('/', { headers: { origin, cookie } })).status).toBe(403);
    const upload = {
      method: 'POST',
      headers: { origin, cookie, 'content-type': 'application/octet-stream' },
      body: 'x',
    };
    expect((await page.ask('/upload?name=x', upload)).status).toBe(403);
  });
  it('refuses what another site embeds, also without an Origin header', async () => {
    for (const site of ['cross-site', 'same-site']) {
      const headers = { cookie, 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' };
      expect((await page.ask('/assets/main-abc.js', { headers })).status).toBe(403);
    }
  });
  it('wants an Origin for everything that is not a read', async () => {
    const headers = { cookie, 'content-type': 'application/octet-stream' };
    expect((await page.ask('/upload?name=x', { method: 'POST', headers, body: 'x' })).status).toBe(403);
  });
  it('listens on 127.0.0.1 alone', async () => {
    const refused = new Promise((resolve) =>
      connect({ host: '127.0.0.2', port: page.server.port }).once('error', resolve),
    );
    await expect(refused).resolves.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('headers', () => {
  it.each(['/', '/assets/main-abc.js', '/nothing', '/?token=guess'])('protects %s', async (path) => {
    const { headers } = await page.ask(path, { headers: { cookie } });
    expect(headers).toMatchObject({
      'content-security-policy': contentSecurityPolicy,
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    expect(headers['x-powered-by']).toBeUndefined();
  });
  it('allows no script but our own files, and no eval', () => {
    expect(contentSecurityPolicy).toContain("default-src 'none'");
    expect(contentSecurityPolicy).toMatch(/script-src 'self';/);
    expect(contentSecurityPolicy).not.toContain('unsafe-eval');
  });
  it('keeps only files that are named after their content', async () => {
    const kept = await page.ask('/assets/main-abc.js', { headers: { cookie } });
    expect(kept.headers['cache-control']).toContain('immutable');
    expect(kept.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect((await page.ask('/', { headers: { cookie } })).headers['cache-control']).toBe('no-store');
  });
});

describe('the page', () => {
  it('is served', async () => {
    expect((await page.ask('/', { headers: { cookie } })).body).toContain('<title>Howdah</title>');
    expect(await page.ask('/index.html', { method: 'HEAD', headers: { cookie } })).toMatchObject({
      status: 200,
      body: '',
    });
  });
  it.each([
    '/../outside.js',
    '/assets/../../outside.js',
    '/%2e%2e/outside.js',
    '/%2e%2e%2foutside.js',
    '/%252e%252e%252foutside.js',
    '/..\\outside.js',
    '/..%5coutside.js',
    '/%00.js',
    '/outside.js%00.html',
    '/link.js',
    '//etc/passwd',
    '/etc/passwd',
    '/C:/x.js',
    '/assets',
    '/assets/',
    '/%ff.js',
    '/.env.js',
    '/index.html/.',
    '/assets/main-abc.js::$DATA',
  ])('does not leave its folder by %s', async (path) => {
    const answer = await page.ask(path, { headers: { cookie } });
    expect(answer.status).toBe(404);
    expect(answer.body).not.toContain('secret');
  });
  it('takes no other method', async () => {
    for (const method of ['PUT', 'DELETE', 'OPTIONS', 'POST']) {
      const answer = await page.ask('/', { method, headers: { cookie, origin: page.origin } });
      expect(answer.status).toBe(405);
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
  });
});

describe('the socket', () => {
  it('answers the contract, and ends a stream that the page left', async () => {
    const { client, socket } = await page.connect({ cookie, origin: page.origin });
    expect(await client.app.info()).toMatchObject({ version: '0.0.0-test', host: 'browser' });
    const events = await client.app.events();
    const next = events.next();
    const saved = await client.app.saveSettings({ rowLimit: 1234 });
    expect(saved.rowLimit).toBe(1234);
    expect((await next).value).toMatchObject({ kind: 'settings', settings: { rowLimit: 1234 } });
    await events.return?.();
    socket.close();
  });
  it('refuses other origins, a missing origin, and who is not signed in', async () => {
    await expect(page.connect({ cookie, origin: 'http://evil.example' })).rejects.toThrow('403');
    await expect(page.connect({ cookie })).rejects.toThrow('403');
    await expect(page.connect({ origin: page.origin })).rejects.toThrow('401');
    await expect(page.connect({ origin: page.origin, cookie: 'howdah=x' })).rejects.toThrow('401');
    await expect(page.connect({ origin: 'http://evil.example', host: 'evil.example', cookie })).rejects.toThrow('421');
  });
  it('survives rubbish, and a message over the limit closes only its socket', async () => {
    const told = vi.spyOn(console, 'error').mockImplementation(() => {});
    onTestFinished(() => told.mockRestore());
    const { socket } = await page.connect({ cookie, origin: page.origin });
    socket.send('not json');
    socket.send(JSON.stringify({ i: '1', p: { u: '/__proto__/constructor', b: null } }));
    socket.send(Buffer.from([0xff, 0x00, 0x01]));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.send(Buffer.alloc(257 * 2 ** 20));
    expect(await closed).toBe(1009);
    const again = await page.connect({ cookie, origin: page.origin });
    expect(await again.client.app.info()).toMatchObject({ host: 'browser' });
    again.socket.close();
  });
});

describe('files', () => {
  const binary = { 'content-type': 'application/octet-stream' };

  it('sends a finished file once it is finished, under its name', async () => {
    const { client, socket } = await page.connect({ cookie, origin: page.origin });
    const file = await client.files.chooseSave({ suggestedName: '../тест "x".csv', kinds: [] });
    const downloadPath = file?.downloadPath ?? '';
    const token = file?.token ?? '';
    expect(file?.name).toBe('тест _x_.csv');
    expect((await page.ask(downloadPath, { headers: { cookie } })).status).toBe(409);
    await writeFile(page.transfers.path(token), 'a,b\n');
    page.transfers.finished(token);
    const answer = await page.ask(downloadPath, { headers: { cookie } });
    expect(answer).toMatchObject({ status: 200, body: 'a,b\n' });
    expect(answer.headers).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent('тест _x_.csv')}`,
    });
    await client.files.release({ token });
    expect((await page.ask(downloadPath, { headers: { cookie } })).status).toBe(404);
    await expect(client.files.reveal({ token })).rejects.toMatchObject({ code: 'unsupported' });
    expect(await client.files.chooseOpen({ title: 'x', kinds: [] })).toBeNull();
    socket.close();
  });
  it('takes an upload and knows it by a token', async () => {
    const headers = { ...binary, cookie, origin: page.origin };
    const answer = await page.ask('/upload?name=..%2F..%2Fa.csv', { method: 'POST', headers, body: 'x'.repeat(1000) });
    expect(answer.status).toBe(200);
    const { token, name } = JSON.parse(answer.body);
    expect(name).toBe('a.csv');
    const path = page.transfers.path(token);
    expect(path.startsWith(join(page.folder, 'data', 'transfers'))).toBe(true);
    expect(await readFile(path, 'utf8')).toBe('x'.repeat(1000));
    await page.transfers.release(token);
    expect(() => page.transfers.path(token)).toThrow('not known');
  });
  it('refuses what is too big or sent by a form, and keeps nothing of it', async () => {
    const headers = { ...binary, cookie, origin: page.origin };
    const before = await transferFolders();
    expect((await page.ask('/upload', { method: 'POST', headers, body: 'x'.repeat(1_000_001) })).status).toBe(413);
    const form = { ...headers, 'content-type': 'text/plain' };
    expect((await page.ask('/upload', { method: 'POST', headers: form, body: 'x' })).status).toBe(415);
    expect(await transferFolders()).toEqual(before);
  });
  it('does not know made-up tokens', async () => {
    for (const path of ['/download/', '/download/abc', '/download/..%2f..%2fhowdah.db']) {
      expect((await page.ask(path, { headers: { cookie } })).status).toBe(404);
    }
  });

  const transferFolders = async () => readdir(join(page.folder, 'data', 'transfers'), { recursive: true });
});

it('leaves no file and no open port behind', async () => {
  const own = await startPageServer();
  const { client } = await own.connect({ cookie: await own.signIn(), origin: own.origin });
  await client.files.chooseSave({ suggestedName: 'x', kinds: [] });
  await own.server.close();
  await expect(own.ask('/')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(await readdir(join(own.folder, 'data', 'transfers'))).toEqual([]);
});
