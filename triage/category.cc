#include "triage/category.h"

namespace cluehound::triage {

const std::vector<std::pair<std::string_view, std::string_view>>& Categories() {
  static const std::vector<std::pair<std::string_view, std::string_view>> categories = {
      {"trademark", "商标"},
      {"trademark_use", "商标一般违法"},
      {"well_known_claim", "驰名商标宣传"},
      {"trademark_printing", "商标印制"},
      {"gi", "地理标志"},
      {"special_mark", "特殊标志"},
      {"olympic", "奥林匹克标志"},
      {"official_sign", "官方标志"},
      {"patent_marking", "专利标识"},
      {"agency", "代理"},
      {"overseas", "涉外"}};
  return categories;
}

std::string CategoryChinese(std::string_view code) {
  if (code == "unknown") return "未分类";  // of a clue of which nobody said it
  for (const auto& [name, chinese] : Categories()) {
    if (name == code) return std::string(chinese);
  }
  return std::string(code);
}

}  // namespace cluehound::triage
