#include "store/figure.h"

namespace cluehound::store {
namespace {

using Dimension = Figure::Dimension;

void Add(std::vector<Figure>& figures, const std::string& day, Figure::Event event,
         Dimension dimension, const std::string& value) {
  if (!value.empty() || dimension == Dimension::kAll)
    figures.push_back({day, event, dimension, value, 1});
}

void AddFacets(std::vector<Figure>& figures, const std::string& day, Figure::Event event,
               const Lead& lead) {
  const auto add = [&](Dimension dimension, const std::string& value) {
    Add(figures, day, event, dimension, value);
  };
  add(Dimension::kAll, "");
  add(Dimension::kCategory, lead.suspicion.category);
  add(Dimension::kMark, lead.suspicion.mark);
  add(Dimension::kCounty, lead.county);
  add(Dimension::kRule, lead.suspicion.rule);
  add(Dimension::kSource, lead.source);
  add(Dimension::kCampaign, lead.campaign);
  if (!lead.county.empty())
    add(Dimension::kCountyCategory, lead.county + " " + lead.suspicion.category);
}

}  // namespace

std::vector<Figure> FiguresOf(const Lead& lead) {
  std::vector<Figure> figures;
  AddFacets(figures, FormatDay(lead.first_seen), Figure::Event::kNew, lead);
  if (lead.status == LeadStatus::kNew || lead.decided_at == Instant{}) return figures;
  const std::string day = FormatDay(lead.decided_at);
  AddFacets(figures, day, Figure::Event::kDecided, lead);
  const std::string status(Name(lead.status));
  const std::string reason = status + " " + lead.reason;
  Add(figures, day, Figure::Event::kDecided, Dimension::kStatus, status);
  Add(figures, day, Figure::Event::kDecided, Dimension::kReason, reason);
  Add(figures, day, Figure::Event::kDecided, Dimension::kVerdict,
      lead.suspicion.rule + " " + reason);
  return figures;
}

std::vector<Figure> FiringsOf(const PageCommit& commit) {
  std::vector<Figure> figures;
  if (commit.change != PageChange::kRead) return figures;
  const std::string day = FormatDay(commit.seen);
  if (!commit.listings.empty()) {
    Add(figures, day, Figure::Event::kListed, Dimension::kSource, commit.lease.address.source);
    if (!figures.empty()) figures.back().count = commit.listings.size();
  }
  for (const LeadDraft& draft : commit.leads)
    Add(figures, day, Figure::Event::kFired, Dimension::kRule, draft.suspicion.rule);
  return figures;
}

}  // namespace cluehound::store
