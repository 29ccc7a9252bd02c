/**
 * The messages of a thread as items, top to bottom: those of one item that stand together are one, and a message of
 * which nobody wrote down where it stands is an item by itself.
 */
export function byItem(
  seen: readonly { readonly id: string; readonly text: string }[],
  itemOf: (message: string) => string | undefined,
): readonly { readonly id: string; readonly text: string }[] {
  const items: { id: string; text: string }[] = [];
  for (const { id, text } of seen) {
    const item = itemOf(id) ?? `nobody's ${id}`;
    const last = items.at(-1);
    if (last?.id === item) last.text += `\n${text}`;
    else items.push({ id: item, text });
  }
  return items;
}
