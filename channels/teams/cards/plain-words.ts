import { safeUrl } from "./safe-url.ts";

/** Markdown as plain words on as many lines: marks go, links keep their words and say where they lead. */
export function plainWords(markdown: string): string {
  return markdown
    .slice(0, 50_000)
    .replace(/!?\[([^\][\n]{0,300})\]\(([^()\s]{1,2000})\)/g, (_, words: string, href: string) => {
      const url = safeUrl(href);
      return url === null || words.includes(url) ? words : `${words} (${url})`;
    })
    .replace(/^ {0,3}#{1,6} +/gm, "")
    .replace(/^ {0,3}(?:```|~~~).*$/gm, "")
    .replace(/\*\*|__|~~|`/g, "");
}
