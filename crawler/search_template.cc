#include "crawler/search_template.h"

#include <algorithm>

#include "base/text_encoding.h"
#include "base/url.h"

namespace cluehound::crawler {
namespace {

constexpr std::string_view kTerm = "{term}";
// Stands for the term while an address is parsed; letters only, so that parsing leaves it alone.
constexpr std::string_view kMarker = "cluehoundterm";

// REQUIRES: the address holds {term}.
std::string Replace(std::string_view address, std::string_view term) {
  const size_t place = address.find(kTerm);
  return std::string(address.substr(0, place)) + std::string(term) +
         std::string(address.substr(place + kTerm.size()));
}

// What stands before the term and, of a path, behind it up to the next slash.
struct Frame {
  std::string origin_and_path;  // of a query: all of it
  std::string parameter;        // of a query: the name before "="
};

Frame FrameOf(const std::string& address) {
  const Result<Url> url = Url::Parse(Replace(address, kMarker));
  if (!url.ok()) return {};
  const std::string& href = url->href();
  const size_t place = href.find(kMarker);
  const size_t query = href.find('?');
  if (query == std::string::npos || place < query) return {href.substr(0, place), ""};
  const size_t begin = href.find_last_of("?&", place) + 1;
  return {href.substr(0, query), href.substr(begin, href.rfind('=', place) - begin)};
}

bool TermInPlace(const Result<Url>& url) {
  if (!url.ok()) return false;
  if (std::string(url->path()).find(kMarker) != std::string::npos) return true;
  const std::string query(url->query());
  const size_t place = query.find(kMarker);
  return place != std::string::npos && place > 0 && query[place - 1] == '=';
}

}  // namespace

Result<std::string> SearchTemplate::AddressOf(std::string_view term) const {
  if (!searches()) return Status::InvalidArgument("the source does not search");
  const std::string bytes = EncodeAs(term, charset);
  if (DecodeAs(bytes, charset) != term) {
    return Status::InvalidArgument("\"" + std::string(term) + "\" cannot be written in " + charset);
  }
  ASSIGN_OR_RETURN(const Url url, Url::Parse(Replace(address, PercentEncode(bytes))));
  return url.Canonical().href();
}

std::optional<std::string> SearchTemplate::TermIn(std::string_view url) const {
  if (!searches()) return std::nullopt;
  const Frame frame = FrameOf(address);
  if (!url.starts_with(frame.origin_and_path)) return std::nullopt;
  const std::string_view rest = url.substr(frame.origin_and_path.size());
  std::string term;
  if (frame.parameter.empty()) {
    term = PercentDecode(rest.substr(0, rest.find_first_of("/?&#")));
  } else {
    if (!rest.starts_with('?')) return std::nullopt;
    term = QueryValue(rest, frame.parameter);
  }
  if (term.empty()) return std::nullopt;
  return term;
}

SearchTemplate ReadSearchTemplate(YamlMap& source) {
  SearchTemplate search;
  const YamlNode* node = source.Child("search");
  if (node == nullptr) return search;
  YamlMap map(*node, source.diagnostics(), "search");
  search.address = map.RequiredText("address");
  const size_t place = search.address.find(kTerm);
  const bool once = place != std::string::npos &&
                    search.address.find(kTerm, place + kTerm.size()) == std::string::npos;
  if (map.Has("address") && (!once || !TermInPlace(Url::Parse(Replace(search.address, kMarker))))) {
    map.Error(
        "address", "bad-address",
        "must be a whole address with {term} once, in the path or as the value of a parameter",
        "write for example https://s.example.com/search?q={term}");
    search.address.clear();
  }
  const std::string label = map.Text("charset", search.charset);
  search.charset = EncodingFromLabel(label);
  if (search.charset.empty()) {
    map.Error("charset", "unknown-value", "\"" + label + "\" is no charset",
              "write utf-8, gbk or big5");
  }
  search.marks = map.Texts("marks");
  search.kinds = map.Texts("kinds");
  search.terms = map.Texts("terms");
  if (node->is_map() && search.marks.empty() && search.kinds.empty() && search.terms.empty()) {
    map.Error("marks", "missing-key", "is missing: nothing would be searched",
              "name marks: [id, \"tag:luxury\"], kinds: [gi], or terms: [...]");
  }
  search.aliases = map.Flag("aliases", search.aliases);
  search.pages = static_cast<uint32_t>(map.Integer("pages", search.pages, 1, 1000));
  map.Finish();
  return search;
}

}  // namespace cluehound::crawler
