/** The one place that hands an address to the system. */
import { shell } from 'electron';
import { externalUrl } from '../external-url.ts';

/** @throws invalid for everything but https and mailto */
export const openExternal = (url: string): Promise<void> => shell.openExternal(externalUrl(url));
