#include "store/listing_line.h"

#include <simdjson.h>

#include "base/text.h"

namespace cluehound::store {
namespace {

using extractors::Listing;

static_assert(ListingLineReader::kPadding >= simdjson::SIMDJSON_PADDING);

// RFC 8259, 7: what must be escaped, and nothing else.
void AppendJsonString(std::string& out, std::string_view text) {
  out += '"';
  size_t begin = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, begin, i - begin);
    begin = i + 1;
    if (c == '"' || c == '\\') {
      out += '\\';
      out += text[i];
    } else {
      static constexpr char kHex[] = "0123456789abcdef";
      out += "\\u00";
      out += kHex[c >> 4];
      out += kHex[c & 15];
    }
  }
  out.append(text, begin);
  out += '"';
}

class LineWriter {
 public:
  explicit LineWriter(std::string& out) : out_(out) {}

  void Text(std::string_view key, std::string_view value) {
    if (value.empty()) return;
    Key(key);
    if (IsValidUtf8(value)) {
      AppendJsonString(out_, value);
    } else {
      AppendJsonString(out_, ToValidUtf8(value));
    }
  }
  void Number(std::string_view key, const std::optional<int64_t>& value) {
    if (!value) return;
    Key(key);
    out_ += std::to_string(*value);
  }
  void Flag(std::string_view key, bool value) {
    if (!value) return;
    Key(key);
    out_ += "true";
  }
  void Texts(std::string_view key, const std::vector<std::string>& values) {
    if (values.empty()) return;
    Key(key);
    char before = '[';
    for (const std::string& value : values) {
      out_ += before;
      AppendJsonString(out_, ToValidUtf8(value));
      before = ',';
    }
    out_ += ']';
  }
  void End() { out_ += "}\n"; }

 private:
  void Key(std::string_view key) {
    out_ += first_ ? "{\"" : ",\"";
    first_ = false;
    out_ += key;
    out_ += "\":";
  }

  std::string& out_;
  bool first_ = true;
};

void Clear(Listing& listing) {
  for (std::string* text :
       {&listing.id, &listing.url, &listing.title, &listing.price, &listing.price_max,
        &listing.currency, &listing.seller, &listing.seller_id, &listing.location, &listing.origin,
        &listing.text, &listing.platform, &listing.state, &listing.room_operator,
        &listing.marketing_person})
    text->clear();
  listing.kind = extractors::ListingKind::kGoods;
  listing.found_by = extractors::FoundBy::kProfile;
  listing.sold.reset();
  listing.viewers.reset();
  listing.sold_at_least = false;
  listing.images.clear();
  listing.merchants.clear();
}

struct TextKey {
  std::string_view key;
  std::string Listing::*member;
};
constexpr TextKey kTexts[] = {{"title", &Listing::title},
                              {"url", &Listing::url},
                              {"id", &Listing::id},
                              {"price", &Listing::price},
                              {"currency", &Listing::currency},
                              {"seller", &Listing::seller},
                              {"seller_id", &Listing::seller_id},
                              {"location", &Listing::location},
                              {"text", &Listing::text},
                              {"platform", &Listing::platform},
                              {"origin", &Listing::origin},
                              {"price_max", &Listing::price_max},
                              {"state", &Listing::state},
                              {"room_operator", &Listing::room_operator},
                              {"marketing_person", &Listing::marketing_person}};

}  // namespace

void AppendListingLine(std::string& out, const Listing& listing, const ListingFacts& facts) {
  LineWriter line(out);
  line.Text("at", FormatTime(facts.at));
  line.Text("source", facts.source);
  line.Text("extractor", facts.extractor);
  line.Text("page", facts.page);
  line.Text("kind", Name(listing.kind));
  line.Text("found_by", Name(listing.found_by));
  for (const TextKey& text : kTexts) line.Text(text.key, listing.*text.member);
  line.Number("sold", listing.sold);
  line.Flag("sold_at_least", listing.sold_at_least);
  line.Number("viewers", listing.viewers);
  line.Texts("merchants", listing.merchants);
  line.End();
}

struct ListingLineReader::Impl {
  simdjson::ondemand::parser parser;
  std::string last_time;  // lines of a page have one time
  Instant last_at{};

  // True when everything that it knows is of its type.
  bool ReadFields(simdjson::ondemand::object object, Listing& listing, ListingFacts& facts) {
    for (auto field : object) {
      std::string_view key;
      simdjson::ondemand::value value;
      if (field.unescaped_key().get(key) || field.value().get(value)) return false;
      if (!ReadField(key, value, listing, facts)) return false;
    }
    return true;
  }

  bool ReadField(std::string_view key, simdjson::ondemand::value value, Listing& listing,
                 ListingFacts& facts) {
    for (const TextKey& text : kTexts) {
      if (key == text.key) return Text(value, listing.*text.member);
    }
    std::string_view word;
    if (key == "at") return !value.get_string().get(word) && Time(word, facts.at);
    if (key == "page") return Text(value, facts.page);
    if (key == "source") return Text(value, facts.source);
    if (key == "extractor") return Text(value, facts.extractor);
    if (key == "kind") {
      if (value.get_string().get(word)) return false;
      const auto kind = extractors::ListingKindFromName(word);
      if (kind) listing.kind = *kind;
      return kind.has_value();
    }
    if (key == "found_by") {
      if (value.get_string().get(word)) return false;
      const auto found_by = extractors::FoundByFromName(word);
      if (found_by) listing.found_by = *found_by;
      return found_by.has_value();
    }
    if (key == "sold") return !value.get_int64().get(listing.sold.emplace());
    if (key == "viewers") return !value.get_int64().get(listing.viewers.emplace());
    if (key == "sold_at_least") return !value.get_bool().get(listing.sold_at_least);
    if (key == "merchants") return Texts(value, listing.merchants);
    return true;
  }

  static bool Text(simdjson::ondemand::value value, std::string& to) {
    std::string_view text;
    if (value.get_string().get(text)) return false;
    to = text;
    return true;
  }

  static bool Texts(simdjson::ondemand::value value, std::vector<std::string>& to) {
    simdjson::ondemand::array array;
    if (value.get_array().get(array)) return false;
    for (auto element : array) {
      std::string_view text;
      if (element.get_string().get(text)) return false;
      to.emplace_back(text);
    }
    return true;
  }

  bool Time(std::string_view text, Instant& to) {
    if (text != last_time) {
      const auto time = ParseTime(text);
      if (!time) return false;
      last_time = text;
      last_at = *time;
    }
    to = last_at;
    return true;
  }
};

ListingLineReader::ListingLineReader() : impl_(std::make_unique<Impl>()) {}
ListingLineReader::~ListingLineReader() = default;

Status ListingLineReader::Read(std::string_view line, size_t after, Listing& listing,
                               ListingFacts& facts) {
  Clear(listing);
  facts.source.clear();
  facts.page.clear();
  facts.extractor.clear();
  facts.at = {};
  simdjson::ondemand::document document;
  simdjson::ondemand::object object;
  const simdjson::padded_string_view padded(line.data(), line.size(), line.size() + after);
  if (impl_->parser.iterate(padded).get(document) || document.get_object().get(object) ||
      !impl_->ReadFields(object, listing, facts))
    return Status::Corruption("no line of a listing");
  return Status::Ok();
}

}  // namespace cluehound::store
