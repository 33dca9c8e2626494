/** Builds the page on which charts are tried alone, with data made up in the page. */
import { harnessConfig } from './harness-config.ts';

export default harnessConfig('chart.html', 'harness-chart');
