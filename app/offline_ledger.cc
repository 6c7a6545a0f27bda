#include "app/offline_ledger.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/kept_page.h"
#include "app/watched_sellers.h"
#include "store/memory/memory_store.h"
#include "store/open.h"
#include "triage/control_socket.h"
#include "triage/record_json.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::json;

// Whether another process holds the store.
Result<bool> IsServed(const std::string& store) {
  triage::Request probe;
  probe.operation = "store.stats";
  const auto served = triage::CallControlSocket(store, probe);
  if (served.ok()) return true;
  if (served.status().code() == Code::kNotFound) return false;
  return served.status();
}

}  // namespace

Result<std::unique_ptr<OfflineLedger>> OfflineLedger::Open(const std::string& store,
                                                           const rules::RuleSet& rules,
                                                           bool own_rules) {
  std::unique_ptr<OfflineLedger> ledger(new OfflineLedger);
  if (store.empty()) {
    ledger->store_ = store::NewMemoryStore(nullptr, SystemClock());
    RETURN_IF_ERROR(ledger->store_->sellers().UseCorrelations(rules.correlations()));
    return ledger;
  }
  ASSIGN_OR_RETURN(const bool served, IsServed(store));
  if (served) {
    if (own_rules) {
      return Status::InvalidArgument(
          "the process that holds the store matches with its own rules: scan without --rules, or "
          "stop it");
    }
    ledger->served_ = store;
    return ledger;
  }
  ledger->on_disk_ = true;
  store::StoreOptions options;
  options.path = store;
  ASSIGN_OR_RETURN(ledger->store_, store::OpenRocksDbStore(options));
  RETURN_IF_ERROR(ledger->store_->PutRuleSet(rules.hash(), rules::SerialiseRuleFiles(rules.files()),
                                             {triage::CurrentUser(), ""}, SystemClock().Now()));
  RETURN_IF_ERROR(ledger->store_->sellers().UseCorrelations(rules.correlations()));
  return ledger;
}

Result<std::shared_ptr<const rules::SellerList>> OfflineLedger::Watched(Instant now) {
  if (!on_disk_) return std::shared_ptr<const rules::SellerList>();
  return WatchedSellers(*store_, now);
}

Status OfflineLedger::Add(const InputPage& input, const Pipeline& pipeline, Reading reading,
                          Instant now) {
  if (served_.empty()) {
    if (reading.page.outcome == Outcome::kOk) urls_.insert(AddressOf(input, reading.page));
    return KeepPage(*store_, pipeline, input, std::move(reading), now);
  }
  ASSIGN_OR_RETURN(const triage::Response response,
                   triage::CallControlSocket(served_, KeepRequest(input)));
  for (const std::string& line : response.lines) {
    leads_[Json::parse(line, nullptr, false).value("lead", "")] = line;
  }
  return response.status;
}

Status OfflineLedger::EachLead(const std::function<void(const std::string&)>& each) {
  if (!served_.empty()) {
    std::vector<std::pair<int, const std::string*>> order;
    for (const auto& [id, line] : leads_) {
      order.emplace_back(-Json::parse(line, nullptr, false).value("score", 0), &line);
    }
    std::stable_sort(order.begin(), order.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [score, line] : order) each(*line);
    return Status::Ok();
  }
  std::set<store::LeadId> wanted;
  for (const std::string& url : urls_) {
    ASSIGN_OR_RETURN(const auto state, store_->FindPage(url));
    if (state) wanted.insert(state->leads.begin(), state->leads.end());
  }
  std::string after;
  do {
    ASSIGN_OR_RETURN(const store::LeadPage page, store_->QueryLeads({}, {}, after, 500));
    for (const store::Lead& lead : page.leads) {
      if (wanted.count(lead.id) > 0) each(triage::LeadJson(lead));
    }
    after = page.next;
  } while (!after.empty());
  return Status::Ok();
}

}  // namespace cluehound::app
