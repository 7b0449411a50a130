const known = new Map<string, Intl.PluralRules>();

/** The plural rules of a language; building them anew costs as much as a whole sentence. */
export function pluralRulesOf(language: string): Intl.PluralRules {
  const rules = known.get(language) ?? new Intl.PluralRules(language);
  known.set(language, rules);
  return rules;
}
