#include "extractors/sitemap.h"

#include <algorithm>

#include "base/gzip_stream.h"
#include "base/text.h"
#include "base/text_encoding.h"
#include "base/url.h"
#include "base/xml.h"

namespace cluehound::extractors {
namespace {

constexpr size_t kMaxValue = Url::kMaxLength;  // bytes of an address or a date
constexpr size_t kRootWithin = 4096;           // comments may stand before the root element

// Follows the elements that name an address: url/loc, sitemap/loc (or its text alone), item/link,
// item/guid, entry/link. An image's loc has another parent and is none of them.
class SitemapHandler final : public XmlHandler {
 public:
  explicit SitemapHandler(Sitemap& sitemap) : sitemap_(sitemap) {}

  void Begin(const std::string& name, const Attributes& attributes) override {
    const std::string parent = path_.empty() ? "" : path_.back();
    path_.push_back(name);
    value_.clear();
    if (path_.size() == 1 && name == "sitemapindex") sitemap_.kind = Sitemap::Kind::kIndex;
    if (IsEntry(name)) {
      entry_ = SitemapEntry();
      bare_.clear();
      permalink_ = false;
    }
    if (name == "guid") {
      const auto it = attributes.find("isPermaLink");
      permalink_ = it == attributes.end() || it->second != "false";
    }
    if (parent == "entry" && name == "link") TakeLink(attributes);
  }

  void Text(std::string_view text) override {
    if (path_.empty()) return;
    std::string& value = IsEntry(path_.back()) ? bare_ : value_;
    if (value.size() + text.size() <= kMaxValue) value += text;
  }

  void End(const std::string& name) override {
    path_.pop_back();
    const std::string parent = path_.empty() ? "" : path_.back();
    if (IsEntry(name)) {
      if (entry_.url.empty() && name == "sitemap") entry_.url = TrimAscii(bare_);
      Finish();
    } else if (IsEntry(parent)) {
      TakeValue(name, std::string(TrimAscii(value_)));
    }
    value_.clear();
  }

  const Status& status() const override { return status_; }

 private:
  static bool IsEntry(std::string_view name) {
    return name == "url" || name == "sitemap" || name == "item" || name == "entry";
  }

  void TakeLink(const Attributes& attributes) {
    const auto rel = attributes.find("rel");
    const auto href = attributes.find("href");
    const bool page = rel == attributes.end() || rel->second == "alternate";
    if (page && href != attributes.end() && href->second.size() <= kMaxValue)
      entry_.url = TrimAscii(href->second);
  }

  void TakeValue(const std::string& name, std::string value) {
    if (name == "loc" || (name == "link" && !value.empty())) {
      entry_.url = std::move(value);
    } else if (name == "guid" && entry_.url.empty() &&
               (permalink_ || value.starts_with("http://") || value.starts_with("https://"))) {
      entry_.url = std::move(value);
    } else if (name == "lastmod" || name == "pubDate" || name == "updated") {
      entry_.changed = ParseChanged(value);
    }
  }

  void Finish() {
    if (entry_.url.empty()) return;
    if (sitemap_.entries.size() >= Sitemap::kMaxEntries) {
      status_ = Status::InvalidArgument("more than " + std::to_string(Sitemap::kMaxEntries) +
                                        " addresses");
      return;
    }
    sitemap_.entries.push_back(std::move(entry_));
    entry_ = SitemapEntry();
  }

  Sitemap& sitemap_;
  std::vector<std::string> path_;
  SitemapEntry entry_;
  std::string value_;
  std::string bare_;  // text that stands in the entry itself
  bool permalink_ = false;
  Status status_;
};

// What gzip files hold, up to kMaxBytes; of a damaged one what came before the damage.
std::string Gunzip(std::string_view bytes, std::string& fault) {
  std::string out;
  GzipStream stream;
  while (!bytes.empty()) {
    if (out.size() >= Sitemap::kMaxBytes) {
      fault = "more than " + std::to_string(Sitemap::kMaxBytes) + " bytes when unpacked";
      break;
    }
    const size_t before = out.size();
    const size_t left = bytes.size();
    const auto step = stream.Inflate(bytes, out, 64 * 1024);
    const bool stuck = out.size() == before && bytes.size() == left;
    if (step == GzipStream::Step::kMemberEnd) {
      if (!LooksLikeGzip(bytes)) break;
      stream.Reset();
    } else if (step == GzipStream::Step::kCorrupt || stuck) {
      fault = "the gzip file is damaged";
      break;
    }
  }
  return out;
}

// The name of the first element, without prefix; empty when there is none near the beginning.
std::string_view RootOf(std::string_view text) {
  text = text.substr(0, kRootWithin);
  while (true) {
    const size_t open = text.find('<');
    if (open == std::string_view::npos || !TrimAscii(text.substr(0, open)).empty()) return "";
    text.remove_prefix(open + 1);
    std::string_view closing = text.starts_with("!--") ? "-->" : ">";
    if (text.starts_with("!DOCTYPE") && text.find('[') < text.find('>')) closing = "]>";
    if (text.starts_with('?') || text.starts_with('!')) {
      const size_t end = text.find(closing);
      if (end == std::string_view::npos) return "";
      text.remove_prefix(end + closing.size());
      continue;
    }
    std::string_view name = text.substr(0, text.find_first_of(" \t\r\n/>"));
    return name.substr(name.find(':') + 1);  // npos + 1 is 0
  }
}

// The encoding that an XML declaration names, if it needs decoding.
std::string_view DeclaredEncoding(std::string_view text) {
  if (!text.starts_with("<?xml")) return "";
  const std::string_view declaration = text.substr(0, text.find("?>"));
  const size_t key = declaration.find("encoding");
  if (key == std::string_view::npos) return "";
  const size_t open = declaration.find_first_of("\"'", key);
  if (open == std::string_view::npos) return "";
  const size_t end = declaration.find(declaration[open], open + 1);
  if (end == std::string_view::npos) return "";
  return EncodingFromLabel(declaration.substr(open + 1, end - open - 1));
}

std::string ToUtf8(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (bytes.starts_with("\xFF\xFE")) return DecodeAs(bytes.substr(2), "utf-16le");
  if (bytes.starts_with("\xFE\xFF")) return DecodeAs(bytes.substr(2), "utf-16be");
  if (IsValidUtf8(bytes)) return std::string(bytes);
  const std::string_view encoding = DeclaredEncoding(bytes);
  return DecodeAs(bytes, encoding.empty() ? "utf-8" : encoding);
}

Sitemap ReadLines(std::string_view text) {
  Sitemap sitemap;
  for (std::string_view line : SplitAscii(text, "\r\n")) {
    line = TrimAscii(line);
    if (!line.starts_with("http://") && !line.starts_with("https://")) continue;
    if (line.size() > kMaxValue) continue;
    if (sitemap.entries.size() >= Sitemap::kMaxEntries) {
      sitemap.fault = "more than " + std::to_string(Sitemap::kMaxEntries) + " addresses";
      break;
    }
    sitemap.entries.push_back({std::string(line), std::nullopt});
  }
  return sitemap;
}

}  // namespace

std::optional<Sitemap> ReadSitemap(std::string_view bytes, std::string_view content_type,
                                   std::string_view path) {
  std::string fault;
  std::string unpacked;
  if (LooksLikeGzip(bytes)) {
    unpacked = Gunzip(bytes, fault);
    bytes = unpacked;
    if (path.ends_with(".gz")) path.remove_suffix(3);
  }
  if (bytes.size() > Sitemap::kMaxBytes) bytes = bytes.substr(0, Sitemap::kMaxBytes);
  const std::string text = ToUtf8(bytes);
  const std::string_view root = RootOf(text);
  Sitemap sitemap;
  if (root == "urlset" || root == "sitemapindex" || root == "rss" || root == "feed") {
    // A feed may begin with a line break, which XML allows only where nothing is declared.
    SitemapHandler handler(sitemap);
    const Status status = ReadXml(TrimAscii(text), "the sitemap", handler, /*utf8=*/true);
    if (!status.ok()) sitemap.fault = status.message();
  } else if (root.empty() &&
             (StartsWithIgnoreAsciiCase(content_type, "text/plain") || path.ends_with(".txt"))) {
    sitemap = ReadLines(text);
    if (sitemap.entries.empty()) return std::nullopt;
  } else {
    return std::nullopt;
  }
  if (!fault.empty()) sitemap.fault = std::move(fault);
  return sitemap;
}

std::optional<Instant> ParseChanged(std::string_view text) {
  text = TrimAscii(text);
  const size_t size = text.size();
  std::string whole(text);
  if (size == 4) whole += "-01-01";
  if (size == 7) whole += "-01";
  if (size == 4 || size == 7 || size == 10) {
    whole += "T00:00:00Z";
  } else if (size > 16 && text[13] == ':' && text[16] != ':') {  // "2004-12-23T18:00+08:00"
    whole.insert(16, ":00");
  }
  if (const auto time = ParseTime(whole)) return time;
  return ParseHttpDate(text);
}

}  // namespace cluehound::extractors
