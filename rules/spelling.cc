#include "rules/spelling.h"

#include <opencc/opencc.h>

#include <exception>
#include <memory>

namespace cluehound::rules {
namespace {

// Null when the dictionaries cannot be read.
const opencc::SimpleConverter* ToTraditional() {
  static const std::unique_ptr<const opencc::SimpleConverter> converter = [] {
    try {
      return std::make_unique<const opencc::SimpleConverter>("s2t.json");
    } catch (const std::exception&) {
      return std::unique_ptr<const opencc::SimpleConverter>();
    }
  }();
  return converter.get();
}

}  // namespace

std::vector<std::string> ProposeAliases(std::string_view name) {
  const opencc::SimpleConverter* converter = ToTraditional();
  if (converter == nullptr) return {};
  try {
    std::string traditional = converter->Convert(std::string(name));
    if (traditional.empty() || traditional == name) return {};
    return {std::move(traditional)};
  } catch (const std::exception&) {  // on text that is not UTF-8
    return {};
  }
}

}  // namespace cluehound::rules
