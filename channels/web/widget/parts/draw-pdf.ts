import { getDocument } from "unpdf/pdfjs";

/** Pixels of one page, and of one picture on it: enough for a sharp page, and no memory is taken for more. */
const MAX_PAGE_PIXELS = 6_000_000;
const MAX_IMAGE_PIXELS = 40_000_000;
/** A page that is turned or cropped otherwise than it was read must not stand under marks that were made for it. */
const TOLERANCE = 0.01;

type Size = { readonly number: number; readonly width: number; readonly height: number };

// The library tells the whole page of its worker; a library of the same kind of the host page would take ours for its own.
const scope = globalThis as { pdfjsWorker?: unknown };
const { pdfjsWorker: worker } = scope;
delete scope.pdfjsWorker;

export type OpenPdf = {
  /** Draws a page over the whole of a canvas; false when it is not of the size given, or cannot be drawn. */
  draw(page: Size, canvas: HTMLCanvasElement): Promise<boolean>;
  close(): void;
};

/**
 * Opens a PDF to draw its pages as they look. Nothing in it is run or fetched: no script, no form, no link, no font from
 * elsewhere. Throws for what is not a PDF.
 */
export async function openPdf(data: Uint8Array): Promise<OpenPdf> {
  const before = scope.pdfjsWorker;
  scope.pdfjsWorker = worker;
  const loading = getDocument({
    ...{ data, verbosity: 0, enableXfa: false, useWasm: false, useWorkerFetch: false },
    maxImageSize: MAX_IMAGE_PIXELS,
  });
  const pdf = await loading.promise.finally(() => {
    if (before === undefined) delete scope.pdfjsWorker;
    else scope.pdfjsWorker = before;
  });
  // One after the other: each takes the page's only thread.
  let last: Promise<unknown> = Promise.resolve();
  const drawNow = async ({ number, width, height }: Size, canvas: HTMLCanvasElement) => {
    const page = await pdf.getPage(number);
    const own = page.getViewport({ scale: 1 });
    if (Math.abs(own.width / own.height - width / height) > TOLERANCE) return false;
    const wanted = (canvas.clientWidth * Math.min(devicePixelRatio, 2)) / own.width;
    const scale = Math.min(Math.max(wanted, 1), Math.sqrt(MAX_PAGE_PIXELS / (own.width * own.height)));
    const viewport = page.getViewport({ scale });
    canvas.width = Math.round(viewport.width);
    canvas.height = Math.round(viewport.height);
    await page.render({ canvas, viewport }).promise;
    return true;
  };
  return {
    draw(page, canvas) {
      const done = last.then(() => drawNow(page, canvas)).catch(() => false);
      last = done;
      return done;
    },
    close: () => void loading.destroy(),
  };
}
