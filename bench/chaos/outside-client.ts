import type { OutsideSystem } from "../turns/bench-tools.ts";

/** One effect as the system outside counted it. */
export type CountedEffect = {
  readonly key: string;
  readonly text: string;
  readonly applied: number;
  readonly calls: number;
};

/** The tools' way to the system outside. A fax goes to the door that takes no keys. */
export function outsideAt(origin: string): OutsideSystem {
  return {
    act: async (key, text, signal) => {
      const door = text.startsWith("fax") ? "plain" : "keyed";
      const response = await fetch(`${origin}/${door}?${new URLSearchParams({ key, text })}`, {
        method: "POST",
        signal,
      });
      if (!response.ok) throw new Error(`the system outside said ${response.status}`);
      await response.text();
    },
    find: async (key) => (await fetch(`${origin}/keyed?${new URLSearchParams({ key })}`)).status === 200,
  };
}

export async function countedEffects(origin: string): Promise<readonly CountedEffect[]> {
  return (await (await fetch(`${origin}/all`)).json()) as CountedEffect[];
}
