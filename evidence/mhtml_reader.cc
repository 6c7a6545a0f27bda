#include "evidence/mhtml_reader.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "evidence/mime_coding.h"
#include "evidence/page.h"

namespace cluehound::evidence {
namespace {

constexpr size_t kMaxHeader = size_t{64} << 10;
constexpr size_t kMaxParts = 10000;  // a saved page has one for each picture
constexpr int kMaxDepth = 8;         // mail programs put one multipart into another

struct Part {
  std::string_view headers;
  std::string_view body;
};

// Nothing when no empty line ends the headers within the bound.
std::optional<Part> SplitPart(std::string_view bytes) {
  // A part may begin with its body at once.
  if (bytes.starts_with("\r\n")) return Part{{}, bytes.substr(2)};
  if (bytes.starts_with('\n')) return Part{{}, bytes.substr(1)};
  const std::string_view front = bytes.substr(0, kMaxHeader);
  for (size_t end = front.find('\n'); end != std::string_view::npos;
       end = front.find('\n', end + 1)) {
    const std::string_view rest = front.substr(end + 1);
    if (rest.starts_with('\n')) return Part{front.substr(0, end + 1), bytes.substr(end + 2)};
    if (rest.starts_with("\r\n")) return Part{front.substr(0, end + 1), bytes.substr(end + 3)};
  }
  return std::nullopt;
}

// Hands out the parts between the lines "--boundary", one after the other.
class Parts {
 public:
  Parts(std::string_view body, const std::string& boundary)
      : rest_(body), mark_("\n--" + boundary) {
    // The first boundary may be the first line.
    if (rest_.starts_with(std::string_view(mark_).substr(1))) {
      EnterPart(mark_.size() - 1);
    } else if (const size_t first = rest_.find(mark_); first != std::string_view::npos) {
      EnterPart(first + mark_.size());
    } else {
      rest_ = {};
    }
  }

  std::optional<std::string_view> Next() {
    if (rest_.empty() || ++count_ > kMaxParts) return std::nullopt;
    const size_t end = rest_.find(mark_);
    std::string_view part = rest_.substr(0, end);
    if (end == std::string_view::npos) {
      rest_ = {};
    } else {
      EnterPart(end + mark_.size());
      if (part.ends_with('\r')) part.remove_suffix(1);  // the line end belongs to the boundary
    }
    return part;
  }

 private:
  // `pos` is behind a boundary: at "--" when it is the last, else before the line end.
  void EnterPart(size_t pos) {
    rest_.remove_prefix(pos);
    const size_t newline = rest_.find('\n');
    rest_ = rest_.starts_with("--") || newline == std::string_view::npos
                ? std::string_view()
                : rest_.substr(newline + 1);
  }

  std::string_view rest_;
  std::string mark_;
  size_t count_ = 0;
};

bool IsHtml(std::string_view media_type) {
  return media_type == "text/html" || media_type == "application/xhtml+xml";
}

std::string Decode(const Part& part, size_t max_bytes, bool& complete) {
  const std::string encoding = ToAsciiLower(HeaderValue(part.headers, "Content-Transfer-Encoding"));
  std::string bytes;
  if (encoding == "quoted-printable") {
    bytes = DecodeQuotedPrintable(part.body, max_bytes + 1);
  } else if (encoding == "base64") {
    bytes = DecodeBase64(part.body, max_bytes + 1);
  } else {
    bytes = part.body.substr(0, max_bytes + 1);
  }
  complete = bytes.size() <= max_bytes;
  if (!complete) bytes.resize(max_bytes);
  return bytes;
}

// The part of a multipart that is the page, or the first multipart within it.
std::optional<Part> RootPart(const Part& whole, const std::string& content_type) {
  const std::string start = MimeParameter(content_type, "start");
  Parts parts(whole.body, MimeParameter(content_type, "boundary"));
  std::optional<Part> root;
  while (const auto bytes = parts.Next()) {
    const auto part = SplitPart(*bytes);
    if (!part) continue;
    if (!start.empty() && HeaderValue(part->headers, "Content-ID") == start) return part;
    if (root) continue;
    const std::string type = MediaType(HeaderValue(part->headers, "Content-Type"));
    if (IsHtml(type) || type.starts_with("multipart/")) root = part;
    if (root && start.empty()) break;
  }
  return root;
}

}  // namespace

bool LooksLikeMhtml(std::string_view front) {
  const std::string_view headers = front.substr(0, kMaxHeader);
  if (headers.empty() || !IsAsciiAlpha(headers.front())) return false;
  return !HeaderValue(headers, "MIME-Version").empty() ||
         MediaType(HeaderValue(headers, "Content-Type")).starts_with("multipart/");
}

Result<MhtmlPage> ReadMhtml(std::string_view file, size_t max_bytes) {
  auto part = SplitPart(file);
  if (!part || !LooksLikeMhtml(file))
    return Status::InvalidArgument("is no MHTML file: no MIME header at its front");
  MhtmlPage page;
  page.url = HeaderValue(part->headers, "Snapshot-Content-Location");
  for (int depth = 0; depth <= kMaxDepth; ++depth) {
    const std::string content_type = HeaderValue(part->headers, "Content-Type");
    const std::string type = MediaType(content_type);
    if (const std::string location = HeaderValue(part->headers, "Content-Location");
        !location.empty()) {
      page.url = location;
    }
    if (IsHtml(type)) {
      page.content_type = content_type;
      page.bytes = Decode(*part, max_bytes, page.complete);
      return page;
    }
    if (!type.starts_with("multipart/")) break;
    if (MimeParameter(content_type, "boundary").empty()) {
      return Status::InvalidArgument(
          "is a damaged MHTML file: its multipart header names no boundary");
    }
    part = RootPart(*part, content_type);
    if (!part) break;
  }
  return Status::InvalidArgument("is a MIME file without an HTML part");
}

}  // namespace cluehound::evidence
