#include "app/crawl_plan.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "app/terminal.h"
#include "crawler/discoveries.h"
#include "crawler/robots_policy.h"
#include "crawler/source_gates.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::ordered_json;

// The plan of one source.
class SourcePlan {
 public:
  SourcePlan(store::Store& store, const crawler::SourceSettings& source,
             const store::SourceStanding* standing, Instant now)
      : store_(store), source_(source), gates_({source}), robots_({}, store), now_(now) {
    if (standing == nullptr) return;
    mode_ = standing->mode;
    since_ = standing->since;
    gates_.SetMode(source.id, mode_, since_);
  }

  Result<std::vector<PlanLine>> Make(size_t max) {
    ASSIGN_OR_RETURN(const auto open, Due(now_, max));
    for (const store::Lease& lease : open) RETURN_IF_ERROR(Take(lease));
    // Everything that is due, whatever its host has against it; without what was there before.
    ASSIGN_OR_RETURN(const auto all, Due(Instant::max(), max));
    std::map<std::string, bool> known;
    for (const store::Lease& lease : open) known[lease.address.url] = true;
    for (const store::Lease& lease : all) {
      if (!known.contains(lease.address.url)) Add(lease, "blocked", "", std::nullopt);
    }
    std::vector<PlanLine> lines;
    for (auto& [key, line] : lines_) lines.push_back(std::move(line));
    ASSIGN_OR_RETURN(const auto next, store_.NextDue({source_.id}));
    if (lines.empty() && next) {
      lines.push_back({source_.id, "", "not_due", 0, *next, ""});
    }
    return lines;
  }

 private:
  // Leased and given back: nobody is asked, nothing moves.
  Result<std::vector<store::Lease>> Due(Instant unblocked, size_t max) {
    store::ClaimRequest request;
    request.owner = "plan";
    request.max = max;
    request.max_per_authority = SIZE_MAX;
    request.sources = {source_.id};
    request.due_until = mode_ == store::SourceMode::kDraining ? std::min(now_, since_) : now_;
    request.now = unblocked;
    ASSIGN_OR_RETURN(auto leases, store_.Claim(request));
    store_.Release(leases);
    return leases;
  }

  Status Take(const store::Lease& lease) {
    const crawler::Closed closed = gates_.Why(source_.id, now_);
    if (closed != crawler::Closed::kNo) {
      std::optional<Instant> until;
      if (closed == crawler::Closed::kHours) until = source_.schedule.NextOpening(now_);
      Add(lease, std::string(Name(closed)), "", until);
      return Status::Ok();
    }
    const Result<Url> url = Url::Parse(lease.address.url);
    if (!url.ok()) return Status::Ok();
    ASSIGN_OR_RETURN(const crawler::RobotsVerdict verdict, robots_.Judge(*url, now_));
    using Kind = crawler::RobotsVerdict::Kind;
    if (verdict.kind == Kind::kRefused) {
      Add(lease, "robots_refused", verdict.reason, std::nullopt);
    } else if (verdict.kind == Kind::kUnreachable) {
      Add(lease, "robots_unreachable", verdict.reason, verdict.until);
    } else if (++fetched_ > source_.max_pages) {
      Add(lease, "budget", "max_pages " + std::to_string(source_.max_pages), std::nullopt);
    } else {
      Add(lease, "due", verdict.kind == Kind::kUnknown ? "robots.txt first" : "", std::nullopt);
    }
    return Status::Ok();
  }

  void Add(const store::Lease& lease, const std::string& reason, const std::string& detail,
           std::optional<Instant> until) {
    PlanLine& line = lines_[{lease.address.authority, reason}];
    line.source = source_.id;
    line.host = lease.address.authority;
    line.reason = reason;
    line.detail = detail;
    line.until = until;
    ++line.pages;
  }

  store::Store& store_;
  const crawler::SourceSettings& source_;
  crawler::SourceGates gates_;
  crawler::RobotsPolicy robots_;
  const Instant now_;
  store::SourceMode mode_ = store::SourceMode::kRunning;
  Instant since_{};
  uint64_t fetched_ = 0;
  std::map<std::pair<std::string, std::string>, PlanLine> lines_;
};

std::string ChineseReason(const std::string& reason) {
  static const std::map<std::string, std::string> kNames = {
      {"due", "到期，将采集"},
      {"blocked", "主机暂停访问"},
      {"outside_hours", "不在采集时段"},
      {"paused", "已暂停"},
      {"budget", "超出页数预算"},
      {"robots_refused", "robots.txt 拒绝"},
      {"robots_unreachable", "robots.txt 无法读取"},
      {"not_due", "未到期"}};
  const auto name = kNames.find(reason);
  return name == kNames.end() ? reason : name->second;
}

}  // namespace

Result<std::vector<PlanLine>> PlanCrawl(store::Store& store,
                                        const std::vector<crawler::SourceSettings>& sources,
                                        const Clock& clock, size_t max) {
  ASSIGN_OR_RETURN(const auto standings, store.sources().Standings());
  for (const crawler::SourceSettings& source : sources) {
    RETURN_IF_ERROR(store.AddSeeds(crawler::SeedsOf(source)));
  }
  const Instant now = clock.Now();  // by which new seeds are due
  std::vector<PlanLine> plan;
  for (const crawler::SourceSettings& source : sources) {
    const auto standing =
        std::find_if(standings.begin(), standings.end(),
                     [&](const store::SourceStanding& s) { return s.source == source.id; });
    SourcePlan one(store, source, standing == standings.end() ? nullptr : &*standing, now);
    ASSIGN_OR_RETURN(auto lines, one.Make(max));
    std::move(lines.begin(), lines.end(), std::back_inserter(plan));
  }
  return plan;
}

std::string PlanJson(const PlanLine& line) {
  Json object;
  object["source"] = line.source;
  if (!line.host.empty()) object["host"] = line.host;
  object["reason"] = line.reason;
  object["pages"] = line.pages;
  if (line.until) object["until"] = FormatTime(*line.until);
  if (!line.detail.empty()) object["detail"] = line.detail;
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string RenderPlan(const std::vector<std::string>& lines, int columns) {
  std::string out = Cell("采集源", 20) + Cell("主机", 32) + Cell("页数", 9) + "情况\n";
  uint64_t due = 0;
  for (const std::string& text : lines) {
    const Json line = Json::parse(text, nullptr, false);
    const std::string reason = line.value("reason", "");
    if (reason == "due") due += line.value("pages", uint64_t{0});
    std::string why = ChineseReason(reason);
    if (line.contains("until")) why += "，至 " + line.value("until", "");
    if (line.contains("detail")) why += "（" + line.value("detail", "") + "）";
    out += Cell(line.value("source", ""), 20) + Cell(line.value("host", ""), 32) +
           Cell(std::to_string(line.value("pages", uint64_t{0})), 9) +
           Cut(Printable(why), std::max(columns - 61, 20)) + "\n";
  }
  return out + "将采集 " + std::to_string(due) + " 页；未发出任何请求\n";
}

void AnswerPlans(HeldStore& held,
                 std::function<std::vector<crawler::SourceSettings>()> configured) {
  held.AddAnswer([&store = held.store(), configured = std::move(configured)](
                     const triage::Request& request) -> std::optional<triage::Response> {
    if (request.operation != "crawl.plan") return std::nullopt;
    std::string wanted = "\n" + request.Get("sources") + "\n";
    std::replace(wanted.begin(), wanted.end(), ',', '\n');
    std::vector<crawler::SourceSettings> sources = configured();
    if (wanted.size() > 2) {
      std::erase_if(sources, [&](const crawler::SourceSettings& source) {
        return wanted.find("\n" + source.id + "\n") == std::string::npos;
      });
    }
    const auto plan = PlanCrawl(store, sources, SystemClock());
    if (!plan.ok()) return triage::Failed(plan.status());
    triage::Response response;
    for (const PlanLine& line : *plan) response.lines.push_back(PlanJson(line));
    return response;
  });
}

}  // namespace cluehound::app
