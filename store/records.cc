#include "store/records.h"

namespace cluehound::store {
namespace {

struct StatusNames {
  LeadStatus status;
  std::string_view name;
  std::string_view chinese;
};

constexpr StatusNames kStatuses[] = {
    {LeadStatus::kNew, "new", "待研判"},
    {LeadStatus::kChecking, "checking", "核查中"},
    {LeadStatus::kFiled, "filed", "已立案"},
    {LeadStatus::kReferred, "referred", "已移送"},
    {LeadStatus::kPlatform, "platform", "平台处置"},
    {LeadStatus::kRuledOut, "ruled_out", "已排除"},
    {LeadStatus::kDeferred, "deferred", "暂缓"},
    {LeadStatus::kDuplicate, "duplicate", "重复"},
    {LeadStatus::kClosed, "closed", "办结"},
};

struct EntryNames {
  EntryKind kind;
  std::string_view name;
  std::string_view chinese;
};

constexpr EntryNames kEntries[] = {
    {EntryKind::kDecided, "decided", "处置"},
    {EntryKind::kUndone, "undone", "撤销处置"},
    {EntryKind::kExtended, "extended", "延长期限"},
    {EntryKind::kCameBack, "came_back", "暂缓到期"},
    {EntryKind::kSilenced, "silenced", "屏蔽"},
    {EntryKind::kLetGo, "let_go", "解除屏蔽"},
    {EntryKind::kAssigned, "assigned", "分派"},
    {EntryKind::kSigned, "signed", "签收"},
    {EntryKind::kFedBack, "fed_back", "反馈"},
    {EntryKind::kSentBack, "sent_back", "退回"},
    {EntryKind::kUrged, "urged", "催办"},
    {EntryKind::kSupervised, "supervised", "督办"},
    {EntryKind::kPlaced, "placed", "认定辖区"},
    {EntryKind::kReported, "reported", "线索登记"},
    {EntryKind::kHandedOver, "handed_over", "上报"},
    {EntryKind::kSeenAgain, "seen_again", "再次发现"},
    {EntryKind::kChangedAfter, "changed_after", "处置后变化"},
    {EntryKind::kGone, "gone", "已下架"},
    {EntryKind::kOnSale, "on_sale", "仍在售"},
    {EntryKind::kRuleChanged, "rule_changed", "规则已变"},
    {EntryKind::kReworded, "reworded", "内容变化"},
    {EntryKind::kCampaign, "campaign", "专项行动"},
    {EntryKind::kTookIn, "took_in", "并入"},
    {EntryKind::kGaveBack, "gave_back", "拆出"},
    {EntryKind::kTagged, "tagged", "标签"},
};

constexpr std::string_view kDispatchNames[] = {"", "assigned", "signed", "fed_back", "sent_back"};
constexpr std::string_view kDispatchChinese[] = {"", "已分派", "已签收", "已反馈", "已退回"};

const EntryNames* Find(EntryKind kind) {
  for (const EntryNames& entry : kEntries) {
    if (entry.kind == kind) return &entry;
  }
  return nullptr;
}

}  // namespace

std::string_view Name(Dispatch::State state) { return kDispatchNames[static_cast<size_t>(state)]; }
std::string_view ChineseName(Dispatch::State state) {
  return kDispatchChinese[static_cast<size_t>(state)];
}
std::optional<Dispatch::State> DispatchStateFromName(std::string_view name) {
  for (size_t i = 1; i < std::size(kDispatchNames); ++i) {
    if (kDispatchNames[i] == name) return static_cast<Dispatch::State>(i);
  }
  return std::nullopt;
}

std::string_view Name(EntryKind kind) {
  const EntryNames* entry = Find(kind);
  return entry != nullptr ? entry->name : "unknown";
}
std::string_view ChineseName(EntryKind kind) {
  const EntryNames* entry = Find(kind);
  return entry != nullptr ? entry->chinese : "其他";
}
std::optional<EntryKind> EntryKindFromName(std::string_view name) {
  for (const EntryNames& entry : kEntries) {
    if (entry.name == name) return entry.kind;
  }
  return std::nullopt;
}

std::string OfficerOf(const Lead& lead) {
  return lead.decided_by.claimed_name.empty() ? lead.decided_by.user : lead.decided_by.claimed_name;
}

bool IsDue(const Lead& lead, Instant due_before) {
  return lead.status == LeadStatus::kChecking && lead.clock && lead.clock->due < due_before;
}

std::string_view Name(LeadStatus status) { return kStatuses[static_cast<size_t>(status) - 1].name; }
std::string_view ChineseName(LeadStatus status) {
  return kStatuses[static_cast<size_t>(status) - 1].chinese;
}

std::optional<LeadStatus> LeadStatusFromName(std::string_view name) {
  for (const StatusNames& entry : kStatuses) {
    if (entry.name == name) return entry.status;
  }
  return std::nullopt;
}

}  // namespace cluehound::store
