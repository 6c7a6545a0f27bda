#include "triage/record_json.h"

#include <nlohmann/json.hpp>

#include "store/silence.h"
#include "triage/seller_json.h"
#include "triage/term.h"

namespace cluehound::triage {
namespace {

using Json = nlohmann::ordered_json;

void Put(Json& object, const char* key, std::string_view value) {
  if (!value.empty()) object[key] = value;
}

void Put(Json& object, const char* key, const std::optional<int64_t>& value) {
  if (value) object[key] = *value;
}

void Put(Json& object, const char* key, const std::vector<std::string>& values) {
  if (!values.empty()) object[key] = values;
}

std::string OneLine(const Json& object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void PutListing(Json& object, const extractors::Listing& l) {
  Put(object, "url", l.url);
  Put(object, "id", l.id);
  Put(object, "kind", Name(l.kind));
  Put(object, "title", l.title);
  Put(object, "price", l.price);
  Put(object, "price_max", l.price_max);
  Put(object, "currency", l.currency);
  Put(object, "sold", l.sold);
  if (l.sold_at_least) object["sold_at_least"] = true;
  Put(object, "seller", l.seller);
  Put(object, "seller_id", l.seller_id);
  Put(object, "location", l.location);
  Put(object, "origin", l.origin);
  Put(object, "images", l.images);
  Put(object, "text", l.text);
  Put(object, "platform", l.platform);
  Put(object, "state", l.state);
  Put(object, "viewers", l.viewers);
  Put(object, "room_operator", l.room_operator);
  Put(object, "marketing_person", l.marketing_person);
  Put(object, "merchants", l.merchants);
  Put(object, "found_by", Name(l.found_by));
}

Json HitObject(const rules::Hit& hit) {
  Json object;
  Put(object, "rule", hit.rule);
  Put(object, "mark", hit.mark);
  Put(object, "category", hit.category);
  object["text"] = hit.text;
  object["field"] = hit.field;
  object["begin"] = hit.begin;
  object["end"] = hit.end;
  object["folds"] = hit.folds;
  object["mode"] = Name(hit.mode);
  object["score"] = hit.score;
  return object;
}

Json SignObject(const rules::Sign& sign) {
  Json object;
  object["kind"] = sign.kind;
  object["label"] = sign.label;
  object["text"] = sign.text;
  if (!sign.field.empty()) {
    object["field"] = sign.field;
    object["begin"] = sign.begin;
    object["end"] = sign.end;
  }
  object["score"] = sign.score;
  return object;
}

Json CitationObject(const rules::Citation& c) {
  Json object;
  Put(object, "law", c.law);
  Put(object, "version", c.version);
  Put(object, "article", c.article);
  Put(object, "effective_from", c.effective_from);
  Put(object, "effective_to", c.effective_to);
  Put(object, "certainty", c.certainty);
  return object;
}

template <class T, class F>
Json ArrayOf(const std::vector<T>& values, F&& each) {
  Json array = Json::array();
  for (const T& value : values) array.push_back(each(value));
  return array;
}

void PutSuspicion(Json& object, const rules::Suspicion& s) {
  object["rule"] = s.rule;
  object["rev"] = s.rev;
  object["family"] = s.family;
  Put(object, "mark", s.mark);
  Put(object, "mark_name", s.mark_name);
  object["category"] = s.category;
  Put(object, "behavior_code", s.behavior_code);
  object["legal_basis"] = ArrayOf(s.legal_basis, CitationObject);
  object["hits"] = ArrayOf(s.hits, HitObject);
  object["signs"] = ArrayOf(s.signs, SignObject);
  Put(object, "level", s.level);
  object["mode"] = Name(s.mode);
  object["score"] = s.score;
  object["score_parts"] = ArrayOf(s.score_parts, [](const rules::ScorePart& part) {
    return Json{{"label", part.label}, {"points", part.points}};
  });
  Put(object, "notes", s.notes);
}

Json CaptureObject(const evidence::CaptureRef& capture) {
  Json object{{"file", capture.file},
              {"offset", capture.offset},
              {"length", capture.length},
              {"sha256", Hex(capture.sha256)}};
  if (capture.sm3 != Digest()) object["sm3"] = Hex(capture.sm3);
  return object;
}

Json DeadlineObject(const store::Lead& lead, std::optional<Instant> now) {
  const store::LeadClock& clock = *lead.clock;
  Json object;
  object["term"] = clock.term;
  object["start"] = FormatDay(clock.start);
  object["due"] = FormatDay(clock.due);
  if (now && lead.status == store::LeadStatus::kChecking) object["over"] = IsOver(clock.due, *now);
  if (clock.extensions > 0) object["extensions"] = clock.extensions;
  Put(object, "approver", clock.approver);
  Put(object, "warning", clock.warning);
  return object;
}

void PutStanding(Json& object, const store::Lead& lead, std::optional<Instant> now) {
  object["status"] = Name(lead.status);
  Put(object, "reason", lead.reason);
  Put(object, "note", lead.note);
  Put(object, "to", lead.target);
  Put(object, "case", lead.case_number);
  if (lead.until) object["until"] = FormatDay(*lead.until);
  Put(object, "duplicate_of", lead.original);
  if (lead.merged) object["merged"] = true;
  if (lead.decided_at != Instant{}) {
    object["decided_at"] = FormatTime(lead.decided_at);
    Put(object, "decided_by",
        lead.decided_by.claimed_name.empty() ? lead.decided_by.user : lead.decided_by.claimed_name);
  }
  Put(object, "number", lead.number);
  if (lead.registered != Instant{}) object["registered"] = FormatTime(lead.registered);
  if (lead.clock) object["deadline"] = DeadlineObject(lead, now);
  if (lead.presence != store::Presence::kUnknown) {
    object["presence"] = lead.presence == store::Presence::kGone ? "gone" : "on_sale";
    object["presence_at"] = FormatTime(lead.presence_at);
  }
  if (lead.notice) object["notice"] = Name(*lead.notice);
}

Json JurisdictionObject(const store::Jurisdiction& jurisdiction) {
  Json object;
  object["place"] = Name(jurisdiction.place);
  Put(object, "county", jurisdiction.county);
  object["basis"] = Name(jurisdiction.basis);
  object["certainty"] = jurisdiction.sure ? "sure" : "hint";
  Put(object, "text", jurisdiction.text);
  return object;
}

Json DispatchObject(const store::Dispatch& dispatch, std::optional<Instant> now) {
  Json object;
  object["state"] = Name(dispatch.state);
  object["county"] = dispatch.county;
  object["assigned"] = FormatTime(dispatch.assigned);
  if (dispatch.signed_at != Instant{}) object["signed"] = FormatTime(dispatch.signed_at);
  if (dispatch.open() && dispatch.due != Instant{}) {
    object["due"] = FormatDay(dispatch.due);
    if (now) object["over"] = IsOver(dispatch.due, *now);
  }
  Put(object, "feedback", dispatch.feedback);
  if (dispatch.urged > 0) object["urged"] = dispatch.urged;
  if (dispatch.supervised) object["supervised"] = true;
  Put(object, "returned_by", dispatch.returned_by);
  return object;
}

Json SalesObject(const store::Sales& sales) {
  Json object;
  object["label"] = kSalesLabel;
  object["amount"] = Yuan(sales.cents);
  object["units"] = sales.units;
  if (sales.unpriced > 0) object["units_without_price"] = sales.unpriced;
  object["lower_bound"] = sales.at_least;
  object["first_sold"] = *sales.first;
  object["first_amount"] = Yuan(sales.first_cents);
  object["first_at"] = FormatTime(sales.first_at);
  if (sales.first_at_least) object["first_lower_bound"] = true;
  if (sales.falls > 0) object["falls"] = sales.falls;
  return object;
}

Json LineObject(const StatutoryLine& line, int64_t compared_cents) {
  Json object;
  object["line"] = line.id;
  object["name"] = line.name;
  object["yuan"] = line.yuan;
  object["use"] = line.referral ? "referral" : "penalty";
  object["basis"] = line.basis;
  object["certainty"] = line.certainty;
  object["estimate"] = Yuan(compared_cents);
  return object;
}

Json LeadObject(const store::Lead& lead, std::optional<Instant> now,
                const LeadContext& context = {}) {
  Json object;
  object["lead"] = lead.id;
  object["page"] = lead.page_url;
  PutListing(object, lead.listing);
  PutSuspicion(object, lead.suspicion);
  PutStanding(object, lead, now);
  object["revision"] = lead.revision;
  object["first_seen"] = FormatTime(lead.first_seen);
  object["last_seen"] = FormatTime(lead.last_seen);
  object["sightings"] = lead.sightings;
  object["source"] = lead.source;
  object["listing"] = lead.listing_identity;
  object["namespace"] = lead.name_space;
  object["rule_set"] = lead.rule_set;
  Put(object, "jurisdiction", lead.county);
  if (lead.jurisdiction.place != store::Jurisdiction::Place::kUnknown)
    object["jurisdiction_basis"] = JurisdictionObject(lead.jurisdiction);
  if (lead.dispatch) object["dispatch"] = DispatchObject(*lead.dispatch, now);
  if (lead.silenced != 0) object["silenced"] = lead.silenced;
  if (lead.sales.first) object["sales_estimate"] = SalesObject(lead.sales);
  if (!context.clusters.empty()) object["cluster"] = context.clusters.front();
  Put(object, "clusters", context.clusters);
  if (!context.lines.empty()) {
    object["statutory_lines"] = ArrayOf(context.lines, [&](const StatutoryLine& line) {
      return LineObject(line, context.compared_cents);
    });
  }
  Put(object, "campaign", lead.campaign);
  Put(object, "tags", lead.tags);
  if (lead.capture.present()) object["capture"] = CaptureObject(lead.capture);
  return object;
}

}  // namespace

std::string ListingJson(const extractors::Listing& listing, std::string_view page) {
  Json object;
  object["page"] = page;
  PutListing(object, listing);
  return OneLine(object);
}

std::string HitJson(const rules::Hit& hit, const extractors::Listing& listing,
                    std::string_view page) {
  Json object;
  object["page"] = page;
  Put(object, "url", listing.url);
  Put(object, "id", listing.id);
  Put(object, "title", listing.title);
  object.update(HitObject(hit));
  return OneLine(object);
}

std::string MatchJson(size_t line, const rules::Evaluation& evaluation) {
  Json object;
  object["line"] = line;
  object["hits"] = ArrayOf(evaluation.hits, HitObject);
  bool lead = false;
  for (const rules::Suspicion& s : evaluation.suspicions)
    lead = lead || s.mode != rules::Mode::kObserve;
  object["lead"] = lead;
  return OneLine(object);
}

std::string LeadJson(const store::Lead& lead, std::optional<Instant> now,
                     const LeadContext& context) {
  return OneLine(LeadObject(lead, now, context));
}

std::string EntryJson(const store::LeadEntry& entry, std::string_view lead) {
  Json object;
  object["lead"] = lead;
  object["entry"] = Name(entry.kind);
  object["number"] = entry.number;
  object["at"] = FormatTime(entry.at);
  object["user"] = entry.by.user;
  Put(object, "by", entry.by.claimed_name);
  Put(object, "before", entry.before);
  Put(object, "after", entry.after);
  Put(object, "reason", entry.reason);
  return OneLine(object);
}

int64_t RevisionOf(const std::optional<store::RowStanding>& row) {
  return row ? ToMillis(row->at) : 0;
}

std::string RowJson(const store::LeadRow& row, const store::RowSales& sales,
                    std::optional<Instant> now, bool whole) {
  Json object;
  object["row"] = row.key;
  object["revision"] = RevisionOf(row.decided);
  Put(object, "seller", row.seller);
  Put(object, "mark", row.mark);
  Put(object, "mark_name", row.mark_name);
  object["leads"] = row.lead_count.count;
  if (row.lead_count.more) object["more_leads"] = true;
  object["undecided"] = row.undecided.count;
  if (row.undecided.more) object["more_undecided"] = true;
  if (row.decided) {
    Json decided;
    decided["status"] = Name(row.decided->status);
    decided["reason"] = row.decided->reason;
    if (whole) Put(decided, "note", row.decided->note);
    decided["at"] = FormatTime(row.decided->at);
    Put(decided, "by",
        row.decided->by.claimed_name.empty() ? row.decided->by.user : row.decided->by.claimed_name);
    if (whole) decided["covered"] = row.decided->covered;
    object["decided"] = std::move(decided);
    object["new_entries"] = row.undecided.count;
  }
  object["score"] = row.score;
  object["first_seen"] = FormatTime(row.first_seen);
  object["last_seen"] = FormatTime(row.last_seen);
  if (whole) {
    object["sales_estimate"] = {{"label", kSalesLabel},
                                {"amount", Yuan(sales.cents)},
                                {"first_amount", Yuan(sales.first_cents)},
                                {"lower_bound", sales.at_least > 0},
                                {"first_lower_bound", sales.first_at_least > 0}};
  }
  object["strongest"] = LeadObject(row.strongest, now);
  return OneLine(object);
}

std::string PageReadJson(std::string_view url, Instant read) {
  Json object{{"url", url}};
  if (read != Instant{}) object["read"] = FormatTime(read);
  return OneLine(object);
}

std::string CampaignStartJson(const store::CampaignStart& start, Instant now) {
  Json object;
  object["campaign"] = start.campaign;
  Put(object, "name", start.name);
  object["begin"] = FormatTime(start.begin);
  object["end"] = FormatTime(start.end);
  object["running"] = start.Runs(now);
  object["user"] = start.by.user;
  Put(object, "by", start.by.claimed_name);
  return OneLine(object);
}

std::string SilenceJson(const store::Silence& silence, Instant now) {
  Json object;
  object["silence"] = silence.number;
  Put(object, "seller", silence.seller);
  Put(object, "phrase", silence.phrase);
  Put(object, "listing", silence.listing);
  Put(object, "mark", silence.mark);
  Put(object, "rule", silence.rule);
  Put(object, "family", silence.family);
  object["reason"] = silence.reason;
  Put(object, "proof", silence.proof);
  object["at"] = FormatTime(silence.at);
  object["user"] = silence.author.user;
  Put(object, "by", silence.author.claimed_name);
  if (silence.until) object["until"] = FormatDay(*silence.until);
  if (silence.ended) object["ended"] = FormatTime(*silence.ended);
  object["in_force"] = InForce(silence, now);
  object["hits"] = silence.hits;
  object["leads"] = silence.live;
  if (silence.last_hit != Instant{}) object["last_hit"] = FormatTime(silence.last_hit);
  return OneLine(object);
}

std::string SightingJson(const store::Sighting& sighting) {
  Json object;
  object["lead"] = sighting.lead;
  object["seen"] = FormatTime(sighting.seen);
  object["page"] = sighting.page_url;
  object["changed"] = sighting.changed;
  if (sighting.capture.present()) object["capture"] = CaptureObject(sighting.capture);
  return OneLine(object);
}

std::string AuditJson(const store::AuditEntry& entry) {
  Json object;
  object["number"] = entry.number;
  object["at"] = FormatTime(entry.at);
  object["user"] = entry.actor.user;
  Put(object, "by", entry.actor.claimed_name);
  object["action"] = entry.action;
  object["object"] = entry.object;
  Put(object, "before", entry.before);
  Put(object, "after", entry.after);
  Put(object, "reason", entry.reason);
  return OneLine(object);
}

std::string PublicationJson(const store::RuleSetPublication& publication) {
  Json object;
  object["number"] = publication.number;
  object["rule_set"] = publication.hash;
  object["at"] = FormatTime(publication.at);
  object["user"] = publication.actor.user;
  Put(object, "by", publication.actor.claimed_name);
  Put(object, "note", publication.note);
  return OneLine(object);
}

std::string RuleSetJson(std::string_view hash, std::string_view set) {
  return OneLine(Json{{"hash", hash}, {"set", set}});
}

std::string CountJson(const store::LeadCount& count) {
  Json object{{"leads", count.count}};
  if (count.more) object["more"] = true;
  return OneLine(object);
}

std::string StatsJson(const store::StoreStats& stats) {
  return OneLine(Json{{"addresses", stats.addresses},
                      {"pages", stats.pages},
                      {"listings", stats.listings},
                      {"leads", stats.leads},
                      {"sightings", stats.sightings},
                      {"silenced", stats.silenced}});
}

}  // namespace cluehound::triage
