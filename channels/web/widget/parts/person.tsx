/** Initials in a disc; the colour only helps to tell people apart, the name always stands beside it. */
export function Avatar({ name, size = 24 }: { name: string; size?: 24 | 32 }) {
  const words = name.split(/\s+/).filter(Boolean);
  const initials = `${words[0]?.charAt(0) ?? ""}${words.length > 1 ? (words.at(-1)?.charAt(0) ?? "") : ""}`;
  let hash = 0;
  for (const char of name) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 6;
  return (
    <span class={`avatar hue-${hash} s${size}`} aria-hidden="true">
      {initials.toUpperCase()}
    </span>
  );
}
