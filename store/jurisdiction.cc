#include "store/jurisdiction.h"

namespace cluehound::store {

std::string_view Name(Jurisdiction::Place place) {
  constexpr std::string_view kNames[] = {"unknown", "here", "elsewhere"};
  return kNames[static_cast<size_t>(place)];
}
std::string_view ChineseName(Jurisdiction::Place place) {
  constexpr std::string_view kNames[] = {"不明", "本辖区", "市外"};
  return kNames[static_cast<size_t>(place)];
}
std::string_view Name(Jurisdiction::Basis basis) {
  constexpr std::string_view kNames[] = {"none",    "officer", "business",
                                         "licence", "name",    "shipping"};
  return kNames[static_cast<size_t>(basis)];
}
std::string_view ChineseName(Jurisdiction::Basis basis) {
  constexpr std::string_view kNames[] = {
      "", "人工认定", "实际经营地", "证照住所", "名称中的地名（线索）", "发货地（线索）"};
  return kNames[static_cast<size_t>(basis)];
}

}  // namespace cluehound::store
