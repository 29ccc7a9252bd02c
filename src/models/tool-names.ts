/** Names of tools as vendors accept them (letters, digits, `_` and `-`, 64 at most), and back. */
export type ToolNames = {
  outward(tool: string): string;
  /** The tool meant; a name that was never given out comes back as it is, for the agent to refuse. */
  inward(name: string): string;
};

const LONGEST = 64;

export function createToolNames(tools: readonly string[]): ToolNames {
  const out = new Map<string, string>();
  const back = new Map<string, string>();
  for (const tool of tools) {
    const plain = tool.replace(/[^a-zA-Z0-9_-]/g, "_").slice(0, LONGEST) || "tool";
    let name = plain;
    for (let i = 2; back.has(name); i++) name = `${plain.slice(0, LONGEST - 4)}_${i}`;
    out.set(tool, name);
    back.set(name, tool);
  }
  const plainly = (tool: string) => tool.replace(/[^a-zA-Z0-9_-]/g, "_").slice(0, LONGEST) || "tool";
  return {
    outward: (tool) => out.get(tool) ?? plainly(tool),
    inward: (name) => back.get(name) ?? name,
  };
}
