/** Pure. Everything that can be known to be wrong with a flow before a caller meets it. */
import { byPlace } from '../base/index.js';
import { answerFindings, checkAnswers } from './check-answers.js';
import { checkEnds, endFindings } from './check-ends.js';
import { checkExpressions, expressionFindings } from './check-expressions.js';
import { checkInputs, inputFindings } from './check-inputs.js';
import { checkMenus, menuFindings } from './check-menus.js';
import { checkPrivacy, privacyFindings } from './check-privacy.js';
import { checkReach, reachFindings } from './check-reach.js';
import { checkReferences, referenceFindings } from './check-references.js';
import { checkSecrets, secretFindings } from './check-secrets.js';
import { checkTexts, textFindings } from './check-texts.js';
import { checkValues, valueFindings } from './check-values.js';
import { checkWays, wayFindings } from './check-ways.js';
import { type FlowFinding, telling } from './finding.js';
import type { ParsedFlow } from './parse.js';
import type { SiteFacts } from './site-facts.js';

/** All findings of a file, in its order; a flow without errors can be compiled. */
export function checkFlow(parsed: ParsedFlow, facts: SiteFacts): readonly FlowFinding[] {
  const { flow, source } = parsed;
  if (flow === null || source === null) return parsed.findings;
  const findings: FlowFinding[] = [...parsed.findings];
  checkWays(flow, telling(source, wayFindings, findings));
  checkInputs(flow, telling(source, inputFindings, findings));
  checkAnswers(flow, facts.texts, telling(source, answerFindings, findings));
  checkEnds(flow, telling(source, endFindings, findings));
  checkTexts(flow, facts.texts, telling(source, textFindings, findings));
  checkExpressions(flow, telling(source, expressionFindings, findings));
  checkValues(flow, facts.texts, telling(source, valueFindings, findings));
  checkReferences(flow, facts, telling(source, referenceFindings, findings));
  checkReach(flow, facts, telling(source, reachFindings, findings));
  checkMenus(flow, facts, telling(source, menuFindings, findings));
  checkPrivacy(flow, facts, telling(source, privacyFindings, findings));
  checkSecrets(flow, facts.texts, telling(source, secretFindings, findings));
  return findings.sort(byPlace);
}
