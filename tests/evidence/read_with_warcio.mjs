// Prints what the npm package `warcio` finds in the WARC files given: one line a record, fields between tabs.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { WARCParser } from "warcio";

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

for (const file of process.argv.slice(2)) {
  for (const pass of ["raw", "content"]) {
    const parser = new WARCParser(createReadStream(file), { keepHeadersCase: true });
    for await (const record of parser) {
      // raw: the payload as stored; content: what is left when warcio took off all codings that the headers name.
      const payload = await record.readFully(pass === "content");
      console.log(
        [
          pass,
          record.warcType,
          record.warcTargetURI ?? "",
          record.warcDate,
          record.httpHeaders && record.warcType === "response" ? record.httpHeaders.statusCode : "",
          parser.offset,
          sha256(payload),
          record.warcPayloadDigest ?? "",
        ].join("\t"),
      );
    }
  }
}
