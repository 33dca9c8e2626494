/**
 * How a page gets its line to the backend.
 *
 * Desktop: the page posts `wantPort` to its own window; the preload script asks the main process, which sends a
 * MessagePort; the preload hands it over with `window.postMessage(givePort, origin, [port])`. Asking anew after a
 * reload gives a new port. Browser: a WebSocket at `socketPath` on the page's own origin, with the session cookie.
 */
export const wantPort = 'howdah:want-port';
export const givePort = 'howdah:give-port';
export const socketPath = '/rpc';
/** The desktop page's scheme and host: `app://howdah/index.html`. */
export const appScheme = 'app';
export const appHost = 'howdah';
