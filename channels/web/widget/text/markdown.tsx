import type { ComponentChildren, VNode } from "preact";
import { useMemo } from "preact/hooks";
import { hiddenHost } from "../../../safe-url.ts";
import { type Block, parseBlocks } from "./blocks.ts";
import { type Inline, type InlineOptions, parseInline } from "./inline.ts";
import { useVoice } from "./texts.ts";

type MarkdownProps = {
  readonly text: string;
  readonly citations?: number;
  readonly isOpen?: boolean;
  readonly onCite?: (number: number) => void;
};

/**
 * Shows markdown as DOM nodes, never through HTML: what is not markdown stays text. Images are links.
 * While a text is being written (`isOpen`), an unclosed mark in its last block counts as open.
 */
export function Markdown({ text, citations = 0, isOpen = false, onCite }: MarkdownProps) {
  const blocks = useMemo(() => parseBlocks(text), [text]);
  return (
    <div class="md" dir="auto">
      {blocks.map((block, i) => (
        <BlockView
          key={i}
          block={block}
          onCite={onCite}
          options={{ citations, isOpen: isOpen && i === blocks.length - 1 }}
        />
      ))}
    </div>
  );
}

type BlockProps = { block: Block; options: InlineOptions; onCite: MarkdownProps["onCite"] };

function BlockView({ block, options, onCite }: BlockProps): VNode {
  const { t } = useVoice();
  const show = (text: string) => <InlineView text={text} options={options} onCite={onCite} />;
  const nest = (blocks: readonly Block[]) =>
    blocks.map((child, i) => <BlockView key={i} block={child} options={options} onCite={onCite} />);
  switch (block.kind) {
    case "paragraph":
      return <p>{show(block.text)}</p>;
    case "heading": {
      // The page owns h1 and h2; an answer's headings begin below them.
      const Level = `h${Math.min(block.level + 2, 6)}` as "h3";
      return <Level>{show(block.text)}</Level>;
    }
    case "code":
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <pre tabIndex={0}>
          <code>{block.text}</code>
        </pre>
      );
    case "rule":
      return <hr />;
    case "quote":
      return <blockquote>{nest(block.blocks)}</blockquote>;
    case "list": {
      const items = block.items.map((item, i) => (
        <li key={i}>
          {item.length === 1 && item[0]?.kind === "paragraph" ? show(item[0].text) : nest(item)}
        </li>
      ));
      return block.start === null ? <ul>{items}</ul> : <ol start={block.start}>{items}</ol>;
    }
    case "table":
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <figure class="table" tabIndex={0} aria-label={t("table")}>
          <table>
            <thead>
              <tr>
                {block.head.map((cell, i) => (
                  <th key={i} scope="col" class={block.align[i]}>
                    {show(cell)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {block.rows.map((row, r) => (
                <tr key={r}>
                  {row.map((cell, i) => (
                    <td key={i} class={block.align[i]}>
                      {show(cell)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </figure>
      );
  }
}

function InlineView({
  text,
  options,
  onCite,
}: {
  text: string;
  options: InlineOptions;
  onCite: MarkdownProps["onCite"];
}) {
  const { citations, isOpen } = options;
  const nodes = useMemo(() => parseInline(text, { citations, isOpen }), [text, citations, isOpen]);
  return <>{showInline(nodes, onCite)}</>;
}

function showInline(nodes: readonly Inline[], onCite: MarkdownProps["onCite"]): ComponentChildren {
  return nodes.map((node) => showOne(node, onCite));
}

function showOne(node: Inline, onCite: MarkdownProps["onCite"]): ComponentChildren {
  switch (node.kind) {
    case "text":
      return node.text;
    case "code":
      return <code>{node.text}</code>;
    case "strong":
      return <strong>{showInline(node.children, onCite)}</strong>;
    case "em":
      return <em>{showInline(node.children, onCite)}</em>;
    case "strike":
      return <s>{showInline(node.children, onCite)}</s>;
    case "break":
      return <br />;
    case "cite":
      return <Cite number={node.number} onCite={onCite} />;
    case "link": {
      const host = hiddenHost(node.words, node.href);
      return (
        <>
          <a href={node.href} target="_blank" rel="noopener noreferrer nofollow" title={node.href}>
            {showInline(node.children, onCite)}
          </a>
          {host !== null && <span class="host"> ({host})</span>}
        </>
      );
    }
  }
}

function Cite({ number, onCite }: { number: number; onCite: MarkdownProps["onCite"] }) {
  const { t } = useVoice();
  return (
    <button
      type="button"
      class="cite"
      onClick={() => onCite?.(number)}
      aria-label={t("source", { n: number })}
    >
      {number}
    </button>
  );
}
