#include "evidence/record_stream.h"

#include <algorithm>

namespace cluehound::evidence {
namespace {

constexpr size_t kPiece = size_t{64} << 10;

}  // namespace

RecordStream::RecordStream(std::unique_ptr<ByteSource> source) : source_(std::move(source)) {}

std::string_view RecordStream::Peek(size_t n) {
  // Bytes of the next member may only be shown when those of this one are used up.
  while (decoded_.size() - decoded_pos_ < n && !ended_ && status_.ok()) {
    if (member_done_ && decoded_.size() > decoded_pos_) break;
    FillDecoded();
  }
  return std::string_view(decoded_).substr(decoded_pos_);
}

void RecordStream::Consume(size_t n) {
  decoded_pos_ += n;
  decoded_offset_ += n;
  consumed_in_member_ += n;
  if (decoded_pos_ == decoded_.size()) {
    decoded_.clear();
    decoded_pos_ = 0;
  } else if (decoded_pos_ >= kPiece) {
    decoded_.erase(0, decoded_pos_);
    decoded_pos_ = 0;
  }
}

bool RecordStream::FillRaw() {
  raw_.erase(0, raw_pos_);
  raw_pos_ = 0;
  const size_t old_size = raw_.size();
  raw_.resize(old_size + kPiece);
  const auto n = source_->Read(raw_.data() + old_size, kPiece);
  raw_.resize(old_size + (n.ok() ? *n : 0));
  if (!n.ok()) {
    status_ = n.status();
    return false;
  }
  raw_end_ += *n;
  raw_ended_ = *n == 0;
  return !raw_ended_;
}

void RecordStream::PassOverDamage() {
  // RFC 1952, 2.3: two bytes of mark, deflate, and flags of which three are reserved.
  constexpr std::string_view kMember = "\x1F\x8B\x08";
  member_done_ = true;
  while (true) {
    const size_t found = raw_.find(kMember, raw_pos_);
    if (found != std::string::npos && found + 3 < raw_.size()) {
      const bool plausible = static_cast<unsigned char>(raw_[found + 3]) < 0x20;
      raw_pos_ = plausible ? found : found + 1;
      if (plausible) return;
      continue;
    }
    // The mark may be divided between this piece and the next.
    const size_t kept = std::min(raw_.size() - raw_pos_, kMember.size());
    raw_pos_ = found != std::string::npos ? found : raw_.size() - kept;
    if (!FillRaw()) {
      raw_pos_ = raw_.size();
      return;
    }
  }
}

void RecordStream::FillDecoded() {
  if (!sniffed_) {
    while (raw_.size() < 2 && FillRaw()) {
    }
    if (!status_.ok()) return;
    gzip_ = LooksLikeGzip(raw_);
    sniffed_ = true;
  }
  if (raw_pos_ == raw_.size() && !raw_ended_ && !FillRaw() && !status_.ok()) return;
  const bool at_end = raw_pos_ == raw_.size();
  if (!gzip_) {
    ended_ = at_end;
    decoded_.append(raw_, raw_pos_);
    raw_pos_ = raw_.size();
    return;
  }
  const uint64_t raw_offset = raw_end_ - (raw_.size() - raw_pos_);
  if (member_done_) {
    if (at_end) {
      ended_ = true;
      status_ = damage_;
      return;
    }
    inflater_.Reset();
    member_done_ = false;
    member_offset_ = raw_offset;
    consumed_in_member_ = 0;
  }
  std::string_view input = std::string_view(raw_).substr(raw_pos_);
  const size_t decoded_before = decoded_.size();
  // Even without input: bytes may still wait inside the inflater.
  const GzipStream::Step step = inflater_.Inflate(input, decoded_, kPiece);
  raw_pos_ = raw_.size() - input.size();
  member_done_ = step == GzipStream::Step::kMemberEnd;
  if (step == GzipStream::Step::kCorrupt) {
    if (damages_++ == 0) {
      damage_ = Status::Corruption(
          "the gzip data is broken near byte " + std::to_string(raw_end_ - input.size()) +
          ", in the member that begins at byte " + std::to_string(member_offset_));
    }
    PassOverDamage();
  } else if (at_end && step == GzipStream::Step::kMore && decoded_.size() == decoded_before) {
    status_ = Status::Corruption("the file ends inside the gzip member that begins at byte " +
                                 std::to_string(member_offset_));
  }
}

LineRead RecordStream::ReadLine(size_t max_bytes, std::string& line) {
  line.clear();
  while (true) {
    const std::string_view bytes = Peek();
    if (bytes.empty()) return line.empty() ? LineRead::kEnd : LineRead::kLine;
    const size_t newline = bytes.find('\n');
    const size_t n = newline == std::string_view::npos ? bytes.size() : newline;
    const size_t taken = std::min(n, max_bytes - line.size());
    line.append(bytes.substr(0, taken));
    if (taken < n) {
      Consume(taken);
      return LineRead::kTooLong;
    }
    Consume(newline == std::string_view::npos ? n : n + 1);
    if (newline == std::string_view::npos) continue;
    if (line.ends_with('\r')) line.pop_back();
    return LineRead::kLine;
  }
}

}  // namespace cluehound::evidence
