/** Long work on the page's thread in pieces, so that what the person does meanwhile is answered. */
const longestMs = 12;

/** Awaited often, it lets the page breathe whenever it has been at work for long enough. */
export function resting(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < longestMs) return;
    // A message comes before the next timer could: a timeout of 0 waits for 4 ms when nested.
    await new Promise<void>((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    });
    since = performance.now();
  };
}
