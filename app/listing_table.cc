#include "app/listing_table.h"

#include "app/import_mapping.h"
#include "base/table_writer.h"
#include "base/text.h"
#include "base/url.h"
#include "extractors/amount.h"
#include "store/papers.h"

namespace cluehound::app {
namespace {

using extractors::Listing;
using Column = ImportMapping::Column;

constexpr size_t kMaxRows = 5'000;          // with the heads
constexpr size_t kMaxUnpacked = 64u << 20;  // bytes
constexpr size_t kMaxShort = 500;           // bytes of a name, a place, a number
constexpr size_t kMaxQuoted = 60;           // bytes of a bad cell that are said again

SpreadsheetLimits Limits() {
  SpreadsheetLimits limits;
  limits.max_bytes = store::PaperLedger::kMaxAttachment;
  limits.max_rows = kMaxRows;
  limits.max_unpacked = kMaxUnpacked;
  return limits;
}

// The first name of each column is that of the template.
const ImportMapping& Mapping() {
  static const ImportMapping mapping = [] {
    ImportMapping made;
    made.columns = {
        {"title", {"标题", "商品标题", "商品名称", "名称", "title", "name"}, {}, "", true},
        {"url", {"网址", "链接", "商品链接", "商品网址", "url", "link", "address"}},
        {"price", {"价格", "售价", "单价", "price"}},
        {"seller", {"店铺", "店铺名称", "经营者", "卖家", "seller", "shop"}},
        {"seller_id", {"店铺编号", "卖家编号", "seller_id"}},
        // As the profiles name them, so that a row and a crawled page meet.
        {"platform",
         {"平台", "platform"},
         {{"淘宝", "taobao"},
          {"天猫", "taobao"},
          {"京东", "jd"},
          {"阿里巴巴", "1688"},
          {"亚马逊", "amazon-cn"}}},
        {"id", {"商品编号", "商品ID", "id", "sku", "item_id"}},
        {"sold", {"销量", "已售", "sold", "sales"}},
        {"location", {"发货地", "所在地", "location"}},
        {"origin", {"产地", "origin"}},
        {"text", {"说明", "描述", "详情", "商品描述", "text", "description"}},
        {"kind",
         {"类型", "kind"},
         {{"商品", "goods"},
          {"直播", "live"},
          {"直播间", "live"},
          {"店铺", "shop"},
          {"代理", "agency"}}}};
    return made;
  }();
  return mapping;
}

// One row on its way to a listing; what is wrong with it is noted.
class RowReader {
 public:
  RowReader(const ImportTable& table, const ImportRow& row) : table_(table), row_(row) {}

  Listing Read() {
    listing_.found_by = extractors::FoundBy::kPerson;
    ReadTitleAndText();
    ReadAddress();
    ReadNumbers();
    ReadKind();
    listing_.seller = Short("seller");
    listing_.seller_id = Short("seller_id");
    listing_.location = Short("location");
    listing_.origin = Short("origin");
    return std::move(listing_);
  }
  const std::vector<triage::ListingIntake::Problem>& problems() const { return problems_; }

 private:
  std::string In(const std::string& field) const {
    const auto found = row_.fields.find(field);
    return found == row_.fields.end() ? "" : found->second;
  }
  void Wrong(const std::string& field, std::string message, std::string remedy) {
    const auto place = table_.places.find(field);
    problems_.push_back({row_.row, place == table_.places.end() ? "" : place->second,
                         std::move(message), std::move(remedy)});
  }
  static std::string Quoted(const std::string& cell) {
    const std::string shown(TruncateUtf8(cell, kMaxQuoted));
    return "“" + shown + (shown.size() < cell.size() ? "…" : "") + "”";
  }
  std::string Bounded(const std::string& field, size_t most) {
    std::string text = In(field);
    if (text.size() <= most) return text;
    Wrong(field, "文字过长，超过 " + std::to_string(most) + " 字节", "删去与条目无关的文字");
    return "";
  }
  std::string Short(const std::string& field) { return Bounded(field, kMaxShort); }

  void ReadTitleAndText() {
    if (In("title").empty()) Wrong("title", "缺少标题", "照网页填写商品标题");
    listing_.title = Bounded("title", Listing::kMaxTitle);
    listing_.text = Bounded("text", Listing::kMaxText);
  }
  void ReadAddress() {
    listing_.platform = Short("platform");
    listing_.id = Short("id");
    const std::string text = In("url");
    if (text.empty()) {
      if (listing_.platform.empty() || listing_.id.empty())
        Wrong("url", "缺少网址", "填写商品网址，或同时填写平台和商品编号");
      return;
    }
    const auto url = Url::Parse(text);
    if (url.ok() && (url->scheme() == "http" || url->scheme() == "https")) {
      listing_.url = url->Canonical().href();
    } else {
      Wrong("url", Quoted(text) + "不是网址", "从浏览器地址栏复制，以 http:// 或 https:// 开头");
    }
  }
  void ReadNumbers() {
    if (const std::string text = In("price"); !text.empty()) {
      const extractors::Price price = extractors::ParsePlainPrice(text);
      if (price.low.empty())
        Wrong("price", Quoted(text) + "不是价格", "填写数字，如 59.00；区间写 59-80");
      listing_.price = price.low;
      listing_.price_max = price.high;
      listing_.currency = price.currency.empty() && !price.low.empty() ? "CNY" : price.currency;
    }
    if (const std::string text = In("sold"); !text.empty()) {
      const auto count = extractors::ParseCount(text);
      if (!count) return Wrong("sold", Quoted(text) + "不是数量", "填写数字，如 536 或 1万+");
      listing_.sold = count->value;
      listing_.sold_at_least = count->at_least;
    }
  }
  void ReadKind() {
    const std::string text = In("kind");
    if (text.empty()) return;
    const auto kind = extractors::ListingKindFromName(text);
    if (!kind) return Wrong("kind", Quoted(text) + "不是条目类型", "填写商品、直播、店铺或代理");
    listing_.kind = *kind;
  }

  const ImportTable& table_;
  const ImportRow& row_;
  Listing listing_;
  std::vector<triage::ListingIntake::Problem> problems_;
};

}  // namespace

Result<ListingTable> ReadListingTable(std::string_view bytes) {
  ASSIGN_OR_RETURN(const ImportTable import, ReadImport(bytes, Mapping(), Limits()));
  ListingTable table;
  table.rows = import.rows.size();
  table.unused = import.unused;
  for (const ImportRow& row : import.rows) {
    RowReader reader(import, row);
    Listing listing = reader.Read();
    if (reader.problems().empty()) {
      table.listings.push_back(std::move(listing));
      continue;
    }
    ++table.bad;
    for (const auto& problem : reader.problems()) {
      if (table.problems.size() < triage::ListingIntake::kMaxProblems)
        table.problems.push_back(problem);
    }
  }
  return table;
}

Result<std::string> ListingTemplate() {
  TextTable table;
  table.name = "条目";
  for (const Column& column : Mapping().columns) table.header.push_back(column.names.front());
  return WriteXlsx(table);
}

}  // namespace cluehound::app
