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

}  // namespace

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
