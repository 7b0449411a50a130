import { answerFindings } from './check-answers.js';
import { endFindings } from './check-ends.js';
import { expressionFindings } from './check-expressions.js';
import { inputFindings } from './check-inputs.js';
import { menuFindings } from './check-menus.js';
import { privacyFindings } from './check-privacy.js';
import { reachFindings } from './check-reach.js';
import { referenceFindings } from './check-references.js';
import { secretFindings } from './check-secrets.js';
import { textFindings } from './check-texts.js';
import { valueFindings } from './check-values.js';
import { wayFindings } from './check-ways.js';
import type { FindingTable } from './finding.js';
import { formFindings } from './parse.js';

/** Every finding of this room; those of the schema and of YAML itself are base's (`flow/unrecognized-keys`, `yaml/...`). */
export const findingTable: FindingTable = {
  ...formFindings,
  ...wayFindings,
  ...inputFindings,
  ...answerFindings,
  ...endFindings,
  ...textFindings,
  ...expressionFindings,
  ...valueFindings,
  ...referenceFindings,
  ...reachFindings,
  ...menuFindings,
  ...privacyFindings,
  ...secretFindings,
};
