#include "app/listing_json.h"

#include <nlohmann/json.hpp>

namespace cluehound::app {
namespace {

using Json = nlohmann::json;

class Reader {
 public:
  explicit Reader(const Json& object) : object_(object) {}

  void Text(const char* key, std::string& to) {
    if (const Json* value = Find(key)) {
      if (value->is_string()) {
        to = value->get<std::string>();
      } else {
        Fail(key, "a text");
      }
    }
  }
  // Prices are decimal strings; a number is what people write by hand.
  void Decimal(const char* key, std::string& to) {
    const Json* value = Find(key);
    if (value != nullptr && value->is_number()) {
      to = value->dump();
    } else {
      Text(key, to);
    }
  }
  void Number(const char* key, std::optional<int64_t>& to) {
    if (const Json* value = Find(key)) {
      if (value->is_number_integer() && value->is_number_unsigned()) {
        to = value->get<int64_t>();
      } else {
        Fail(key, "a whole number");
      }
    }
  }
  void Flag(const char* key, bool& to) {
    if (const Json* value = Find(key)) {
      if (value->is_boolean()) {
        to = value->get<bool>();
      } else {
        Fail(key, "true or false");
      }
    }
  }
  void Texts(const char* key, std::vector<std::string>& to) {
    const Json* value = Find(key);
    if (value == nullptr) return;
    if (!value->is_array()) return Fail(key, "a list of texts");
    for (const Json& item : *value) {
      if (!item.is_string()) return Fail(key, "a list of texts");
      to.push_back(item.get<std::string>());
    }
  }
  template <class T, class F>
  void Name(const char* key, T& to, const F& from_name) {
    std::string name;
    Text(key, name);
    if (name.empty()) return;
    if (const auto value = from_name(name)) {
      to = *value;
    } else {
      Fail(key, "one of its names");
    }
  }
  const Status& status() const { return status_; }

 private:
  const Json* Find(const char* key) const {
    const auto it = object_.find(key);
    return it == object_.end() || it->is_null() ? nullptr : &*it;
  }
  void Fail(const char* key, const char* wanted) {
    if (status_.ok()) status_ = Status::InvalidArgument(std::string(key) + " must be " + wanted);
  }

  const Json& object_;
  Status status_;
};

}  // namespace

Result<extractors::Listing> ParseListingJson(std::string_view line) {
  const Json object = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return Status::InvalidArgument("no JSON object");
  extractors::Listing listing;
  Reader reader(object);
  reader.Name("kind", listing.kind, extractors::ListingKindFromName);
  reader.Text("id", listing.id);
  reader.Text("url", listing.url);
  reader.Text("title", listing.title);
  reader.Decimal("price", listing.price);
  reader.Decimal("price_max", listing.price_max);
  reader.Text("currency", listing.currency);
  reader.Number("sold", listing.sold);
  reader.Flag("sold_at_least", listing.sold_at_least);
  reader.Text("seller", listing.seller);
  reader.Text("seller_id", listing.seller_id);
  reader.Text("location", listing.location);
  reader.Text("origin", listing.origin);
  reader.Text("text", listing.text);
  reader.Text("platform", listing.platform);
  reader.Text("state", listing.state);
  reader.Number("viewers", listing.viewers);
  reader.Text("room_operator", listing.room_operator);
  reader.Text("marketing_person", listing.marketing_person);
  reader.Texts("merchants", listing.merchants);
  RETURN_IF_ERROR(reader.status());
  return listing;
}

}  // namespace cluehound::app
