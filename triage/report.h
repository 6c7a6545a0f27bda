#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "store/store.h"

// The data of reports, for whoever lays them out. Every report says in its header what it counts.
namespace cluehound::triage {

enum class ReportKind {
  kDaily,       // 今日线索: leads first seen in the span
  kMeasures,    // 落实措施 (by 10 April)
  kHalfYear,    // 上半年 (by 10 June)
  kYear,        // 全年 (by 10 November)
  kCampaign,    // 专项行动
  kLedger,      // 线索台账
  kCandidates,  // 典型案例备选, masked
  kStatistics,  // 案件统计表: cases alone
  kCoverage,    // 地理标志专用标志使用覆盖率
};

// kInvalidArgument names the kinds that there are.
Result<ReportKind> ReportKindFromName(std::string_view name);

// Whether it is a list of leads, not of figures.
bool IsList(ReportKind kind);

// Days of the office, both included.
struct ReportSpan {
  std::string from;
  std::string to;
};

// The first line of a report, which says what it counts. What follows it for statistics and coverage
// is triage/paper_operations.h's.
std::string ReportHeader(ReportKind kind, const ReportSpan& span);

// Of all kinds but those two: {"report","title","from","to","counts","columns":[{"key","title"}..]}, then one object a row. A list
// of leads has at most 20,000 rows, and says so in its header ("cut": true) when there are more.
Result<std::vector<std::string>> MakeReport(store::Store& store, ReportKind kind,
                                            const ReportSpan& span, const store::Scope& scope);

// RFC 4180 with byte order mark, lines closed by CRLF; a cell that a spreadsheet would take for a
// formula begins with an apostrophe. `lines`: of MakeReport().
std::string ReportCsv(const std::vector<std::string>& lines);

}  // namespace cluehound::triage
