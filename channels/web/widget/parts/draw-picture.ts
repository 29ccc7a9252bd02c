/** A picture of more pixels is not decoded: a small file can hold gigabytes. */
const MAX_PIXELS = 50_000_000;
const MAX_WIDTH = 2_000;

/** Width and height that a PNG, GIF or JPEG says of itself; null when it says none. */
export function sizeOfPicture(bytes: Uint8Array): readonly [number, number] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 24) return null;
  if (view.getUint32(0) === 0x89504e47) return [view.getUint32(16), view.getUint32(20)];
  if (view.getUint32(0) === 0x47494638) return [view.getUint16(6, true), view.getUint16(8, true)];
  if (view.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; at + 9 < bytes.length; ) {
    const marker = view.getUint16(at);
    // Start of frame; C4, C8 and CC are tables.
    const isFrame = marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker);
    if (isFrame) return [view.getUint16(at + 7), view.getUint16(at + 5)];
    if (marker < 0xff00) return null;
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

/**
 * Draws a picture into a canvas, which needs no right to load anything; false when it is none or too large. What is
 * not PNG, GIF or JPEG is never decoded, an SVG least of all.
 */
export async function drawPicture(
  bytes: Uint8Array<ArrayBuffer>,
  canvas: HTMLCanvasElement,
): Promise<boolean> {
  const [width, height] = sizeOfPicture(bytes) ?? [0, 0];
  if (width * height === 0 || width * height > MAX_PIXELS) return false;
  try {
    const picture = await createImageBitmap(new Blob([bytes]));
    const scale = Math.min(1, MAX_WIDTH / picture.width);
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    return true;
  } catch {
    return false;
  }
}
