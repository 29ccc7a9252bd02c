/** Every module that a source names: static, for side effects, of types, dynamic, re-exported, or as a URL. */
export function findImports(source: string): readonly string[] {
  const text = blankComments(source);
  const found: string[] = [];
  const patterns = [
    /(?:^|[\n;}])\s*(?:import|export)\b[^;'"`()]*?\bfrom\s*(["'])(?<name>[^"']+)\1/g,
    /(?:^|[\n;}])\s*import\s*(["'])(?<name>[^"']+)\1/g,
    /\b(?:import|require)\s*\(\s*(["'`])(?<name>[^"'`]+)\1/g,
    /\bnew URL\(\s*(["'`])(?<name>[^"'`]+\.[cm]?[jt]sx?)\1\s*,\s*import\.meta\.url/g,
  ];
  for (const pattern of patterns)
    for (const match of text.matchAll(pattern)) found.push(match.groups?.name ?? "");
  return found;
}

/** Dynamic imports whose module is not written out: they could be anything. A package's own package.json is none. */
export function countUnknownImports(source: string): number {
  const unknown = /\b(?:import|require)\s*\(\s*(?!["']|`[^`]*\/package\.json`)/g;
  return [...blankComments(source).matchAll(unknown)].length;
}

/** The source with comments made blank; strings and templates stay, whatever stands in them. */
export function blankComments(source: string): string {
  return source.replace(
    /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
    (whole, text: string | undefined) => text ?? whole.replace(/[^\n]/g, " "),
  );
}
