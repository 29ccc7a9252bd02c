import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useReducer, useRef } from "preact/hooks";

/**
 * Rows in the document at once; how many fill the first sight; and how many more come in one frame, until there are
 * all or while the reader is near an edge. Measured: 60 at once are one task of 25 ms, 8 are one of 5.
 */
const ROWS = 60;
const FIRST_ROWS = 16;
const STEP = 8;
const NEAR_END_PX = 80;
const NEAR_EDGE_PX = 900;

type Anchor = { readonly id: string; readonly top: number };

/**
 * The part of a long thread that is in the document: it follows the end while the reader is there, moves with them
 * where they scroll, and what they read stays where it is when rows come or go above it.
 */
export function useWindow(ids: readonly string[], box: RefObject<HTMLElement | null>, loadOlder: () => void) {
  const [, again] = useReducer((n: number) => n + 1, 0);
  const first = useRef<string | null>(null);
  const isAtEnd = useRef(true);
  const anchor = useRef<Anchor | null>(null);
  const size = useRef(FIRST_ROWS);
  // Another conversation begins with its first sight.
  if (ids.length === 0) size.current = FIRST_ROWS;
  const last = Math.max(0, ids.length - size.current);
  const found = first.current === null ? last : ids.indexOf(first.current);
  const from = found === -1 ? last : Math.min(found, last);
  const to = first.current === null ? ids.length : Math.min(ids.length, from + size.current);

  const rows = () => box.current?.querySelectorAll<HTMLElement>("[data-row]") ?? [];
  /** The first row that can be seen, and where. */
  const look = (element: HTMLElement): Anchor | null => {
    const { top } = element.getBoundingClientRect();
    for (const row of rows()) {
      const at = row.getBoundingClientRect();
      if (at.bottom > top) return { id: row.dataset.row ?? "", top: at.top - top };
    }
    return null;
  };
  const move = (index: number) => {
    first.current = index >= last ? null : (ids[Math.max(0, index)] ?? null);
    again(undefined as never);
  };
  const toEnd = () => {
    const element = box.current;
    if (element === null) return;
    isAtEnd.current = true;
    if (first.current !== null) {
      // From far away nothing of what was drawn stays.
      if (to <= last) size.current = FIRST_ROWS;
      first.current = null;
      again(undefined as never);
    }
    // The welcome is read from its beginning.
    element.scrollTop = ids.length === 0 ? 0 : element.scrollHeight;
  };
  const latest = useRef({ toEnd });
  latest.current = { toEnd };

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    if (isAtEnd.current) return toEnd();
    const kept = anchor.current;
    const row = kept && [...rows()].find((each) => each.dataset.row === kept.id);
    if (!row || !kept) return;
    const moved = row.getBoundingClientRect().top - element.getBoundingClientRect().top - kept.top;
    if (Math.abs(moved) > 0.5) element.scrollTop += moved;
  });
  useEffect(() => {
    if (size.current >= ROWS || size.current >= ids.length) return;
    const frame = requestAnimationFrame(() => {
      size.current = Math.min(ROWS, size.current + STEP);
      again(undefined as never);
    });
    return () => cancelAnimationFrame(frame);
  });
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => isAtEnd.current && latest.current.toEnd());
    observer.observe(element);
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    return () => observer.disconnect();
  }, []);

  return {
    from,
    to,
    isAtEnd,
    toEnd,
    onScroll() {
      const element = box.current;
      if (element === null) return;
      const below = element.scrollHeight - element.scrollTop - element.clientHeight;
      isAtEnd.current = to === ids.length && below < NEAR_END_PX;
      anchor.current = isAtEnd.current ? null : look(element);
      if (element.scrollTop < NEAR_EDGE_PX && !isAtEnd.current) {
        if (from > 0) move(from - STEP);
        else loadOlder();
      } else if (below < NEAR_EDGE_PX && to < ids.length) move(from + STEP);
    },
  };
}
