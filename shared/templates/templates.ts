/** The sample library: every group of templates, in the order in which they are shown. */
import { activityTemplates, lockTemplates } from './activity.ts';
import { queryTemplates, roleTemplates } from './people.ts';
import { indexTemplates, sizeTemplates } from './storage.ts';
import type { TemplateGroup } from './template.ts';
import { replicationTemplates, settingTemplates, vacuumTemplates } from './upkeep.ts';

export const templateGroups: readonly TemplateGroup[] = [
  activityTemplates,
  lockTemplates,
  sizeTemplates,
  indexTemplates,
  vacuumTemplates,
  replicationTemplates,
  roleTemplates,
  settingTemplates,
  queryTemplates,
];
