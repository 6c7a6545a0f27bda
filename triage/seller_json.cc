#include "triage/seller_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace cluehound::triage {
namespace {

using Json = nlohmann::ordered_json;

std::string OneLine(const Json& object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void Put(Json& object, const char* key, std::string_view value) {
  if (!value.empty()) object[key] = value;
}

void Put(Json& object, const char* key, const std::vector<store::Counted>& counted) {
  if (counted.empty()) return;
  Json array = Json::array();
  for (const store::Counted& c : counted) array.push_back({{"value", c.value}, {"leads", c.leads}});
  object[key] = std::move(array);
}

std::string_view ByWhom(const store::Actor& actor) {
  return actor.claimed_name.empty() ? actor.user : actor.claimed_name;
}

Json WatchObject(const store::Watch& watch, Instant now) {
  Json object;
  object["watch"] = watch.number;
  Put(object, "name", watch.name);
  Put(object, "seller", watch.seller);
  object["reason"] = watch.reason;
  object["at"] = FormatTime(watch.at);
  Put(object, "by", ByWhom(watch.by));
  if (watch.until) object["until"] = FormatDay(*watch.until);
  if (watch.ended) object["ended"] = FormatTime(*watch.ended);
  object["in_force"] = InForce(watch, now);
  Json entries = Json::array();
  for (const auto& entry : watch.entries) {
    Json one;
    Put(one, "platform", entry.platform);
    Put(one, "seller_id", entry.seller_id);
    Put(one, "name", entry.name);
    entries.push_back(std::move(one));
  }
  object["entries"] = std::move(entries);
  return object;
}

Json OfficialObject(const store::OfficialEntry& entry) {
  Json object;
  object["list"] = Name(entry.list);
  Put(object, "name", entry.name);
  Put(object, "code", entry.code);
  Put(object, "grade", entry.grade);
  object["document"] = entry.document;
  Put(object, "authority", entry.authority);
  Put(object, "from", entry.from);
  Put(object, "until", entry.until);
  Put(object, "file", entry.file);
  return object;
}

Json DocumentObject(const store::RepeatDocument& document) {
  Json object;
  object["document"] = document.document;
  object["date"] = FormatDay(document.date);
  Put(object, "note", document.note);
  Put(object, "by", ByWhom(document.by));
  object["at"] = FormatTime(document.at);
  return object;
}

Json ProposalObject(const store::Proposal& proposal) {
  Json object;
  object["proposal"] = proposal.id();
  object["seller"] = proposal.seller;
  Put(object, "name", proposal.seller_name);
  Put(object, "seller_id", proposal.shop_id);
  Put(object, "platform", proposal.platform);
  object["mark"] = proposal.mark;
  Put(object, "mark_name", proposal.mark_name);
  object["leads"] = proposal.leads;
  object["state"] = proposal.state == store::Proposal::State::kAccepted   ? "accepted"
                    : proposal.state == store::Proposal::State::kRejected ? "rejected"
                                                                          : "open";
  return object;
}

template <class T, class F>
void PutList(Json& object, const char* key, const std::vector<T>& values, F&& each) {
  if (values.empty()) return;
  Json array = Json::array();
  for (const T& value : values) array.push_back(each(value));
  object[key] = std::move(array);
}

}  // namespace

std::string Yuan(int64_t cents) {
  const std::string rest = std::to_string(cents % 100);
  return std::to_string(cents / 100) + "." + (rest.size() < 2 ? "0" : "") + rest;
}

std::string SellerJson(const store::Seller& seller) {
  Json object;
  object["seller"] = seller.id;
  Put(object, "name", seller.name());
  Put(object, "code", seller.code);
  object["shops"] = seller.shops;
  object["risk"] = seller.risk;
  object["risk_parts"] = Json::array();
  for (const auto& part : seller.risk_parts)
    object["risk_parts"].push_back({{"label", part.label}, {"points", part.points}});
  const store::SellerTotals& totals = seller.totals;
  object["leads"] = totals.leads;
  object["active"] = totals.active;
  Json by_status = Json::object();
  for (size_t i = 0; i < totals.by_status.size(); ++i) {
    if (totals.by_status[i] > 0)
      by_status[std::string(store::Name(static_cast<store::LeadStatus>(i + 1)))] =
          totals.by_status[i];
  }
  object["by_status"] = std::move(by_status);
  object["sales_estimate"] = {{"label", kSalesLabel},
                              {"amount", Yuan(totals.sales_cents)},
                              {"first_amount", Yuan(totals.first_cents)},
                              {"lower_bound", totals.at_least > 0},
                              {"first_lower_bound", totals.first_at_least > 0}};
  object["first_seen"] = seller.first_day;
  object["last_seen"] = seller.last_day;
  Put(object, "names", seller.names);
  Put(object, "seller_ids", seller.shop_ids);
  Put(object, "namespaces", seller.name_spaces);
  Put(object, "platforms", seller.platforms);
  Put(object, "roles", seller.roles);
  Put(object, "counties", seller.counties);
  Put(object, "codes", seller.codes);
  PutList(object, "marks", seller.marks, [](const store::Counted& mark) {
    const size_t end = mark.value.find('\n');
    Json one{{"mark", mark.value.substr(0, end)}};
    Put(one, "mark_name", end == std::string::npos ? "" : mark.value.substr(end + 1));
    one["leads"] = mark.leads;
    return one;
  });
  if (totals.after) object["after_decision"] = true;
  PutList(object, "watches", seller.watches,
          [](const store::Watch& watch) { return WatchObject(watch, watch.at); });
  PutList(object, "official", seller.official, OfficialObject);
  PutList(object, "official_namesakes", seller.namesakes, OfficialObject);
  PutList(object, "documents", seller.documents, DocumentObject);
  PutList(object, "proposals", seller.proposals, ProposalObject);
  return OneLine(object);
}

std::string CountySellerJson(const store::Seller& seller, const std::string& county) {
  const auto own = std::find_if(seller.counties.begin(), seller.counties.end(),
                                [&](const store::Counted& each) { return each.value == county; });
  if (own == seller.counties.end()) return "";
  Json object;
  object["seller"] = seller.id;
  Put(object, "name", seller.name());
  Put(object, "code", seller.code);
  object["risk"] = seller.risk;
  object["leads"] = own->leads;
  PutList(object, "official", seller.official, OfficialObject);
  PutList(object, "official_namesakes", seller.namesakes, OfficialObject);
  return OneLine(object);
}

std::string CountyClusterJson(const store::Cluster& cluster, const store::LeadCount& leads) {
  Json object;
  object["cluster"] = cluster.id;
  object["kind"] = Name(cluster.kind);
  object["kind_name"] = ChineseName(cluster.kind);
  object["level"] = cluster.level;
  object["leads"] = leads.count;
  if (leads.more) object["more_leads"] = true;
  if (!cluster.leads.empty()) object["members"] = cluster.leads;
  return OneLine(object);
}

std::string WatchJson(const store::Watch& watch, Instant now) {
  return OneLine(WatchObject(watch, now));
}

std::string ProposalJson(const store::Proposal& proposal) {
  return OneLine(ProposalObject(proposal));
}

std::string ClusterJson(const store::Cluster& cluster) {
  Json object;
  object["cluster"] = cluster.id;
  object["kind"] = Name(cluster.kind);
  object["kind_name"] = ChineseName(cluster.kind);
  object["level"] = cluster.level;
  object["title"] = cluster.title;
  Put(object, "correlation", cluster.state.correlation);
  object["leads"] = cluster.state.members;
  object["why"] = cluster.why;
  if (!cluster.checklist.empty()) object["checklist"] = cluster.checklist;
  PutList(object, "documents", cluster.documents, DocumentObject);
  if (cluster.undone) {
    object["undone"] = {{"by", ByWhom(cluster.undone->by)},
                        {"at", FormatTime(cluster.undone->at)},
                        {"reason", cluster.undone->reason}};
  }
  if (!cluster.leads.empty()) object["members"] = cluster.leads;
  return OneLine(object);
}

}  // namespace cluehound::triage
