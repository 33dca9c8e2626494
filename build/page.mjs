/** Bundles the page alone, exactly as `electron-vite build` does among the rest. */
import { build } from 'vite';
import { renderer } from '../electron.vite.config.ts';

await build({ ...renderer, configFile: false, logLevel: 'warn' });
