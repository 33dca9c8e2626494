/** Builds the page on which the SQL editor is tried alone. */
import { harnessConfig } from './harness-config.ts';

export default harnessConfig('editor.html', 'harness-editor');
