import { constants, crc32, deflateRawSync } from "node:zlib";

const MB = 1_000_000;

/** Zeros, packed: pieces that each end at a byte can be repeated as they are. */
function packedZeros(megabytes: number): Buffer {
  const piece = deflateRawSync(Buffer.alloc(10 * MB), { finishFlush: constants.Z_FULL_FLUSH });
  return Buffer.concat([...Array<Buffer>(Math.ceil(megabytes / 10)).fill(piece), Buffer.from([0x03, 0x00])]);
}

/** An archive with one entry that inflates to so many megabytes and says that it is small (APPNOTE 4.3). */
export function zipBomb(entry: string, megabytes: number): Buffer {
  const data = packedZeros(megabytes);
  const name = Buffer.from(entry);
  const about = Buffer.alloc(22);
  about.writeUInt16LE(20, 0);
  about.writeUInt16LE(8, 4);
  about.writeUInt32LE(crc32(Buffer.alloc(1)), 10);
  about.writeUInt32LE(data.length, 14);
  about.writeUInt32LE(1_000, 18);
  const local = Buffer.concat([Buffer.from("PK\x03\x04"), about, Buffer.alloc(4), name, data]);
  local.writeUInt16LE(name.length, 26);
  const listed = Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), about, Buffer.alloc(18), name]);
  listed.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, listed, end]);
}

/** A page whose content inflates to so many megabytes. */
export function pdfBomb(megabytes: number): Buffer {
  const packed = packedZeros(megabytes);
  // The zlib frame around it: two bytes before, a sum after that no reader insists on.
  const data = Buffer.concat([Buffer.from([0x78, 0x9c]), packed, Buffer.alloc(4)]);
  const head = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>endobj
4 0 obj<</Length ${data.length}/Filter/FlateDecode>>stream
`;
  return Buffer.concat([
    Buffer.from(head),
    data,
    Buffer.from("\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"),
  ]);
}

/** Entities that grow tenfold with each step: a billion words. */
export function xmlBomb(): Buffer {
  const steps = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join("");
  return Buffer.from(
    `<?xml version="1.0"?><!DOCTYPE Invoice [<!ENTITY l0 "lol">${steps}]><Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"><ID>&l9;</ID></Invoice>`,
  );
}

/** A drawing that would run a script wherever it was shown as a document. */
export const HOSTILE_SVG = Buffer.from(
  `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script><foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="javascript:alert(3)"/></foreignObject></svg>`,
);
