// A workbook as small as it can be, so that tests decide every byte of it.
import zlib from "node:zlib";

const crcTable = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});
const crc32 = (bytes) => (bytes.reduce((crc, byte) => crcTable[(crc ^ byte) & 255] ^ (crc >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0;

/** {name: text} as a zip archive, deflated. */
export function zip(files) {
  const parts = [];
  const directory = [];
  let at = 0;
  for (const [name, text] of Object.entries(files)) {
    const bytes = Buffer.from(text);
    const packed = zlib.deflateRawSync(bytes);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(8, 4);
    head.writeUInt32LE(crc32(bytes), 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(bytes.length, 18);
    head.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), head, Buffer.from(name), packed]);
    const entry = Buffer.alloc(14);
    entry.writeUInt32LE(at, 10);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), head, entry, Buffer.from(name)]));
    parts.push(local);
    at += local.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(directory.length, 4);
  end.writeUInt16LE(directory.length, 6);
  end.writeUInt32LE(entries.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, entries, Buffer.from("PK\x05\x06"), end]);
}
const escaped = (text) => String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;");
/** Rows of texts as XLSX; a cell {formula, value} is a formula with what it showed when it was saved. */
export function workbook(rows) {
  const cell = (c) =>
    typeof c === "object"
      ? `<c t="str"><f>${escaped(c.formula)}</f>${c.value === undefined ? "" : `<v>${escaped(c.value)}</v>`}</c>`
      : `<c t="inlineStr"><is><t>${escaped(c)}</t></is></c>`;
  const sheet = rows.map((row, i) => `<row r="${i + 1}">${row.map(cell).join("")}</row>`).join("");
  return workbookOf(`<sheetData>${sheet}</sheetData>`);
}
export const workbookOf = (sheet) =>
  zip({
    "xl/workbook.xml": `<workbook><sheets><sheet name="s"/></sheets></workbook>`,
    "xl/worksheets/sheet1.xml": `<worksheet>${sheet}</worksheet>`,
  });
