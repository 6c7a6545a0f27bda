#include "evidence/warc_writer.h"

#include <array>
#include <cstdio>
#include <random>

#include "base/content_coding.h"
#include "base/digest.h"
#include "base/text.h"
#include "evidence/http_message.h"
#include "evidence/stored_head.h"
#include "evidence/warc_digest.h"
#include "evidence/warc_record.h"

namespace cluehound::evidence {
namespace {

constexpr int kGzipLevel =
    6;  // bodies are mostly coded already; higher levels gain nothing on the rest

// A page's body is capped far below this before it comes here.
constexpr size_t kMaxBlock = size_t{256} << 20;

class RecordWriter {
 public:
  RecordWriter(std::string_view type, std::string_view id, Instant date) {
    head_ = "WARC/1.1\r\n";
    Field("WARC-Type", type);
    Field("WARC-Record-ID", id);
    Field("WARC-Date", FormatUtcTime(date));
  }

  // Control characters cannot stand in a field; what holds none is written as it is.
  RecordWriter& Field(std::string_view name, std::string_view value) {
    if (value.empty()) return *this;
    head_.append(name).append(": ");
    for (const char c : value) {
      if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) head_ += c;
    }
    head_ += "\r\n";
    return *this;
  }

  std::string Finish(std::string_view content_type, std::string_view block) {
    Field("Content-Type", content_type);
    Field("WARC-Block-Digest", Sha256Label(Sha256(block)));
    Field("Content-Length", std::to_string(block.size()));
    head_ += "\r\n";
    head_ += block;
    head_ += "\r\n\r\n";
    return GzipCompress(head_, kGzipLevel);
  }

 private:
  std::string head_;
};

// Characters that would end the field or the address.
std::string TargetUri(std::string_view url) {
  std::string out;
  for (const char c : url) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte != 0x7F && c != '<' && c != '>') {
      out += c;
    } else {
      out += '%';
      out += ToAsciiLower(Hex(std::string_view(&c, 1)));
    }
  }
  return out;
}

// Behind the last empty line in `head`; 0 when there is none.
size_t BehindEmptyLine(std::string_view head) {
  for (size_t newline = head.rfind('\n'); newline != std::string_view::npos && newline > 0;
       newline = head.rfind('\n', newline - 1)) {
    const std::string_view before = head.substr(0, newline);
    if (before.ends_with('\n') || before.ends_with("\n\r")) return newline + 1;
  }
  return 0;
}

// The head with one line end at its end, whatever the caller left there, and nothing of interim
// answers before it.
std::string BareHead(std::string_view head) {
  while (head.ends_with('\n') || head.ends_with('\r')) head.remove_suffix(1);
  head.remove_prefix(BehindEmptyLine(head));
  while (head.starts_with('\n') || head.starts_with('\r')) head.remove_prefix(1);
  return head.empty() ? "" : std::string(head) + "\r\n";
}

std::string HttpBlock(std::string_view head, std::string_view body) {
  std::string block = StoredHead(BareHead(head));
  block += "\r\n";
  block += body;
  return block;
}

std::string HttpProtocol(std::string_view version) {
  if (version == "2" || version == "3") return "h" + std::string(version);
  return version.empty() ? "" : "http/" + std::string(version);
}

std::string HttpVersion(std::string_view protocol) {
  if (protocol == "h2" || protocol == "h3") return std::string(protocol.substr(1));
  return protocol.starts_with("http/") ? std::string(protocol.substr(5)) : "";
}

// "TLSv1.3" is "tls/1.3" in WARC-Protocol.
std::string TlsProtocol(std::string_view version) {
  if (version.starts_with("TLSv")) return "tls/" + std::string(version.substr(4));
  return version.empty() ? "" : ToAsciiLower(version);
}

std::string TlsVersion(std::string_view protocol) {
  return protocol.starts_with("tls/") ? "TLSv" + std::string(protocol.substr(4)) : "";
}

std::string MetadataBlock(const Exchange& exchange, std::string_view via) {
  std::string block;
  const auto field = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) block.append(name).append(": ").append(value).append("\r\n");
  };
  field("fetchTimeMs", std::to_string((exchange.ended - exchange.started).count()));
  if (exchange.peer_port != 0) field("peerPort", std::to_string(exchange.peer_port));
  for (const std::string& certificate : exchange.tls.chain_sha256)
    field("certificateSha256", certificate);
  field("via", via);
  return block;
}

std::string EncodeExchange(const Exchange& exchange, std::string_view via,
                           std::string_view warcinfo_id) {
  const std::string request_id = NewRecordId(), response_id = NewRecordId();
  const bool answered = exchange.status != 0;
  const auto record = [&](std::string_view type, std::string_view id,
                          std::string_view concurrent_to) {
    RecordWriter writer(type, id, exchange.started);
    writer.Field("WARC-Warcinfo-ID", warcinfo_id)
        .Field("WARC-Target-URI", TargetUri(exchange.url))
        .Field("WARC-Concurrent-To", concurrent_to)
        .Field("WARC-IP-Address", exchange.peer_address)
        .Field("WARC-Protocol", HttpProtocol(exchange.http_version))
        .Field("WARC-Protocol", TlsProtocol(exchange.tls.version))
        .Field("WARC-Cipher-Suite", exchange.tls.cipher);
    return writer;
  };
  std::string out =
      record("request", request_id, answered ? response_id : "")
          .Finish("application/http; msgtype=request", HttpBlock(exchange.request, ""));
  if (answered) {
    out += record("response", response_id, request_id)
               .Field("WARC-Payload-Digest", Sha256Label(Sha256(exchange.coded_body)))
               .Finish("application/http; msgtype=response",
                       HttpBlock(exchange.header_block, exchange.coded_body));
  }
  out += record("metadata", NewRecordId(), answered ? response_id : request_id)
             .Finish("application/warc-fields", MetadataBlock(exchange, via));
  return out;
}

// ---- back

void TakeConnection(const WarcHeader& header, Exchange& exchange) {
  exchange.url = header.target_uri();
  exchange.peer_address = header.Field("WARC-IP-Address");
  exchange.tls.cipher = header.Field("WARC-Cipher-Suite");
  for (const std::string_view protocol : header.Fields("WARC-Protocol")) {
    if (std::string version = HttpVersion(protocol); !version.empty())
      exchange.http_version = std::move(version);
    if (std::string version = TlsVersion(protocol); !version.empty())
      exchange.tls.version = std::move(version);
  }
  if (const auto date = header.date()) exchange.started = exchange.ended = *date;
}

void TakeMetadata(std::string_view block, Exchange& exchange) {
  for (const std::string_view line : SplitAscii(block, "\r\n")) {
    const size_t colon = line.find(": ");
    if (colon == std::string_view::npos) continue;
    const std::string_view name = line.substr(0, colon), value = line.substr(colon + 2);
    if (name == "fetchTimeMs")
      exchange.ended = exchange.started + Duration(ParseInt(value).value_or(0));
    if (name == "peerPort") exchange.peer_port = static_cast<uint16_t>(ParseInt(value).value_or(0));
    if (name == "certificateSha256") exchange.tls.chain_sha256.emplace_back(value);
  }
}

// The second word of a status line.
int StatusOf(std::string_view head) {
  const std::vector<std::string_view> words = SplitAscii(head.substr(0, head.find('\n')), " \r");
  return words.size() < 2 ? 0 : static_cast<int>(ParseInt(words[1]).value_or(0));
}

Status TakeMessage(const WarcHeader& header, std::string& block, Exchange& exchange) {
  // A message without a head is written as the empty line alone.
  const auto head = block.starts_with("\r\n") ? HttpHead{0, 2, 0} : SplitHead(block, block.size());
  if (!head) return Status::Corruption("a record that is no HTTP message");
  std::string original =
      OriginalHead(std::string_view(block).substr(0, head->block_size), exchange.http_version);
  if (header.type() == "request") {
    exchange.request = std::move(original);
    return Status::Ok();
  }
  exchange.status = StatusOf(original);
  exchange.header_block = std::move(original);
  exchange.coded_body = std::move(block);
  exchange.coded_body.erase(0, head->body_begin);
  return Status::Ok();
}

}  // namespace

std::string NewRecordId() {
  thread_local std::random_device device;
  std::array<uint32_t, 4> words;
  for (uint32_t& word : words) word = device();
  words[1] = (words[1] & 0xFFFF0FFFu) | 0x4000u;      // version 4
  words[2] = (words[2] & 0x3FFFFFFFu) | 0x80000000u;  // variant
  std::array<char, 64> text;
  const int n = std::snprintf(text.data(), text.size(), "<urn:uuid:%08x-%04x-%04x-%04x-%04x%08x>",
                              words[0], words[1] >> 16, words[1] & 0xFFFFu, words[2] >> 16,
                              words[2] & 0xFFFFu, words[3]);
  return std::string(text.data(), static_cast<size_t>(n));
}

std::string EncodeWarcInfo(std::string_view file_name, std::string_view record_id, Instant date,
                           const WarcInfo& info) {
  std::string block =
      "format: WARC File Format 1.1\r\n"
      "conformsTo: "
      "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n";
  for (const auto& [name, value] : info) block += name + ": " + CollapseSpace(value) + "\r\n";
  return RecordWriter("warcinfo", record_id, date)
      .Field("WARC-Filename", file_name)
      .Finish("application/warc-fields", block);
}

std::string EncodePage(const Page& page, std::string_view warcinfo_id) {
  std::string out;
  std::string via;
  for (const Exchange& exchange : page.exchanges) {
    out += EncodeExchange(exchange, via, warcinfo_id);
    via = TargetUri(exchange.url);
  }
  return out;
}

Result<Page> DecodePage(std::string_view records) {
  WarcLimits limits;
  limits.max_block_bytes = kMaxBlock;
  limits.max_header_bytes = kMaxBlock;
  WarcRecordReader reader(MemorySource(records), limits);
  WarcHeader header;
  Page page;
  bool within = false;  // an exchange, which its metadata record closes
  while (reader.Next(header)) {
    WarcBlock block = reader.ReadBlock();
    if (!block.notes.empty()) return Status::Corruption(block.notes.front());
    if (!within) page.exchanges.emplace_back();
    within = header.type() != "metadata";
    Exchange& exchange = page.exchanges.back();
    if (!within) {
      TakeMetadata(block.bytes, exchange);
    } else {
      TakeConnection(header, exchange);
      RETURN_IF_ERROR(TakeMessage(header, block.bytes, exchange));
    }
  }
  if (!reader.status().ok()) return reader.status();
  if (page.exchanges.empty() || within)
    return Status::Corruption("the records of an exchange are not complete");
  return page;
}

}  // namespace cluehound::evidence
