#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "rules/lint.h"
#include "rules/rule_set.h"

// The input is a rule file. Properties: it compiles to a set or to at least one error, never to
// both; what compiles can be linted without new errors; and what it makes of a listing slices the
// listing.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace cluehound;
  using namespace cluehound::rules;
  // Larger files only repeat what smaller ones can say, more slowly.
  if (size > 20000) return 0;
  const std::string text(reinterpret_cast<const char*>(data), size);

  Diagnostics diagnostics;
  const auto set = RuleSet::Compile({{"fuzz.yaml", text}}, diagnostics);
  if (set.ok() != diagnostics.ok()) std::abort();
  if (diagnostics.Render().empty() && !set.ok()) std::abort();
  if (!set.ok()) return 0;

  Diagnostics lint;
  LintRules({{"fuzz.yaml", text}}, SystemClock().Now(), lint);
  if (!lint.ok()) std::abort();

  extractors::Listing listing;
  listing.title =
      "耐克 高仿 ＮＩＫＥ 1:1 潍县萝卜 产地河南 专利号ZL202010123456.7 " + text.substr(0, 500);
  listing.seller = "耐克官方旗舰店";
  listing.price = "19.90";
  const Evaluation evaluation = (*set)->Evaluate(listing, {SystemClock().Now(), false});
  for (const Hit& hit : evaluation.hits) {
    const std::string& field = hit.field == "title" ? listing.title : listing.seller;
    if (hit.field != "title" && hit.field != "seller") continue;
    if (hit.end > field.size() || field.substr(hit.begin, hit.end - hit.begin) != hit.text)
      std::abort();
  }
  return 0;
}
