/** What no page of ours may do, whatever text of a server it shows: leave, open windows, embed, ask for devices, download. */
import { type App, type Event, session, type WebContents } from 'electron';
import { pageOrigin, pageUrl } from './app-protocol.ts';

/** The only thing a page may do beyond its sandbox: put text on the clipboard. */
const allowedPermission = 'clipboard-sanitized-write';
const allowedSchemes = ['app:', 'data:', 'blob:', 'devtools:'];

/** For every window, frame and worker there ever is. */
export function guardContents(app: Pick<App, 'on'>): void {
  app.on('web-contents-created', (_event: Event, contents: WebContents) => {
    // Reloading is no navigation elsewhere.
    contents.on('will-navigate', (event) => {
      if (event.url !== pageUrl) event.preventDefault();
    });
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame) event.preventDefault();
    });
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

export function guardSession(): void {
  const ours = session.defaultSession;
  ours.setPermissionRequestHandler((contents, permission, callback) => {
    callback(permission === allowedPermission && contents.getURL().startsWith(`${pageOrigin}/`));
  });
  ours.setPermissionCheckHandler((_contents, permission, requestingOrigin) => {
    return permission === allowedPermission && requestingOrigin.replace(/\/$/, '') === pageOrigin;
  });
  ours.setDevicePermissionHandler(() => false);
  ours.on('will-download', (event) => event.preventDefault());
  // The page talks to its MessagePort. Whatever else it were made to ask for does not leave the machine.
  ours.webRequest.onBeforeRequest((details, callback) => {
    callback({ cancel: !allowedSchemes.some((scheme) => details.url.startsWith(scheme)) });
  });
}
