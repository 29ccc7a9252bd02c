import { crc32, deflateSync } from "node:zlib";

/** Signed distance to a shape in pixels of a square of one: negative inside. */
type Shape = (x: number, y: number) => number;
type Rgb = readonly [number, number, number];

const ACCENT: Rgb = [0x26, 0x57, 0xb3];
const WHITE: Rgb = [255, 255, 255];

/** A speech bubble with a tick in it, in the middle of the unit square. */
const bubble: Shape = (x, y) => {
  const box = roundedBox(x - 0.5, y - 0.44, 0.3, 0.23, 0.09);
  const tail = segment(x, y, [0.36, 0.62], [0.32, 0.76]) - 0.045;
  return Math.min(box, tail);
};
const tick: Shape = (x, y) =>
  Math.min(segment(x, y, [0.38, 0.45], [0.46, 0.53]), segment(x, y, [0.46, 0.53], [0.63, 0.35])) - 0.032;

/** 192×192, the accent colour to the edge; the sign stands within the middle 120 that Teams never cuts off. */
export function colorIcon(): Uint8Array {
  const size = 192;
  const scaled =
    (shape: Shape): Shape =>
    (x, y) =>
      shape((x - 0.5) * 1.25 + 0.5, (y - 0.5) * 1.25 + 0.5) / 1.25;
  const inBubble = scaled(bubble);
  const inTick = scaled(tick);
  return png(size, (x, y) => {
    const white = cover(inBubble(x, y), size) * (1 - cover(inTick(x, y), size));
    return [...mix(ACCENT, WHITE, white), 255];
  });
}

/** 32×32, white on nothing, as Teams wants it for its bars. */
export function outlineIcon(): Uint8Array {
  const size = 32;
  return png(size, (x, y) => {
    const ring = Math.abs(bubble(x, y)) - 0.03;
    const alpha = Math.max(cover(ring, size), cover(tick(x, y), size));
    return [255, 255, 255, Math.round(alpha * 255)];
  });
}

/** How much of a pixel lies inside, from its middle's distance. */
function cover(distance: number, size: number): number {
  return Math.min(1, Math.max(0, 0.5 - distance * size));
}

function mix(one: Rgb, other: Rgb, part: number): Rgb {
  const at = (i: 0 | 1 | 2) => Math.round(one[i] + (other[i] - one[i]) * part);
  return [at(0), at(1), at(2)];
}

function roundedBox(x: number, y: number, width: number, height: number, radius: number): number {
  const dx = Math.abs(x) - width + radius;
  const dy = Math.abs(y) - height + radius;
  return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - radius;
}

function segment(
  x: number,
  y: number,
  from: readonly [number, number],
  to: readonly [number, number],
): number {
  const dx = to[0] - from[0];
  const dy = to[1] - from[1];
  const along = ((x - from[0]) * dx + (y - from[1]) * dy) / (dx * dx + dy * dy);
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(x - from[0] - t * dx, y - from[1] - t * dy);
}

/** A square PNG of 8-bit RGBA (ISO 15948), each pixel asked for by its middle in the unit square. */
function png(size: number, pixel: (x: number, y: number) => readonly number[]): Uint8Array {
  const rows = Buffer.alloc(size * (1 + size * 4));
  for (let y = 0; y < size; y++) {
    const start = y * (1 + size * 4);
    for (let x = 0; x < size; x++) {
      rows.set(pixel((x + 0.5) / size, (y + 0.5) / size), start + 1 + x * 4);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
