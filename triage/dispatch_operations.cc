#include <nlohmann/json.hpp>

#include "base/join.h"
#include "triage/operations.h"
#include "triage/record_json.h"

namespace cluehound::triage {
namespace {

Result<store::Jurisdiction::Place> ParsePlace(const std::string& text) {
  using Place = store::Jurisdiction::Place;
  for (const Place place : {Place::kUnknown, Place::kHere, Place::kElsewhere}) {
    if (text == store::Name(place)) return place;
  }
  return Status::InvalidArgument("place \"" + text + "\" must be here, elsewhere or unknown");
}

struct CountyFigures {
  uint64_t received = 0;  // assigned to it, those that it sent back included
  uint64_t waiting = 0;   // neither signed for nor fed back
  uint64_t signed_for = 0;
  uint64_t fed_back = 0;
  uint64_t returned = 0;
  uint64_t overdue = 0;
  uint64_t urged = 0;       // 催办, how often
  uint64_t supervised = 0;  // 督办
};

}  // namespace

Response Operations::Dispatch(const Request& request, store::DecisionKind kind) {
  using store::DecisionKind;
  store::Lead lead;
  auto decision = Begin(request, lead);
  if (!decision.ok()) return Failed(decision.status());
  decision->kind = kind;
  if (const std::string county = request.Get("county"); !county.empty()) {
    const Jurisdictions::Division* division = office_.jurisdictions.Find(county);
    if (division == nullptr) {
      const std::string names =
          Join(office_.jurisdictions.divisions(), ", ", &Jurisdictions::Division::name);
      return Failed(Status::InvalidArgument("county \"" + county + "\" is none of: " + names));
    }
    decision->county = division->name;
  }
  if (kind == DecisionKind::kPlace) {
    const auto place = ParsePlace(
        request.Get("place").empty() && !decision->county.empty() ? "here" : request.Get("place"));
    if (!place.ok()) return Failed(place.status());
    if (!decision->county.empty() && *place != store::Jurisdiction::Place::kHere)
      return Failed(Status::InvalidArgument("a county goes with the place \"here\" alone"));
    decision->place = *place;
  }
  if (kind == DecisionKind::kAssign || kind == DecisionKind::kSign) {
    const auto term = office_.FindTerm(kind == DecisionKind::kAssign ? "sign" : "feedback");
    if (!term.ok()) return Failed(term.status());
    decision->due = DeadlineOf(*term, decision->at, term->days, office_.calendar).due;
  }
  return Decide(request, *decision);
}

Response Operations::CountyStats(const Request& request) {
  using State = store::Dispatch::State;
  std::map<std::string, CountyFigures> counties;
  const Instant now = clock_.Now();
  for (const State state : {State::kAssigned, State::kSigned, State::kFedBack, State::kSentBack}) {
    store::LeadFilter filter;
    filter.dispatch = state;
    filter.silenced = store::LeadFilter::Silenced::kShown;
    std::string after;
    do {
      const auto page = store_.QueryLeads(filter, request.scope, after, 1000);
      if (!page.ok()) return Failed(page.status());
      for (const store::Lead& lead : page->leads) {
        const store::Dispatch& dispatch = *lead.dispatch;
        for (const std::string& county : dispatch.returned_by) {
          if (!request.scope.county.empty() && county != request.scope.county) continue;
          ++counties[county].received;
          ++counties[county].returned;
        }
        if (state == State::kSentBack) continue;
        CountyFigures& figures = counties[dispatch.county];
        ++figures.received;
        figures.waiting += state == State::kAssigned ? 1 : 0;
        figures.signed_for += state == State::kSigned ? 1 : 0;
        figures.fed_back += state == State::kFedBack ? 1 : 0;
        if (dispatch.open() && dispatch.due != Instant{} && IsOver(dispatch.due, now))
          ++figures.overdue;
        figures.urged += dispatch.urged;
        figures.supervised += dispatch.supervised ? 1 : 0;
      }
      after = page->next;
    } while (!after.empty());
  }
  Response response;
  for (const auto& [county, figures] : counties) {
    nlohmann::ordered_json object = {{"county", county},
                                     {"received", figures.received},
                                     {"waiting", figures.waiting},
                                     {"signed", figures.signed_for},
                                     {"fed_back", figures.fed_back},
                                     {"returned", figures.returned},
                                     {"overdue", figures.overdue},
                                     {"urged", figures.urged},
                                     {"supervised", figures.supervised}};
    // Of what it kept; in percent, rounded down.
    const uint64_t kept = figures.received - figures.returned;
    if (kept > 0) object["feedback_rate"] = figures.fed_back * 100 / kept;
    response.lines.push_back(object.dump());
  }
  return response;
}

}  // namespace cluehound::triage
