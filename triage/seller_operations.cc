#include "triage/seller_operations.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "triage/record_json.h"
#include "triage/seller_json.h"
#include "triage/seller_table.h"

namespace cluehound::triage {
namespace {

constexpr int64_t kMaxPage = 1000;
constexpr size_t kMaxImported = 1000;  // entries in one call: one write
constexpr size_t kMaxEntries = 200;    // of one watch

Result<size_t> Limit(const Request& request, int64_t fallback) {
  const std::string text = request.Get("limit");
  const auto limit = text.empty() ? std::optional<int64_t>(fallback) : ParseInt(text);
  if (!limit || *limit < 1 || *limit > kMaxPage)
    return Status::InvalidArgument("limit must be a number from 1 to " + std::to_string(kMaxPage));
  return static_cast<size_t>(*limit);
}

Response OneLine(std::string line) { return {Status::Ok(), {std::move(line)}, ""}; }

// Names and numbers by which a page tells this seller. A number without a platform would be that of
// strangers elsewhere: there the name must do.
std::vector<rules::SellerList::Entry> EntriesOf(const store::Seller& seller) {
  std::vector<rules::SellerList::Entry> entries;
  const auto add = [&](rules::SellerList::Entry entry) {
    if (entries.size() < kMaxEntries) entries.push_back(std::move(entry));
  };
  std::vector<std::string> platforms;
  for (const auto& platform : seller.platforms) platforms.push_back(platform.value);
  if (platforms.empty()) platforms.emplace_back();
  for (const std::string& platform : platforms) {
    for (const auto& name : seller.names) add({platform, "", name.value});
    for (const auto& id : seller.shop_ids) {
      if (!platform.empty() || seller.names.empty()) add({platform, id.value, ""});
    }
  }
  return entries;
}

bool Changes(std::string_view operation) {
  return operation != "sellers.list" && operation != "sellers.show" &&
         operation != "sellers.watches" && operation != "sellers.proposals" &&
         operation != "clusters.list" && operation != "clusters.show";
}

Result<store::OfficialEntry> EntryOf(const nlohmann::json& row, store::OfficialEntry::List list,
                                     const std::string& file) {
  const auto text = [&](const char* key) {
    const auto found = row.find(key);
    return found != row.end() && found->is_string() ? found->get<std::string>() : "";
  };
  store::OfficialEntry entry;
  entry.list = list;
  entry.name = text("name");
  entry.code = text("code");
  entry.grade = text("grade");
  entry.document = text("document");
  entry.authority = text("authority");
  entry.from = text("from");
  entry.until = text("until");
  entry.file = file;
  RETURN_IF_ERROR(CheckOfficial(entry));
  return entry;
}

}  // namespace

bool SellerOperations::Has(std::string_view operation) {
  return operation.starts_with("sellers.") || operation.starts_with("clusters.");
}

Response SellerOperations::Call(const Request& request) {
  const std::string& operation = request.operation;
  if (Changes(operation) && !request.scope.county.empty())
    return Failed(Status::Denied(operation + " is for the city"));
  if (operation == "sellers.list") return List(request);
  if (operation == "sellers.show") return Show(request);
  if (operation == "sellers.watch") return AddWatch(request);
  if (operation == "sellers.unwatch") return EndWatch(request);
  if (operation == "sellers.watches") return ListWatches();
  if (operation == "sellers.import") return Import(request);
  if (operation == "sellers.proposals") return ListProposals(request);
  if (operation == "sellers.accept")
    return DecideProposal(request, store::Proposal::State::kAccepted);
  if (operation == "sellers.reject")
    return DecideProposal(request, store::Proposal::State::kRejected);
  if (operation == "sellers.repeat") return Repeat(request);
  if (operation == "clusters.list") return ListClusters(request);
  if (operation == "clusters.show") return ShowCluster(request);
  return UndoCluster(request);
}

Response SellerOperations::List(const Request& request) {
  const auto limit = Limit(request, 50);
  if (!limit.ok()) return Failed(limit.status());
  store::SellerFilter filter;
  filter.text = request.Get("text");
  filter.platform = request.Get("platform");
  filter.mark = request.Get("mark");
  filter.watched = !request.Get("watched").empty();
  if (const std::string list = request.Get("official"); !list.empty()) {
    filter.official = store::OfficialListFromName(list);
    if (!filter.official)
      return Failed(
          Status::InvalidArgument("official \"" + list + "\" must be dishonest or grade"));
  }
  const auto page =
      store_.sellers().QuerySellers(filter, clock_.Now(), request.Get("after"), *limit);
  if (!page.ok()) return Failed(page.status());
  Response response;
  for (const store::Seller& seller : page->sellers) {
    std::string line = Line(seller, request.scope);
    if (!line.empty()) response.lines.push_back(std::move(line));
  }
  response.next = page->next;
  return response;
}

std::string SellerOperations::Line(const store::Seller& seller, const store::Scope& scope) {
  return scope.county.empty() ? SellerJson(seller) : CountySellerJson(seller, scope.county);
}

Response SellerOperations::Show(const Request& request) {
  const auto seller = store_.sellers().FindSeller(request.Get("seller"), clock_.Now());
  if (!seller.ok()) return Failed(seller.status());
  std::string line = Line(*seller, request.scope);
  if (line.empty()) return Failed(Status::NotFound("no seller " + request.Get("seller")));
  return OneLine(std::move(line));
}

Response SellerOperations::AddWatch(const Request& request) {
  store::Watch watch;
  watch.name = request.Get("seller");
  watch.reason = request.Get("reason");
  watch.by = request.actor;
  watch.at = clock_.Now();
  if (const std::string until = request.Get("until"); !until.empty()) {
    watch.until = ParseDay(until);
    if (!watch.until)
      return Failed(Status::InvalidArgument("\"" + until + "\" is no day such as 2026-12-01"));
  }
  const std::string platform = request.Get("platform"), shop = request.Get("shop");
  const auto seller = store_.sellers().FindSeller(watch.name, watch.at);
  if (seller.ok()) {
    watch.seller = seller->id;
    watch.name = seller->name();
    watch.entries = EntriesOf(*seller);
  } else if (seller.status().code() != Code::kNotFound) {
    return Failed(seller.status());
  } else if (!watch.name.empty()) {
    watch.entries.push_back({platform, "", watch.name});
  }
  if (!shop.empty()) {
    if (platform.empty())
      return Failed(Status::InvalidArgument("a shop's number needs its platform"));
    watch.entries.push_back({platform, shop, ""});
    if (watch.name.empty()) watch.name = shop;
  }
  const auto made = store_.sellers().AddWatch(watch);
  if (!made.ok()) return Failed(made.status());
  if (Status s = RequestRematch(request); !s.ok()) return Failed(std::move(s));
  return OneLine(WatchJson(*made, watch.at));
}

Status SellerOperations::RequestRematch(const Request& request) {
  const auto pending = store_.PendingRequests("crawl", 1000);
  RETURN_IF_ERROR(pending.status());
  for (const store::RoleRequest& other : *pending) {
    if (other.action == "rematch") return Status::Ok();
  }
  store::RoleRequest rematch;
  rematch.role = "crawl";
  rematch.action = "rematch";
  rematch.actor = request.actor;
  rematch.at = clock_.Now();
  return store_.EnqueueRequest(rematch).status();
}

Response SellerOperations::EndWatch(const Request& request) {
  const Instant now = clock_.Now();
  std::vector<uint64_t> numbers;
  if (const std::string text = request.Get("number"); !text.empty()) {
    const auto number = ParseInt(text);
    if (!number || *number < 1)
      return Failed(Status::InvalidArgument("number must be a positive number"));
    numbers.push_back(static_cast<uint64_t>(*number));
  } else {
    const auto seller = store_.sellers().FindSeller(request.Get("seller"), now);
    if (!seller.ok()) return Failed(seller.status());
    for (const store::Watch& watch : seller->watches) numbers.push_back(watch.number);
    if (numbers.empty()) return Failed(Status::NotFound("the seller is not watched"));
  }
  Response response;
  for (const uint64_t number : numbers) {
    const auto ended = store_.sellers().EndWatch(number, request.actor, now);
    if (!ended.ok()) return Failed(ended.status());
    response.lines.push_back(WatchJson(*ended, now));
  }
  if (Status s = RequestRematch(request); !s.ok()) return Failed(std::move(s));
  return response;
}

Response SellerOperations::ListWatches() {
  const auto watches = store_.sellers().Watches();
  if (!watches.ok()) return Failed(watches.status());
  Response response;
  for (const store::Watch& watch : *watches)
    response.lines.push_back(WatchJson(watch, clock_.Now()));
  return response;
}

Response SellerOperations::Import(const Request& request) {
  const auto list = store::OfficialListFromName(request.Get("list"));
  if (!list) return Failed(Status::InvalidArgument("list must be dishonest or grade"));
  const auto rows = nlohmann::json::parse(request.Get("rows"), nullptr, false);
  if (!rows.is_array() || rows.size() > kMaxImported)
    return Failed(Status::InvalidArgument("rows must be a JSON array of at most " +
                                          std::to_string(kMaxImported) + " objects"));
  std::vector<store::OfficialEntry> entries;
  for (const auto& row : rows) {
    if (!row.is_object()) return Failed(Status::InvalidArgument("a row is no JSON object"));
    auto entry = EntryOf(row, *list, request.Get("file"));
    if (!entry.ok()) return Failed(entry.status());
    entries.push_back(*std::move(entry));
  }
  const Status status = store_.sellers().ImportOfficial(entries, request.actor, clock_.Now());
  if (!status.ok()) return Failed(status);
  return OneLine(nlohmann::json{{"imported", entries.size()}}.dump());
}

Response SellerOperations::ListProposals(const Request& request) {
  const auto limit = Limit(request, kMaxPage);
  if (!limit.ok()) return Failed(limit.status());
  const auto proposals = store_.sellers().Proposals(*limit);
  if (!proposals.ok()) return Failed(proposals.status());
  Response response;
  for (const store::Proposal& proposal : *proposals)
    response.lines.push_back(ProposalJson(proposal));
  return response;
}

Response SellerOperations::DecideProposal(const Request& request, store::Proposal::State state) {
  const auto decided = store_.sellers().DecideProposal(
      request.Get("proposal"), {state, request.actor, clock_.Now(), request.Get("note")});
  return decided.ok() ? OneLine(ProposalJson(*decided)) : Failed(decided.status());
}

Response SellerOperations::Repeat(const Request& request) {
  const Instant now = clock_.Now();
  const auto seller = store_.sellers().FindSeller(request.Get("seller"), now);
  if (!seller.ok()) return Failed(seller.status());
  const auto date = ParseDay(request.Get("date"));
  if (!date) {
    return Failed(Status::InvalidArgument("date \"" + request.Get("date") +
                                          "\" is no day such as 2025-03-01"));
  }
  const store::RepeatDocument document{request.Get("document"), *date, request.Get("note"),
                                       request.actor, now};
  const Status status = store_.sellers().AddDocument(seller->id, document);
  if (!status.ok()) return Failed(status);
  const auto after = store_.sellers().FindSeller(seller->id, now);
  return after.ok() ? OneLine(SellerJson(*after)) : Failed(after.status());
}

Response SellerOperations::ListClusters(const Request& request) {
  const auto limit = Limit(request, 50);
  if (!limit.ok()) return Failed(limit.status());
  std::optional<store::ClusterKind> kind;
  if (const std::string name = request.Get("kind"); !name.empty()) {
    kind = store::ClusterKindFromName(name);
    if (!kind) {
      return Failed(Status::InvalidArgument(
          "kind \"" + name + "\" must be group, seen_again, malice, repeat or correlation"));
    }
  }
  const auto page = store_.sellers().QueryClusters(kind, request.Get("after"), *limit);
  if (!page.ok()) return Failed(page.status());
  Response response;
  for (const store::Cluster& cluster : page->clusters) {
    auto line = ClusterLine(cluster, request.scope);
    if (!line.ok()) return Failed(line.status());
    if (!line->empty()) response.lines.push_back(*std::move(line));
  }
  response.next = page->next;
  return response;
}

Result<std::string> SellerOperations::ClusterLine(const store::Cluster& cluster,
                                                  const store::Scope& scope) {
  if (scope.county.empty()) return ClusterJson(cluster);
  store::LeadFilter filter;
  filter.cluster = cluster.id;
  ASSIGN_OR_RETURN(const auto leads, store_.CountLeads(filter, scope));
  return leads.count == 0 ? std::string() : CountyClusterJson(cluster, leads);
}

Response SellerOperations::ShowCluster(const Request& request) {
  auto cluster = store_.sellers().FindCluster(request.Get("cluster"));
  if (!cluster.ok()) return Failed(cluster.status());
  Response response = OneLine("");
  std::vector<store::LeadId> seen;
  for (const store::LeadId& id : cluster->leads) {
    const auto lead = store_.FindLead(id, request.scope);
    if (!lead.ok()) continue;  // of another county
    seen.push_back(id);
    response.lines.push_back(LeadJson(*lead, clock_.Now()));
  }
  cluster->leads = std::move(seen);
  auto line = ClusterLine(*cluster, request.scope);
  if (!line.ok()) return Failed(line.status());
  if (line->empty()) return Failed(Status::NotFound("no cluster " + request.Get("cluster")));
  response.lines.front() = *std::move(line);
  return response;
}

Response SellerOperations::UndoCluster(const Request& request) {
  const std::string cluster = request.Get("cluster"), leads_text = request.Get("leads");
  std::vector<store::LeadId> leads;
  for (const std::string_view text : SplitAscii(leads_text, " ")) {
    if (text.empty()) continue;
    const auto lead = store_.FindLead(text, request.scope);
    if (!lead.ok()) return Failed(lead.status());
    leads.push_back(lead->id);
  }
  const Status status = store_.sellers().UndoCluster(
      cluster, leads, {request.actor, clock_.Now(), request.Get("reason")});
  if (!status.ok()) return Failed(status);
  const auto after = store_.sellers().FindCluster(cluster);
  // Without those leads it may be none any more.
  return after.ok() ? OneLine(ClusterJson(*after)) : Response{Status::Ok(), {}, ""};
}

}  // namespace cluehound::triage
