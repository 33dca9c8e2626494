/** The form of each kind. */
import type { FormKind } from '../../api/structure.ts';
import { databaseForm, publicationForm } from './databases.ts';
import { mappingForm, serverForm, wrapperForm } from './foreign.ts';
import type { Form } from './form.ts';
import { extensionForm, policyForm, schemaForm, sequenceForm } from './others.ts';
import { eventTriggerForm, functionForm, procedureForm, ruleForm, triggerForm } from './routines.ts';
import { statisticsForm } from './statistics.ts';
import { subscriptionForm } from './subscriptions.ts';
import { compositeForm, domainForm, enumForm, rangeForm } from './types.ts';
import { materializedViewForm, viewForm } from './views.ts';

export const forms: Readonly<Record<FormKind, Form>> = {
  schema: schemaForm,
  view: viewForm,
  materializedView: materializedViewForm,
  function: functionForm,
  procedure: procedureForm,
  trigger: triggerForm,
  enum: enumForm,
  composite: compositeForm,
  range: rangeForm,
  domain: domainForm,
  sequence: sequenceForm,
  extension: extensionForm,
  policy: policyForm,
  rule: ruleForm,
  database: databaseForm,
  publication: publicationForm,
  eventTrigger: eventTriggerForm,
  foreignDataWrapper: wrapperForm,
  foreignServer: serverForm,
  userMapping: mappingForm,
  statistics: statisticsForm,
  subscription: subscriptionForm,
};
