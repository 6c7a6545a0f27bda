#include "store/cluster.h"

#include <algorithm>
#include <set>

#include "base/digest.h"
#include "base/text.h"
#include "rules/folding.h"

namespace cluehound::store {
namespace {

constexpr size_t kMinName = 4;  // characters: two shops called 小店 have nothing in common

constexpr std::pair<ClusterKind, std::pair<std::string_view, std::string_view>> kKinds[] = {
    {ClusterKind::kGroup, {"group", "疑似群体"}},
    {ClusterKind::kSeenAgain, {"seen_again", "再次发现"}},
    {ClusterKind::kMalice, {"malice", "疑似恶意"}},
    {ClusterKind::kRepeat, {"repeat", "重复侵权"}},
    {ClusterKind::kCorrelation, {"correlation", "规则关联"}}};

std::string BunchId(std::string_view basis, std::string_view key) {
  return Hex(
      Bytes(FieldDigest().Add("cluehound cluster 1").Add(basis).Add(key).Finish()).substr(0, 8));
}

size_t Characters(std::string_view text) {
  size_t count = 0;
  for (size_t pos = 0; pos < text.size(); ++count) DecodeUtf8(text, pos);
  return count;
}

void AddNames(const LeadFact& fact, std::vector<Bunch>& bunches) {
  for (const Party& party : fact.parties) {
    const std::string folded = rules::FoldString(party.name);
    if (Characters(folded) < kMinName || party.name == fact.name_space) continue;
    const std::string_view kind =
        Name(party.role == SellerRole::kMerchant ? SellerRole::kShop : party.role);
    const std::string id = BunchId("name " + std::string(kind), folded);
    const bool known =
        std::any_of(bunches.begin(), bunches.end(), [&](const Bunch& b) { return b.id == id; });
    if (!known) bunches.push_back({ClusterBasis::kName, id, party.name, fact.name_space, ""});
  }
}

void Explain(Cluster& cluster, const rules::Correlation* correlation) {
  const BunchState& s = cluster.state;
  const std::string leads = std::to_string(s.members) + " 条线索";
  const std::string distinct = std::to_string(s.distinct);
  switch (s.basis) {
    case ClusterBasis::kTitle:
      cluster.title = "同一标题“" + s.label + "”";
      cluster.why = {"标题（去除空格、符号与变体写法后）相同，涉及 " + distinct + " 个经营者、" +
                     leads};
      cluster.checklist = {"核对是否同一货源、同一代发或互相抄录标题"};
      break;
    case ClusterBasis::kPicture:
      cluster.title = "同一图片 " + s.label;
      cluster.why = {"商品图片地址相同（不计尺寸参数），涉及 " + distinct + " 个经营者、" + leads};
      cluster.checklist = {"核对是否同一货源；图片也可能取自权利人官网"};
      break;
    case ClusterBasis::kLicence:
      cluster.title = "同一统一社会信用代码 " + s.label;
      cluster.why = {"页面文字中的统一社会信用代码相同（校验位相符），涉及 " + distinct +
                     " 个店铺、" + leads};
      cluster.checklist = {"在登记系统核对该代码的主体与各店铺的关系"};
      break;
    case ClusterBasis::kName:
      cluster.title = "同名经营者“" + s.label + "”";
      cluster.why = {"名称相同的经营者出现在 " + distinct + " 个平台或网站，共 " + leads +
                     "；同名不等于同一主体"};
      cluster.checklist = {"核对营业执照信息，确认是否同一主体"};
      break;
    case ClusterBasis::kSeller:
      cluster.title = "经营者“" + s.label + "”";
      if (s.distinct >= kMaliceMarks)
        cluster.why.push_back("同一经营者涉及 " + distinct + " 个受保护标识，共 " + leads);
      if (s.after) cluster.why.push_back("该经营者的线索已有处置后，又出现新的线索");
      for (const RepeatDocument& document : cluster.documents) {
        cluster.why.push_back("人工录入文书 " + document.document + "（" +
                              FormatDay(document.date) + "）");
      }
      cluster.checklist = {"调取既往处罚文书；录入生效文书号和日期之前不得称重复侵权"};
      break;
    case ClusterBasis::kCorrelation:
      cluster.title = correlation != nullptr ? correlation->title : s.correlation;
      cluster.why = {"关联规则 " + s.correlation + "：" + s.label + "，规定时间内 " +
                     std::to_string(s.together) + " 个，共 " + leads};
      if (correlation == nullptr) break;
      cluster.level = correlation->level;
      cluster.checklist = correlation->checklist;
      for (const std::string& blind : correlation->blind_spots)
        cluster.why.push_back("看不出的情形：" + blind);
      break;
  }
}

}  // namespace

std::string_view Name(ClusterKind kind) {
  for (const auto& [k, names] : kKinds) {
    if (k == kind) return names.first;
  }
  return "";
}

std::string_view ChineseName(ClusterKind kind) {
  for (const auto& [k, names] : kKinds) {
    if (k == kind) return names.second;
  }
  return "";
}

std::optional<ClusterKind> ClusterKindFromName(std::string_view name) {
  for (const auto& [kind, names] : kKinds) {
    if (names.first == name) return kind;
  }
  return std::nullopt;
}

rules::LeadEvent EventOf(const LeadFact& fact) {
  return {fact.first_seen, fact.listing,
          fact.name_space, fact.parties.empty() ? "" : fact.parties.front().id,
          fact.mark,       fact.rule,
          fact.category};
}

std::string SellerBunchId(const SellerId& seller) { return BunchId("seller", seller); }

std::vector<Bunch> BunchesOf(const LeadFact& fact,
                             std::span<const rules::Correlation> correlations) {
  std::vector<Bunch> bunches;
  if (!fact.active) return bunches;
  const std::string seller = fact.parties.empty() ? "" : fact.parties.front().id;
  if (!fact.title_key.empty()) {
    bunches.push_back(
        {ClusterBasis::kTitle, BunchId("title", fact.title_key), fact.title, seller, ""});
  }
  for (const PictureKey& picture : fact.pictures) {
    bunches.push_back(
        {ClusterBasis::kPicture, BunchId("picture", picture.key), picture.address, seller, ""});
  }
  if (!fact.code.empty())
    bunches.push_back(
        {ClusterBasis::kLicence, BunchId("licence", fact.code), fact.code, seller, ""});
  AddNames(fact, bunches);
  for (const Party& party : fact.parties) {
    const std::string& shown = party.name.empty() ? party.shop_id : party.name;
    bunches.push_back({ClusterBasis::kSeller, SellerBunchId(party.id), shown, fact.mark, ""});
  }
  const rules::LeadEvent event = EventOf(fact);
  for (const rules::Correlation& correlation : correlations) {
    if (correlation.mode == rules::Mode::kObserve) continue;
    const auto group = rules::GroupOf(correlation, event);
    if (!group) continue;
    std::string label;
    for (const auto by : correlation.group_by) {
      using By = rules::Correlation::By;
      const std::string part =
          by == By::kSeller     ? (fact.parties.front().name.empty() ? fact.parties.front().shop_id
                                                                     : fact.parties.front().name)
          : by == By::kPlatform ? fact.name_space
          : by == By::kMark     ? (fact.mark_name.empty() ? fact.mark : fact.mark_name)
          : by == By::kRule     ? fact.rule
                                : fact.category;
      label += (label.empty() ? "" : "、") + part;
    }
    bunches.push_back({ClusterBasis::kCorrelation, BunchId("correlation " + correlation.id, *group),
                       label, "", correlation.id});
  }
  std::set<std::string> seen;  // two pictures, or two parties, may be one
  std::erase_if(bunches, [&](const Bunch& bunch) { return !seen.insert(bunch.id).second; });
  return bunches;
}

bool Stands(const BunchState& state, bool documents) {
  switch (state.basis) {
    case ClusterBasis::kTitle:
    case ClusterBasis::kPicture:
      return state.distinct >= kGroupSellers;
    case ClusterBasis::kLicence:
    case ClusterBasis::kName:
      return state.distinct >= kAgainPlaces;
    case ClusterBasis::kSeller:
      return documents || state.after || state.distinct >= kMaliceMarks;
    case ClusterBasis::kCorrelation:
      return state.together > 0;
  }
  return false;
}

ClusterKind KindOf(const BunchState& state, bool documents) {
  switch (state.basis) {
    case ClusterBasis::kTitle:
    case ClusterBasis::kPicture:
      return ClusterKind::kGroup;
    case ClusterBasis::kLicence:
    case ClusterBasis::kName:
      return ClusterKind::kSeenAgain;
    case ClusterBasis::kSeller:
      return documents ? ClusterKind::kRepeat : ClusterKind::kMalice;
    case ClusterBasis::kCorrelation:
      break;
  }
  return ClusterKind::kCorrelation;
}

Cluster MakeCluster(const std::string& id, const BunchState& state,
                    std::vector<RepeatDocument> documents,
                    std::span<const rules::Correlation> correlations) {
  Cluster cluster;
  cluster.id = id;
  cluster.kind = KindOf(state, !documents.empty());
  cluster.state = state;
  cluster.documents = std::move(documents);
  cluster.level = cluster.kind == ClusterKind::kRepeat   ? "high"
                  : cluster.kind == ClusterKind::kMalice ? "medium"
                                                         : "low";
  const auto correlation =
      std::find_if(correlations.begin(), correlations.end(),
                   [&](const rules::Correlation& c) { return c.id == state.correlation; });
  Explain(cluster, correlation == correlations.end() ? nullptr : &*correlation);
  return cluster;
}

}  // namespace cluehound::store
