/**
 * A slow line between the page and Howdah, for finding what goes well only because answers come at once:
 * `HOWDAH_LAG=800 npm test -- tests/e2e/query.spec.ts`. Each message waits, some for up to so many milliseconds, in their
 * order. Without the variable nothing is done.
 */
import type { Page } from '@playwright/test';

const lagMs = Number(process.env.HOWDAH_LAG ?? 0);
const lagging = new WeakSet<Page>();

/** To be called before the page is opened; once more does nothing. */
export async function lag(page: Page): Promise<void> {
  if (lagMs <= 0 || lagging.has(page)) return;
  lagging.add(page);
  const random = oneSeed();
  // Most messages come soon, so that a test still ends; every third is late.
  const delayMs = () => (random() < 0.3 ? lagMs * random() : 5);
  const inOrder = (send: (message: string | Buffer) => void) => {
    let last = Promise.resolve();
    return (message: string | Buffer) => {
      const due = new Promise<void>((resolve) => setTimeout(resolve, delayMs()));
      // A line that was closed meanwhile takes nothing more.
      last = last
        .then(() => due)
        .then(() => send(message))
        .catch(() => undefined);
    };
  };
  await page.routeWebSocket(/.*/, (toPage) => {
    const toServer = toPage.connectToServer();
    toPage.onMessage(inOrder((message) => toServer.send(message)));
    toServer.onMessage(inOrder((message) => toPage.send(message)));
  });
}

/** The same delays each time. */
function oneSeed(): () => number {
  let state = 7;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}
