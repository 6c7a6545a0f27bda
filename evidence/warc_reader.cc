#include "evidence/warc_reader.h"

#include "base/gzip_stream.h"
#include "base/text.h"
#include "evidence/http_message.h"
#include "evidence/page.h"
#include "evidence/warc_digest.h"

namespace cluehound::evidence {
namespace {

// "gzip, chunked" leaves "gzip": what is still on the bytes when the chunks are off.
std::string WithoutChunked(std::string_view transfer_encoding, bool& chunked) {
  std::string rest;
  for (const std::string_view coding : SplitAscii(transfer_encoding, ", \t")) {
    if (EqualsIgnoreAsciiCase(coding, "chunked")) {
      chunked = true;
    } else if (!EqualsIgnoreAsciiCase(coding, "identity")) {
      rest += rest.empty() ? "" : ", ";
      rest += coding;
    }
  }
  return rest;
}

void TakeOffTransferCoding(ArchivedResponse& r) {
  bool chunked = false;
  const std::string left =
      WithoutChunked(HeaderValue(r.header_block, "Transfer-Encoding"), chunked);
  if (chunked) {
    Dechunked body = TakeOffChunks(r.coded_body, !r.complete);
    if (!body.chunked) {
      if (!r.coded_body.empty()) r.notes.push_back("labelled chunked, but stored without chunks");
    } else {
      if (!body.complete && r.complete) {
        r.complete = false;
        r.notes.push_back("its chunks break off after " + std::to_string(body.bytes.size()) +
                          " bytes");
      }
      r.coded_body = std::move(body.bytes);
    }
  }
  // Codings are listed in the order in which they were put on.
  if (!left.empty()) r.content_encoding += (r.content_encoding.empty() ? "" : ", ") + left;
}

// A record length that is too large swallows what follows the body; HTTP's own length says where
// the body ends.
void CheckHttpLength(ArchivedResponse& r) {
  const auto length = ParseInt(HeaderValue(r.header_block, "Content-Length"));
  if (r.complete || !length || *length < 0) return;
  const auto size = static_cast<uint64_t>(*length);
  if (size > r.coded_body.size() || !HeaderValue(r.header_block, "Transfer-Encoding").empty())
    return;
  r.coded_body.resize(static_cast<size_t>(size));
  r.complete = true;
}

// Some writers store the decoded body and leave the label.
void CheckGzipLabel(ArchivedResponse& r) {
  const bool says_gzip = EqualsIgnoreAsciiCase(r.content_encoding, "gzip") ||
                         EqualsIgnoreAsciiCase(r.content_encoding, "x-gzip");
  if (!says_gzip || r.coded_body.empty() || LooksLikeGzip(r.coded_body)) return;
  r.content_encoding.clear();
  r.notes.push_back("labelled gzip, but stored without it");
}

}  // namespace

Result<std::unique_ptr<WarcReader>> WarcReader::Open(const std::filesystem::path& path,
                                                     const WarcLimits& limits) {
  ASSIGN_OR_RETURN(auto source, OpenFileSource(path));
  return std::make_unique<WarcReader>(std::move(source), path.string(), limits);
}

WarcReader::WarcReader(std::unique_ptr<ByteSource> source, std::string name,
                       const WarcLimits& limits)
    : name_(std::move(name)), limits_(limits), records_(std::move(source), limits) {}

Status WarcReader::status() const {
  return records_.status().ok() ? Status::Ok() : records_.status().Within(name_);
}

bool WarcReader::Next(ArchivedResponse& response) {
  WarcHeader header;
  while (records_.Next(header)) {
    ++record_count_;
    const std::string_view type = header.type();
    if (type != "response" && type != "resource") continue;
    if (Fill(header, response)) return true;
  }
  return false;
}

bool WarcReader::Fill(const WarcHeader& header, ArchivedResponse& response) {
  WarcBlock block = records_.ReadBlock();
  response = ArchivedResponse();
  response.url = header.target_uri();
  response.date = header.date();
  response.offset = header.offset;
  response.complete = block.complete;
  response.notes = std::move(block.notes);
  if (header.type() == "resource") {
    response.content_type = header.Field("Content-Type");
    response.coded_body = std::move(block.bytes);
  } else {
    const auto head = ParseResponseHead(block.bytes, limits_.max_header_bytes);
    if (!head) return false;  // a DNS answer, or no HTTP at all
    response.status = head->status;
    response.header_block = block.bytes.substr(0, head->block_size);
    response.content_type = HeaderValue(response.header_block, "Content-Type");
    response.content_encoding = HeaderList(response.header_block, "Content-Encoding");
    response.coded_body = std::move(block.bytes);
    response.coded_body.erase(0, head->body_begin);
    CheckHttpLength(response);
  }
  const auto label = DigestLabel::Parse(header.Field("WARC-Payload-Digest"));
  const std::string stored = label && block.complete ? response.coded_body : "";
  if (header.type() == "response") TakeOffTransferCoding(response);
  // Writers differ on whether the payload is meant with or without the transfer coding: either may
  // match.
  if (label && block.complete) {
    const auto digest = [&](std::string_view bytes) {
      Hasher hasher(label->kind);
      hasher.Update(bytes);
      return hasher.Finish();
    };
    if (!label->Matches(digest(stored)) && !label->Matches(digest(response.coded_body))) {
      response.notes.push_back("the payload does not match its WARC-Payload-Digest");
    }
  }
  CheckGzipLabel(response);
  return true;
}

}  // namespace cluehound::evidence
