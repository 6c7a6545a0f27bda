#include "triage/rule_bench.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/log.h"
#include "rules/diff.h"
#include "triage/reasons.h"

namespace cluehound::triage {
namespace {

using rules::RuleFile;
using rules::SetDiff;
using Json = nlohmann::ordered_json;
using Job = RuleBench::Job;

constexpr size_t kMaxCompiled = 3;
constexpr size_t kMaxJobs = 20;  // remembered
constexpr size_t kMaxWaiting = 8;
constexpr size_t kMaxShown = 200;  // entries of a result
constexpr size_t kSlice = 500;

std::string Dump(const Json& object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

const char* Word(SetDiff::Change change) {
  return change == SetDiff::Change::kGained ? "gained"
         : change == SetDiff::Change::kLost ? "lost"
                                            : "changed";
}

Json Counts(const std::array<size_t, SetDiff::kChanges>& counts) {
  return {{"gained", counts[0]}, {"lost", counts[1]}, {"changed", counts[2]}};
}

Json DiffObject(const SetDiff& diff) {
  Json object{{"listings", diff.listings()},
              {"leads_before", diff.leads_before()},
              {"leads_after", diff.leads_after()},
              {"leads", Counts(diff.counts().leads)},
              {"hits", Counts(diff.counts().hits)}};
  Json rules = Json::array();
  for (const auto& [rule, counts] : diff.by_rule()) {
    Json one = Counts(counts);
    one["rule"] = rule;
    rules.push_back(std::move(one));
  }
  object["rules"] = std::move(rules);
  Json entries = Json::array();
  // What it is about first: leads, then hits.
  for (const bool leads : {true, false}) {
    for (const SetDiff::Entry& entry : diff.entries()) {
      if (entry.lead != leads || entries.size() == kMaxShown) continue;
      entries.push_back({{"change", Word(entry.change)},
                         {"what", leads ? "lead" : "hit"},
                         {"name", entry.name},
                         {"title", entry.title},
                         {"before", entry.before},
                         {"after", entry.after}});
    }
  }
  object["entries"] = std::move(entries);
  return object;
}

bool MakesLead(const rules::Evaluation& evaluation, const std::string& family) {
  return std::any_of(evaluation.suspicions.begin(), evaluation.suspicions.end(),
                     [&](const rules::Suspicion& s) {
                       return s.family == family && s.mode != rules::Mode::kObserve;
                     });
}

}  // namespace

std::string_view Name(Job::Kind kind) { return kind == Job::Kind::kDiff ? "diff" : "backtest"; }

std::string_view Name(Job::State state) {
  switch (state) {
    case Job::State::kWaiting:
      return "waiting";
    case Job::State::kRunning:
      return "running";
    case Job::State::kDone:
      return "done";
    case Job::State::kFailed:
      return "failed";
    case Job::State::kCancelled:
      break;
  }
  return "cancelled";
}

struct RuleBench::Task {
  Job job;
  std::vector<RuleFile> draft;
  bool cancel = false;
};

RuleBench::RuleBench(store::Store& store, const Clock& clock, Files files)
    : store_(store), clock_(clock), files_(std::move(files)), thread_([this] { Work(); }) {}

RuleBench::~RuleBench() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

Result<std::vector<RuleFile>> RuleBench::InForce() {
  ASSIGN_OR_RETURN(const auto publications, store_.RuleSetPublications(1));
  if (publications.empty()) return files_();
  ASSIGN_OR_RETURN(const std::string set, store_.FindRuleSet(publications.front().hash));
  return rules::ParseRuleFiles(set);
}

Result<std::vector<RuleFile>> RuleBench::Compose(const std::string& set,
                                                 const std::vector<RuleFile>& changed) {
  std::vector<RuleFile> files;
  if (set.empty()) {
    ASSIGN_OR_RETURN(files, InForce());
  } else {
    ASSIGN_OR_RETURN(const std::string hash, store_.RuleSetHash(set));
    ASSIGN_OR_RETURN(const std::string bytes, store_.FindRuleSet(hash));
    ASSIGN_OR_RETURN(files, rules::ParseRuleFiles(bytes));
  }
  for (const RuleFile& change : changed) {
    const auto same = std::find_if(files.begin(), files.end(),
                                   [&](const RuleFile& f) { return f.name == change.name; });
    if (same == files.end()) {
      if (!change.text.empty()) files.push_back(change);
    } else if (change.text.empty()) {
      files.erase(same);
    } else {
      same->text = change.text;
    }
  }
  return files;
}

Result<std::shared_ptr<const rules::RuleSet>> RuleBench::Compile(
    const std::vector<RuleFile>& files) {
  const std::string bytes = rules::SerialiseRuleFiles(files);
  {
    const std::lock_guard lock(mutex_);
    for (const auto& set : compiled_) {
      if (rules::SerialiseRuleFiles(set->files()) == bytes) return set;
    }
  }
  Diagnostics diagnostics;
  ASSIGN_OR_RETURN(auto set, rules::RuleSet::Compile(files, diagnostics));
  const std::lock_guard lock(mutex_);
  compiled_.push_front(set);
  if (compiled_.size() > kMaxCompiled) compiled_.pop_back();
  return set;
}

Result<Job> RuleBench::Start(Job::Kind kind, std::vector<RuleFile> draft, size_t limit,
                             const std::string& user) {
  auto task = std::make_shared<Task>();
  task->draft = std::move(draft);
  task->job.kind = kind;
  task->job.user = user;
  task->job.limit = std::min(limit, kMaxLimit);
  task->job.at = clock_.Now();
  {
    const std::lock_guard lock(mutex_);
    const auto waiting = std::count_if(tasks_.begin(), tasks_.end(), [](const auto& each) {
      return each.second->job.state == Job::State::kWaiting;
    });
    if (static_cast<size_t>(waiting) >= kMaxWaiting)
      return Status::Unavailable("too many jobs wait already");
    task->job.number = ++last_;
    tasks_[task->job.number] = task;
    for (auto at = tasks_.begin(); at != tasks_.end() && tasks_.size() > kMaxJobs;) {
      const bool over = at->second->job.state != Job::State::kWaiting &&
                        at->second->job.state != Job::State::kRunning;
      at = over ? tasks_.erase(at) : std::next(at);
    }
  }
  changed_.notify_all();
  return Find(task->job.number);
}

std::vector<Job> RuleBench::Jobs() const {
  const std::lock_guard lock(mutex_);
  std::vector<Job> jobs;
  for (auto at = tasks_.rbegin(); at != tasks_.rend(); ++at) jobs.push_back(at->second->job);
  return jobs;
}

Result<Job> RuleBench::Find(uint64_t number) const {
  const std::lock_guard lock(mutex_);
  const auto found = tasks_.find(number);
  if (found == tasks_.end()) return Status::NotFound("no job " + std::to_string(number));
  return found->second->job;
}

Result<Job> RuleBench::Cancel(uint64_t number) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = tasks_.find(number);
    if (found == tasks_.end()) return Status::NotFound("no job " + std::to_string(number));
    found->second->cancel = true;
    if (found->second->job.state == Job::State::kWaiting)
      found->second->job.state = Job::State::kCancelled;
  }
  return Find(number);
}

void RuleBench::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    std::shared_ptr<Task> next;
    changed_.wait(lock, [&] {
      for (const auto& [number, task] : tasks_) {
        if (next == nullptr && task->job.state == Job::State::kWaiting) next = task;
      }
      return stop_ || next != nullptr;
    });
    if (stop_) return;
    next->job.state = Job::State::kRunning;
    lock.unlock();
    Result<std::string> result = Status::Unavailable("out of memory");
    try {
      result = next->job.kind == Job::Kind::kDiff ? RunDiff(*next) : RunBacktest(*next);
    } catch (const std::exception& e) {
      LogError(std::string("rule bench: ") + e.what());
    }
    lock.lock();
    next->job.ended = clock_.Now();
    next->draft.clear();
    if (result.ok()) {
      next->job.state = Job::State::kDone;
      next->job.result = *std::move(result);
    } else {
      next->job.state = next->cancel ? Job::State::kCancelled : Job::State::kFailed;
      next->job.error = result.status().message();
    }
  }
}

bool RuleBench::Step(Task& task) {
  const std::lock_guard lock(mutex_);
  ++task.job.done;
  return !task.cancel && !stop_;
}

Result<std::string> RuleBench::RunDiff(Task& task) {
  ASSIGN_OR_RETURN(const auto present, Compose("", {}));
  ASSIGN_OR_RETURN(const auto before, Compile(present));
  ASSIGN_OR_RETURN(const auto after, Compile(task.draft));
  const rules::EvaluateOptions evaluate{clock_.Now(), false};
  SetDiff diff;
  std::string last;
  bool more = true;
  while (more) {
    ASSIGN_OR_RETURN(const auto pages, store_.PagesMatchedOtherwise("", last, kSlice));
    more = !pages.empty();
    for (const auto& page : pages) {
      last = page.address.url;
      for (const extractors::Listing& listing : page.listings) {
        if (diff.listings() >= task.job.limit) break;
        diff.Add(page.address.url, listing.title.empty() ? listing.text : listing.title,
                 before->Evaluate(listing, evaluate), after->Evaluate(listing, evaluate));
        if (!Step(task)) return Status::Cancelled("cancelled");
      }
    }
    if (diff.listings() >= task.job.limit) break;
  }
  Json object = DiffObject(diff);
  object["cut"] = diff.listings() >= task.job.limit;
  object["before"] = before->hash();
  object["after"] = after->hash();
  return Dump(object);
}

// What people decided is held against the draft: a lead that stood should still be made, one that was
// an error of the software should not.
Result<std::string> RuleBench::RunBacktest(Task& task) {
  ASSIGN_OR_RETURN(const auto set, Compile(task.draft));
  size_t kept = 0, lost = 0, errors_gone = 0, errors_left = 0, looked = 0;
  Json lost_leads = Json::array(), left_leads = Json::array();
  for (const auto status :
       {store::LeadStatus::kChecking, store::LeadStatus::kFiled, store::LeadStatus::kReferred,
        store::LeadStatus::kPlatform, store::LeadStatus::kClosed, store::LeadStatus::kRuledOut}) {
    store::LeadFilter filter;
    filter.status = status;
    filter.silenced = store::LeadFilter::Silenced::kShown;
    std::string after;
    do {
      ASSIGN_OR_RETURN(const auto page, store_.QueryLeads(filter, {}, after, kSlice));
      for (const store::Lead& lead : page.leads) {
        if (looked >= task.job.limit) break;
        const Reason* reason = FindReason(lead.reason);
        const bool error = reason != nullptr && reason->software_wrong;
        // Ruled out for what the office knows and no rule could: says nothing of the rule.
        if (status == store::LeadStatus::kRuledOut && !error) continue;
        ++looked;
        const bool made =
            MakesLead(set->Evaluate(lead.listing, {lead.last_seen, false}), lead.suspicion.family);
        ++(error ? (made ? errors_left : errors_gone) : (made ? kept : lost));
        const Json shown{{"lead", lead.id},
                         {"rule", lead.suspicion.rule},
                         {"title", lead.listing.title},
                         {"status", store::Name(lead.status)},
                         {"reason", lead.reason}};
        if (!error && !made && lost_leads.size() < kMaxShown) lost_leads.push_back(shown);
        if (error && made && left_leads.size() < kMaxShown) left_leads.push_back(shown);
        if (!Step(task)) return Status::Cancelled("cancelled");
      }
      after = looked >= task.job.limit ? "" : page.next;
    } while (!after.empty());
  }
  return Dump(Json{{"leads", looked},
                   {"kept", kept},
                   {"lost", lost},
                   {"errors_gone", errors_gone},
                   {"errors_left", errors_left},
                   {"lost_leads", std::move(lost_leads)},
                   {"errors_left_leads", std::move(left_leads)},
                   {"rule_set", set->hash()}});
}

}  // namespace cluehound::triage
