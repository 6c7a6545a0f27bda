#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "store/records.h"

// The coded reasons of decisions: what statistics, precision and the law's grounds are counted by.
namespace cluehound::triage {

struct Reason {
  std::string_view code;  // stable, "fair_use"
  std::string_view chinese;
  std::vector<store::LeadStatus> statuses;  // with which it goes
  // The software was wrong: only these lower the precision of a rule.
  bool software_wrong = false;
};

const std::vector<Reason>& Reasons();
// Null when there is none.
const Reason* FindReason(std::string_view code);
// Ok, or kInvalidArgument naming the reasons that go with the status.
Status CheckReason(std::string_view code, store::LeadStatus status);

// To whom a lead is referred: police 公安机关, county:NAME 县市区局, department:NAME 其他部门,
// higher:NAME 上级机关; names may be left out but for a county. Ok, or kInvalidArgument.
Status CheckTarget(std::string_view target);
// "公安机关", "县市区局 寿光市"
std::string TargetChinese(std::string_view target);

}  // namespace cluehound::triage
