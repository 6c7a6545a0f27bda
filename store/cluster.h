#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "rules/correlation.h"
#include "store/lead_fact.h"
#include "store/records.h"

// 关联线索: leads that may belong together. The machine only ever says that they may, and why; 重复侵权
// is said when a person has entered the document. Every lead that is neither ruled out nor a duplicate
// nor silenced stands in some bunches, one for each thing that it may have in common with others; a
// bunch in which enough came together is a cluster. Whether one stands depends on its leads alone and
// not on the order in which they came.
namespace cluehound::store {

// What the leads of a bunch have in common. Stored: never reuse a number.
enum class ClusterBasis : uint8_t {
  kTitle = 1,        // the same title, but for spacing and spelling
  kPicture = 2,      // the same picture
  kLicence = 3,      // the same 统一社会信用代码
  kName = 4,         // the same name on another platform
  kSeller = 5,       // one seller
  kCorrelation = 6,  // what a correlation of the rules groups by
};

enum class ClusterKind : uint8_t {
  kGroup,        // 疑似群体
  kSeenAgain,    // 再次发现
  kMalice,       // 疑似恶意
  kRepeat,       // 重复侵权
  kCorrelation,  // 规则关联
};
std::string_view Name(ClusterKind kind);         // "group", "seen_again", ...
std::string_view ChineseName(ClusterKind kind);  // "疑似群体"
std::optional<ClusterKind> ClusterKindFromName(std::string_view name);

// From how many on a bunch is a cluster.
inline constexpr uint64_t kGroupSellers = 3;  // different sellers with one title or picture
inline constexpr uint64_t kAgainPlaces =
    2;  // different shops of one licence, or places of one name
inline constexpr uint64_t kMaliceMarks = 5;  // different marks of one seller
inline constexpr size_t kMaxCorrelated =
    500;  // leads of a group, the newest, that a correlation sees

struct Bunch {
  ClusterBasis basis = ClusterBasis::kTitle;
  std::string id;       // 16 hex digits
  std::string label;    // for people: the title, the name ...
  std::string counted;  // of what there must be different ones; empty: the lead does not tell
  std::string correlation;
};
// Those that the lead stands in, each once; none when it is not active.
std::vector<Bunch> BunchesOf(const LeadFact& fact,
                             std::span<const rules::Correlation> correlations);
// The bunch of all leads of a seller.
std::string SellerBunchId(const SellerId& seller);

// What the correlation looks at.
rules::LeadEvent EventOf(const LeadFact& fact);

// What is known of a bunch. The label is that of its strongest lead and is not stored.
struct BunchState {
  ClusterBasis basis = ClusterBasis::kTitle;
  std::string label;
  std::string correlation;  // id
  uint64_t members = 0;     // leads
  uint64_t distinct = 0;    // of what is counted
  uint64_t together = 0;    // kCorrelation: how many its fullest window holds, if that is enough
  bool after = false;       // kSeller: a lead came after another one was taken up
  uint64_t indexed = 0;     // the store's own: under how many members it is listed; 0: nowhere

  friend bool operator==(const BunchState&, const BunchState&) = default;
};
bool Stands(const BunchState& state, bool documents);
ClusterKind KindOf(const BunchState& state, bool documents);

// 文书: what makes 再次发现 a 重复侵权. Entered by a person.
struct RepeatDocument {
  std::string document;  // its number
  Instant date{};        // of the penalty or judgment
  std::string note;
  Actor by;
  Instant at{};
  friend bool operator==(const RepeatDocument&, const RepeatDocument&) = default;
};

// A person took a cluster apart, or one lead out of it. The machine does not make it again.
struct ClusterUndo {
  Actor by;
  Instant at{};
  std::string reason;
  friend bool operator==(const ClusterUndo&, const ClusterUndo&) = default;
};

struct Cluster {
  std::string id;
  ClusterKind kind = ClusterKind::kGroup;
  BunchState state;
  std::string title;  // for people
  std::string level;  // "low", "medium", "high"
  std::vector<std::string> why;
  std::vector<std::string> checklist;
  std::vector<LeadId> leads;  // strongest first, at most kMaxClusterLeads
  std::vector<RepeatDocument> documents;
  std::optional<ClusterUndo> undone;

  friend bool operator==(const Cluster&, const Cluster&) = default;
};
inline constexpr size_t kMaxClusterLeads = 100;

// All but leads and undone.
Cluster MakeCluster(const std::string& id, const BunchState& state,
                    std::vector<RepeatDocument> documents,
                    std::span<const rules::Correlation> correlations);

struct ClusterPage {
  std::vector<Cluster> clusters;  // most leads first; without their leads
  std::string next;
};

}  // namespace cluehound::store
