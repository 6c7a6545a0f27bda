#include "triage/behaviour.h"

#include <algorithm>

#include "base/yaml.h"

namespace cluehound::triage {

std::vector<Behaviour> ParseBehaviours(std::string_view text, const std::string& file,
                                       Diagnostics& diagnostics) {
  std::vector<Behaviour> behaviours;
  const auto root = ParseYaml(text, file, diagnostics);
  if (!root) return behaviours;
  YamlMap top(*root, diagnostics, "the file of behaviours");
  top.RequiredText("source");
  if (!top.Day("as_of")) top.Error("as_of", "missing-key", "the file needs the day of its source");
  top.Choice("certainty", "unverified", {"verified", "unverified"});
  top.Each("behaviours", [&](const YamlNode& node) {
    YamlMap map(node, diagnostics, "behaviour");
    Behaviour behaviour;
    behaviour.code = map.RequiredText("code");
    behaviour.name = map.RequiredText("name");
    behaviour.group = map.Text("group");
    behaviour.number = map.Text("number");
    map.Finish();
    const bool known =
        std::any_of(behaviours.begin(), behaviours.end(),
                    [&](const Behaviour& other) { return other.code == behaviour.code; });
    if (known) {
      diagnostics.Error("duplicate-behaviour", node.where,
                        "the code \"" + behaviour.code + "\" stands here a second time");
    } else {
      behaviours.push_back(std::move(behaviour));
    }
  });
  top.Finish();
  return behaviours;
}

}  // namespace cluehound::triage
