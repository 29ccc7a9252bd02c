import { useEffect, useRef, useState } from "preact/hooks";
import type { FileFields } from "../../../../src/types/file-fields.ts";
import { useVoice } from "../text/texts.ts";
import type { OpenPdf } from "./draw-pdf.ts";
import { drawPicture } from "./draw-picture.ts";

type PageProps = {
  page: FileFields["pages"][number];
  view: FileFields;
  chosen: string | null;
  /** The file itself, once it is there; until then, and where it cannot be drawn, its words stand for the page. */
  pdf: OpenPdf | null;
};

/** A page as it looks, with the place of each value marked. */
export function FilePage({ page, view, chosen, pdf }: PageProps) {
  const { t } = useVoice();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [isDrawn, setDrawn] = useState(false);
  useEffect(() => {
    let isGone = false;
    if (pdf && canvas.current) void pdf.draw(page, canvas.current).then((done) => isGone || setDrawn(done));
    return () => {
      isGone = true;
    };
  }, [pdf, page]);
  const marks = view.fields.filter((field) => field.page === page.number && field.box !== null);
  return (
    // What is drawn takes its direction from here.
    <div class="paper" dir="ltr">
      <canvas ref={canvas} />
      <svg
        viewBox={`0 0 ${page.width} ${page.height}`}
        role="img"
        aria-label={t("page", { n: page.number })}
        direction="ltr"
      >
        {!isDrawn &&
          page.texts.map(({ text, box: [left = 0, top = 0, right = 0, bottom = 0] }, i) => (
            <text
              key={i}
              x={left}
              y={bottom - (bottom - top) * 0.22}
              font-size={bottom - top}
              textLength={Math.max(1, right - left)}
              lengthAdjust="spacingAndGlyphs"
            >
              {text}
            </text>
          ))}
        {marks.map(({ name, box }) => {
          const [left = 0, top = 0, right = 0, bottom = 0] = box ?? [];
          return (
            <rect
              key={name}
              class={chosen === name ? "place on" : "place"}
              data-field={name}
              x={left - 2}
              y={top - 2}
              width={right - left + 4}
              height={bottom - top + 4}
              rx={2}
            />
          );
        })}
      </svg>
    </div>
  );
}

/** A picture that somebody attached. */
export function Picture({ content, name }: { content: Uint8Array<ArrayBuffer>; name: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [isDrawn, setDrawn] = useState(false);
  useEffect(() => {
    if (canvas.current) void drawPicture(content, canvas.current).then(setDrawn);
  }, [content]);
  return <canvas class="picture" ref={canvas} hidden={!isDrawn} role="img" aria-label={name} />;
}
