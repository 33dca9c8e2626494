/** Builds the page on which the grid is tried alone, with data made up in the page. */
import { harnessConfig } from './harness-config.ts';

export default harnessConfig('grid.html', 'harness');
