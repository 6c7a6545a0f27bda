#include "evidence/warc_record.h"

#include <algorithm>

#include "base/text.h"
#include "evidence/arc_line.h"
#include "evidence/warc_digest.h"

namespace cluehound::evidence {
namespace {

constexpr std::string_view kWarcMark = "WARC/";
constexpr std::string_view kArcMark = "filedesc:";
constexpr size_t kMaxFields = 1000;

// For messages: an address from a file may hold anything.
std::string Printable(std::string_view text) {
  std::string out(TruncateUtf8(text, 200));
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  }
  return out;
}

bool IsLineEnd(char c) { return c == '\r' || c == '\n'; }

std::optional<uint64_t> ParseLength(std::string_view text) {
  const auto length = ParseInt(TrimAscii(text));
  if (!length || *length < 0) return std::nullopt;
  return static_cast<uint64_t>(*length);
}

// Adds a line of a WARC header. False when it is neither a field nor the continuation of one.
bool AddField(std::string_view line, WarcHeader& header) {
  if (line.front() == ' ' || line.front() == '\t') {
    if (header.fields.empty()) return false;
    std::string& value = header.fields.back().second;
    if (!value.empty()) value += ' ';
    value += TrimAscii(line);
    return true;
  }
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos || header.fields.size() >= kMaxFields) return false;
  header.fields.emplace_back(TrimAscii(line.substr(0, colon)), TrimAscii(line.substr(colon + 1)));
  return true;
}

}  // namespace

std::string_view WarcHeader::Field(std::string_view name) const {
  for (const auto& [key, value] : fields) {
    if (EqualsIgnoreAsciiCase(key, name)) return value;
  }
  return {};
}

std::vector<std::string_view> WarcHeader::Fields(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto& [key, value] : fields) {
    if (EqualsIgnoreAsciiCase(key, name)) values.push_back(value);
  }
  return values;
}

std::string_view WarcHeader::target_uri() const {
  std::string_view uri = Field("WARC-Target-URI");
  if (uri.size() > 2 && uri.front() == '<' && uri.back() == '>')
    uri = uri.substr(1, uri.size() - 2);
  return uri;
}

std::optional<Instant> WarcHeader::date() const { return ParseTime(Field("WARC-Date")); }

WarcRecordReader::WarcRecordReader(std::unique_ptr<ByteSource> source, const WarcLimits& limits)
    : stream_(std::move(source)), limits_(limits) {}

bool WarcRecordReader::Fail(Status status) {
  if (status_.ok()) status_ = std::move(status);
  block_left_ = 0;
  return false;
}

void WarcRecordReader::Warn(uint64_t offset, const std::string& what) {
  if (warnings_.size() >= limits_.max_warnings) return;
  warnings_.push_back("byte " + std::to_string(offset) + ": " + what);
}

bool WarcRecordReader::Recognise() {
  const std::string_view front = stream_.Peek(kArcMark.size());
  if (front.starts_with(kWarcMark)) {
    format_ = Format::kWarc;
  } else if (front.starts_with(kArcMark)) {
    format_ = Format::kArc;
  } else if (!stream_.status().ok()) {
    return Fail(stream_.status());
  } else {
    return Fail(Status::InvalidArgument(front.empty() ? "is empty, neither a WARC nor an ARC file"
                                                      : "is neither a WARC nor an ARC file"));
  }
  return true;
}

bool WarcRecordReader::Next(WarcHeader& header) {
  if (!status_.ok()) return false;
  PassOverBlock();
  if (!status_.ok() || (format_ == Format::kUnknown && !Recognise())) return false;
  if (format_ == Format::kArc) return NextArcRecord(header);
  while (FindWarcRecord()) {
    if (ReadWarcHeader(header)) {
      current_ = header;
      block_left_ = header.content_length;
      return true;
    }
    if (!status_.ok()) return false;
  }
  return false;
}

bool WarcRecordReader::FindWarcRecord() {
  const uint64_t begin = stream_.offset();
  uint64_t stray = 0;
  bool line_start = true;
  while (true) {
    const std::string_view bytes = stream_.Peek(kWarcMark.size());
    // The mark itself may be divided between two members; ReadWarcHeader() sees it whole.
    const bool found = (line_start || stream_.at_member_start()) && !bytes.empty() &&
                       (bytes.starts_with(kWarcMark) || kWarcMark.starts_with(bytes));
    if (found || bytes.empty() || stray > limits_.max_stray_bytes) break;
    const size_t newline = bytes.find('\n');
    const size_t n = newline == std::string_view::npos ? bytes.size() : newline + 1;
    if (!std::all_of(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(n), IsLineEnd))
      stray += n;
    line_start = newline != std::string_view::npos;
    stream_.Consume(n);
  }
  if (stray > limits_.max_stray_bytes) {
    return Fail(Status::Corruption("no record begins within " +
                                   std::to_string(limits_.max_stray_bytes) + " bytes after byte " +
                                   std::to_string(begin)));
  }
  if (stray > 0) Warn(begin, std::to_string(stray) + " stray bytes before the next record");
  if (!stream_.status().ok()) return Fail(stream_.status());
  return !stream_.Peek().empty();
}

bool WarcRecordReader::ReadWarcHeader(WarcHeader& header) {
  header = WarcHeader();
  header.offset = stream_.offset();
  size_t left = limits_.max_header_bytes;
  const size_t damages = stream_.damages();
  std::string line;
  for (bool first = true;; first = false) {
    switch (stream_.ReadLine(left, line)) {
      case LineRead::kEnd:
        return Fail(stream_.status().ok()
                        ? Status::Corruption("the file ends inside the record header at byte " +
                                             std::to_string(header.offset))
                        : stream_.status());
      case LineRead::kTooLong:
        Warn(header.offset, "a record header of more than " +
                                std::to_string(limits_.max_header_bytes) + " bytes, passed over");
        return false;
      case LineRead::kLine:
        break;
    }
    // What follows belongs to another record, whose address would get this one's page.
    if (stream_.damages() != damages) {
      Warn(header.offset, "a record header in broken gzip data, passed over");
      return false;
    }
    left -= line.size();
    if (first && !line.starts_with(kWarcMark)) {
      Warn(header.offset, "a line that is no record header, passed over");
      return false;
    }
    if (first) continue;
    if (line.empty()) break;
    if (!AddField(line, header)) Warn(header.offset, "a header line that is no field, passed over");
  }
  const auto length = ParseLength(header.Field("Content-Length"));
  if (!length) {
    Warn(header.offset, "a record without a usable Content-Length, passed over");
    return false;
  }
  header.content_length = *length;
  return true;
}

void WarcRecordReader::PassOverArcPreamble() {
  std::string line;
  while (stream_.ReadLine(limits_.max_header_bytes, line) == LineRead::kLine && !line.empty()) {
  }
}

bool WarcRecordReader::NextArcRecord(WarcHeader& header) {
  uint64_t stray = 0;
  std::string line;
  while (true) {
    stream_.Peek();  // so that offset() speaks of the next byte also across members
    const uint64_t offset = stream_.offset();
    const LineRead read = stream_.ReadLine(limits_.max_header_bytes, line);
    if (read == LineRead::kEnd) return stream_.status().ok() ? false : Fail(stream_.status());
    if (line.empty()) continue;
    if (auto parsed = ParseArcLine(line); parsed && read == LineRead::kLine) {
      header = std::move(*parsed);
      header.offset = offset;
      current_ = header;
      block_left_ = header.content_length;
      return true;
    }
    Warn(offset,
         "no ARC record header, or one with an unusable length, passed over: " + Printable(line));
    if (line.starts_with(kArcMark)) PassOverArcPreamble();
    stray += line.size();
    if (stray > limits_.max_stray_bytes) {
      return Fail(Status::Corruption("no record begins within " +
                                     std::to_string(limits_.max_stray_bytes) +
                                     " bytes before byte " + std::to_string(offset)));
    }
  }
}

// The record's own gzip member ended and the next one begins with another record.
bool WarcRecordReader::BlockWasCut() {
  const std::string_view bytes = stream_.Peek(kWarcMark.size());
  return stream_.gzip() && stream_.at_member_start() && bytes.starts_with(kWarcMark);
}

WarcBlock WarcRecordReader::ReadBlock() {
  WarcBlock block;
  std::optional<Hasher> hasher;
  const auto label = DigestLabel::Parse(current_.Field("WARC-Block-Digest"));
  if (label) hasher.emplace(label->kind);
  while (block_left_ > 0) {
    if (BlockWasCut()) break;
    std::string_view bytes = stream_.Peek();
    if (bytes.empty()) break;
    bytes = bytes.substr(0, static_cast<size_t>(std::min<uint64_t>(block_left_, bytes.size())));
    if (hasher) hasher->Update(bytes);
    block.bytes.append(bytes.substr(0, limits_.max_block_bytes - block.bytes.size()));
    stream_.Consume(bytes.size());
    block_left_ -= bytes.size();
  }
  if (block_left_ > 0) {
    block.complete = false;
    block.notes.push_back("the record ends " + std::to_string(block_left_) + " bytes early");
    return block;  // Next() says why
  }
  if (current_.content_length > limits_.max_block_bytes) {
    block.complete = false;
    block.notes.push_back(std::to_string(current_.content_length) + " bytes, cut at " +
                          std::to_string(limits_.max_block_bytes));
  }
  if (hasher && !label->Matches(hasher->Finish())) {
    block.notes.push_back("the block does not match its WARC-Block-Digest");
  }
  return block;
}

void WarcRecordReader::PassOverBlock() {
  while (block_left_ > 0) {
    if (BlockWasCut()) {
      Warn(current_.offset, "the record ends " + std::to_string(block_left_) + " bytes early");
      block_left_ = 0;
      return;
    }
    const size_t at_hand = stream_.Peek().size();
    if (at_hand == 0) {
      Fail(stream_.status().ok() ? Status::Corruption("the file ends inside the record at byte " +
                                                      std::to_string(current_.offset) + " (" +
                                                      Printable(current_.target_uri()) + ")")
                                 : stream_.status());
      return;
    }
    const size_t n = static_cast<size_t>(std::min<uint64_t>(block_left_, at_hand));
    stream_.Consume(n);
    block_left_ -= n;
  }
}

}  // namespace cluehound::evidence
