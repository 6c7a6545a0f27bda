#include "triage/reasons.h"

#include <algorithm>

namespace cluehound::triage {
namespace {

using S = store::LeadStatus;

struct TargetKind {
  std::string_view kind;
  std::string_view chinese;
};
constexpr TargetKind kTargets[] = {{"police", "公安机关"},
                                   {"county", "县市区局"},
                                   {"department", "其他部门"},
                                   {"higher", "上级机关"}};

const TargetKind* FindTarget(std::string_view target) {
  const std::string_view kind = target.substr(0, target.find(':'));
  const auto found = std::find_if(std::begin(kTargets), std::end(kTargets),
                                  [&](const TargetKind& t) { return t.kind == kind; });
  return found == std::end(kTargets) ? nullptr : found;
}

std::string_view TargetName(std::string_view target) {
  const size_t colon = target.find(':');
  return colon == std::string_view::npos ? "" : target.substr(colon + 1);
}

}  // namespace

const std::vector<Reason>& Reasons() {
  static const std::vector<Reason> reasons = {
      {"suspected", "疑似成立", {S::kChecking, S::kFiled, S::kReferred, S::kPlatform}},
      {"reopened", "重新核查", {S::kChecking}},
      // Why it is ruled out (查否); most end a lead otherwise, too.
      {"authorised", "正品/授权", {S::kRuledOut}},
      {"fair_use", "正当使用", {S::kRuledOut}},
      {"place_name", "地名使用", {S::kRuledOut}},
      {"not_trademark_use", "非商标性使用", {S::kRuledOut}},
      {"expired", "超过保护期", {S::kRuledOut}},
      {"rule_error", "规则误报", {S::kRuledOut}, true},
      {"extract_error", "提取错误", {S::kRuledOut}, true},
      {"no_jurisdiction", "无管辖权", {S::kRuledOut, S::kReferred}},
      {"insufficient", "证据不足", {S::kRuledOut, S::kDeferred, S::kClosed}},
      {"removed", "已下架", {S::kRuledOut, S::kPlatform, S::kClosed}},
      {"other_office", "由其他单位处理", {S::kReferred, S::kClosed}},
      {"organised_crime", "涉黑涉恶", {S::kReferred}},
      {"industry_disorder", "行业乱象", {S::kReferred}},
      {"criminal", "涉嫌犯罪", {S::kReferred}},
      {"handled", "已处理", {S::kPlatform, S::kClosed}},
      {"not_filed", "不予立案", {S::kClosed}},
      {"waiting", "等待", {S::kDeferred}},
      {"repeated", "重复线索", {S::kDuplicate}},
  };
  return reasons;
}

const Reason* FindReason(std::string_view code) {
  const auto found = std::find_if(Reasons().begin(), Reasons().end(),
                                  [&](const Reason& reason) { return reason.code == code; });
  return found == Reasons().end() ? nullptr : &*found;
}

Status CheckReason(std::string_view code, store::LeadStatus status) {
  const auto goes = [status](const Reason& reason) {
    return std::find(reason.statuses.begin(), reason.statuses.end(), status) !=
           reason.statuses.end();
  };
  const Reason* reason = FindReason(code);
  if (reason != nullptr && goes(*reason)) return Status::Ok();
  std::string names;
  for (const Reason& each : Reasons()) {
    if (!goes(each)) continue;
    names += (names.empty() ? "" : ", ") + std::string(each.code) + " " + std::string(each.chinese);
  }
  return Status::InvalidArgument("reason \"" + std::string(code) + "\" is none of those for " +
                                 std::string(store::Name(status)) + ": " + names);
}

Status CheckTarget(std::string_view target) {
  const TargetKind* kind = FindTarget(target);
  if (kind == nullptr || (kind->kind == "county" && TargetName(target).empty())) {
    return Status::InvalidArgument(
        "\"" + std::string(target) +
        "\" is no one to refer to: write police, county:NAME, department:NAME or higher:NAME");
  }
  return Status::Ok();
}

std::string TargetChinese(std::string_view target) {
  const TargetKind* kind = FindTarget(target);
  if (kind == nullptr) return std::string(target);
  const std::string_view name = TargetName(target);
  return std::string(kind->chinese) + (name.empty() ? "" : " " + std::string(name));
}

}  // namespace cluehound::triage
