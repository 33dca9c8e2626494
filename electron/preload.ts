/**
 * The page's sandbox gets one thing from here: a MessagePort to the backend, when it asks for one (shared/handover.ts).
 * Nothing is put on the page's `window`.
 */
import { ipcRenderer } from 'electron';
import { givePort, wantPort } from '../shared/handover.ts';

window.addEventListener('message', (event) => {
  if (event.source === window && event.data === wantPort) ipcRenderer.send(wantPort);
});

ipcRenderer.on(givePort, (event) => window.postMessage(givePort, window.origin, [...event.ports]));
