export async function chaosEmbedded(_: { kills: number; say: (line: string) => void }): Promise<object> {
  return {};
}
