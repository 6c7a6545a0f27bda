#include "store/rocksdb/seller_book.h"

#include "rules/folding.h"
#include "store/record_fields.h"
#include "store/rocksdb/seller_keys.h"

namespace cluehound::store {
namespace {

std::string MemberKey(const std::string& bunch, const LeadFact& fact) {
  return MemberPrefix(bunch) + LeadPosition{fact.score, fact.first_seen, fact.lead}.Bytes();
}

std::string EventKey(const std::string& bunch, const LeadFact& fact) {
  return KeyWriter(EventPrefix(bunch)).Descending(fact.first_seen).Rest(IdBytes(fact.lead)).Take();
}

std::string TakenUpKey(const std::string& bunch, const LeadFact& fact) {
  return KeyWriter(TakenUpPrefix(bunch)).Ascending(fact.decided).Rest(IdBytes(fact.lead)).Take();
}

// A set of keys without values.
void PutOrDelete(Sheet& sheet, Table table, const std::string& key, bool put) {
  sheet.Put(table, key, put ? std::optional<std::string>("") : std::nullopt);
}

// Time of the first key behind the prefix.
Result<std::optional<Instant>> FirstTime(Sheet& sheet, const std::string& prefix, bool ascending) {
  ASSIGN_OR_RETURN(const auto first, sheet.Under(Table::kClusters, prefix, 1));
  if (first.empty()) return std::optional<Instant>();
  std::string rest(1, kKeyVersion);
  rest += first[0].first.substr(prefix.size());
  KeyReader reader(rest);
  return std::optional<Instant>(ascending ? reader.Ascending() : reader.Descending());
}

bool SameContent(LeadFact a, const LeadFact& b) {
  a.number = b.number;
  return a == b;
}

}  // namespace

Status SellerBook::Apply(const LeadFact& fact) {
  const std::string key = FactKey(fact.lead);
  ASSIGN_OR_RETURN(const auto known, sheet_.Find<LeadFact>(Table::kFacts, key, "fact of a lead"));
  if (known && known->number >= fact.number) return Status::Ok();
  sheet_.PutRecord(Table::kFacts, key, fact);
  if (known && SameContent(*known, fact)) return Status::Ok();
  if (!known) return Shift(fact, Way::kFirst);
  RETURN_IF_ERROR(Shift(*known, Way::kOut));
  return Shift(fact, Way::kIn);
}

Status SellerBook::Recorrelate(const LeadFact& fact, std::span<const rules::Correlation> add) {
  for (const Bunch& bunch : BunchesOf(fact, add)) {
    if (!bunch.correlation.empty()) RETURN_IF_ERROR(ShiftBunch(fact, bunch, Way::kIn));
  }
  return Status::Ok();
}

Status SellerBook::Shift(const LeadFact& fact, Way way) {
  const bool add = way != Way::kOut;
  for (const Party& party : fact.parties) RETURN_IF_ERROR(ShiftParty(fact, party, add));
  for (const Bunch& bunch : BunchesOf(fact, correlations_))
    RETURN_IF_ERROR(ShiftBunch(fact, bunch, way));
  return ShiftRow(fact, add);
}

Result<bool> SellerBook::Count(Table table, const std::string& key, bool add) {
  ASSIGN_OR_RETURN(auto known, sheet_.Find<CountRecord>(table, key, "count"));
  CountRecord record = known.value_or(CountRecord());
  if (!add && record.count == 0)
    return Status::Corruption("a count of sellers would fall below zero");
  record.count += add ? uint64_t{1} : ~uint64_t{0};
  sheet_.Put(table, key,
             record.count == 0 ? std::nullopt : std::optional<std::string>(EncodeRecord(record)));
  return record.count == (add ? 1u : 0u);
}

Status SellerBook::ShiftParty(const LeadFact& fact, const Party& party, bool add) {
  sellers_.insert(party.id);
  const std::string key = TotalsKey(party.id);
  ASSIGN_OR_RETURN(const auto known,
                   sheet_.Find<SellerTotals>(Table::kSellers, key, "sums of a seller"));
  SellerTotals totals = known.value_or(SellerTotals());
  AddTo(totals, fact, add);
  for (const TallyKey& tally : TalliesOf(fact, party)) {
    const std::string prefix = TallyPrefix(party.id, tally.tally);
    ASSIGN_OR_RETURN(const bool turned, Count(Table::kSellers, prefix + tally.value, add));
    if (!turned) continue;
    const auto index = [&](std::string of) {
      PutOrDelete(sheet_, Table::kSellers, KeyWriter(std::move(of)).Rest(party.id).Take(), add);
    };
    switch (tally.tally) {
      case SellerTally::kName: {
        const std::string folded = rules::FoldString(tally.value);
        // Another spelling that folds to the same may still be there.
        bool another = false;
        if (!add) {
          ASSIGN_OR_RETURN(const auto names, sheet_.Under(Table::kSellers, prefix, kMaxTallies));
          for (const auto& [name, count] : names)
            another |= rules::FoldString(std::string_view(name).substr(prefix.size())) == folded;
        }
        if (!another) index(SellerNamePrefix(folded));
        break;
      }
      case SellerTally::kCode:
        index(CodePrefix(tally.value));
        break;
      case SellerTally::kMark:
        totals.marks += add ? uint64_t{1} : ~uint64_t{0};
        break;
      case SellerTally::kAuthorised: {
        const std::string mark = tally.value.substr(0, tally.value.find('\n'));
        ASSIGN_OR_RETURN(const auto others, sheet_.Under(Table::kSellers, prefix + mark + '\n', 1));
        PutOrDelete(sheet_, Table::kSellers, ProposedKey(party.id, mark), !others.empty());
        break;
      }
      default:
        break;
    }
  }
  sheet_.PutRecord(Table::kSellers, key, totals);
  return Status::Ok();
}

Status SellerBook::ShiftRow(const LeadFact& fact, bool add) {
  if (!fact.active) return Status::Ok();
  const std::string key = RowSalesKey(fact.row);
  ASSIGN_OR_RETURN(auto known, sheet_.Find<RowSales>(Table::kSellers, key, "sales of a row"));
  RowSales sales = known.value_or(RowSales());
  AddTo(sales, fact, add);
  sheet_.Put(Table::kSellers, key,
             sales.leads == 0 ? std::nullopt : std::optional<std::string>(EncodeRecord(sales)));
  return Status::Ok();
}

Result<bool> SellerBook::Moves(const LeadFact& fact, const std::string& bunch, Way way) {
  if (way == Way::kFirst) return true;
  ASSIGN_OR_RETURN(const auto known, sheet_.Get(Table::kClusters, MemberKey(bunch, fact)));
  if (way == Way::kOut) return known.has_value();
  ASSIGN_OR_RETURN(const auto split, sheet_.Get(Table::kClusters, SplitKey(bunch, fact.lead)));
  return !known && !split;
}

Status SellerBook::ShiftBunch(const LeadFact& fact, const Bunch& bunch, Way way) {
  ASSIGN_OR_RETURN(const bool moves, Moves(fact, bunch.id, way));
  if (!moves) return Status::Ok();
  const bool add = way != Way::kOut;
  bunches_.insert(bunch.id);
  const std::string key = BunchKey(bunch.id);
  ASSIGN_OR_RETURN(const auto before, sheet_.Find<BunchState>(Table::kClusters, key, "bunch"));
  BunchState state = before.value_or(BunchState());
  state.basis = bunch.basis;
  state.correlation = bunch.correlation;
  state.members += add ? uint64_t{1} : ~uint64_t{0};
  sheet_.Put(Table::kClusters, MemberKey(bunch.id, fact),
             add ? std::optional<std::string>(fact.row) : std::nullopt);
  if (!bunch.counted.empty()) {
    ASSIGN_OR_RETURN(const bool turned,
                     Count(Table::kClusters, CountedPrefix(bunch.id) + bunch.counted, add));
    if (turned) state.distinct += add ? uint64_t{1} : ~uint64_t{0};
  }
  if (bunch.basis == ClusterBasis::kCorrelation) {
    sheet_.Put(Table::kClusters, EventKey(bunch.id, fact),
               add ? std::optional<std::string>(EncodeRecord(EventOf(fact))) : std::nullopt);
  } else if (bunch.basis == ClusterBasis::kSeller) {
    PutOrDelete(sheet_, Table::kClusters, EventKey(bunch.id, fact), add);
    if (fact.decided != Instant{})
      PutOrDelete(sheet_, Table::kClusters, TakenUpKey(bunch.id, fact), add);
  }
  sheet_.PutRecord(Table::kClusters, key, state);
  return Status::Ok();
}

Status SellerBook::Settle() {
  for (const std::string& id : std::exchange(bunches_, {})) RETURN_IF_ERROR(SettleBunch(id));
  for (const SellerId& id : std::exchange(sellers_, {})) RETURN_IF_ERROR(SettleSeller(id));
  return Status::Ok();
}

Result<bool> SellerBook::Documented(const BunchState& state, const std::string& id) {
  if (state.basis != ClusterBasis::kSeller) return false;
  ASSIGN_OR_RETURN(const auto first, sheet_.Under(Table::kSellers, DocumentPrefix(id), 1));
  return !first.empty();
}

Status SellerBook::SettleBunch(const std::string& id) {
  const std::string key = BunchKey(id);
  ASSIGN_OR_RETURN(const auto known, sheet_.Find<BunchState>(Table::kClusters, key, "bunch"));
  if (!known) return Status::Ok();
  BunchState state = *known;
  if (state.basis == ClusterBasis::kSeller) {
    ASSIGN_OR_RETURN(const auto last, FirstTime(sheet_, EventPrefix(id), false));
    ASSIGN_OR_RETURN(const auto first, FirstTime(sheet_, TakenUpPrefix(id), true));
    state.after = last && first && *last > *first;
  } else if (state.basis == ClusterBasis::kCorrelation) {
    state.together = 0;
    ASSIGN_OR_RETURN(const auto entries,
                     sheet_.Under(Table::kClusters, EventPrefix(id), kMaxCorrelated));
    std::vector<rules::LeadEvent> events;
    for (const auto& [event_key, bytes] : entries) {
      ASSIGN_OR_RETURN(auto event, DecodeRecord<rules::LeadEvent>(bytes, "event of a correlation"));
      events.push_back(std::move(event));
    }
    for (const rules::Correlation& correlation : correlations_) {
      if (correlation.id != state.correlation) continue;
      for (const auto& found : rules::Correlate(correlation, events))
        state.together = static_cast<uint64_t>(found.count);
    }
  }
  ASSIGN_OR_RETURN(const bool documented, Documented(state, id));
  ASSIGN_OR_RETURN(const auto undone, sheet_.Get(Table::kClusters, UndoneKey(id)));
  const bool stands = state.members > 0 && !undone && Stands(state, documented);
  if (state.indexed != 0)
    sheet_.Put(Table::kClusters, StandingKey(state.indexed, id), std::nullopt);
  state.indexed = stands ? state.members : 0;
  if (stands) sheet_.Put(Table::kClusters, StandingKey(state.members, id), "");
  sheet_.Put(Table::kClusters, key,
             state.members == 0 ? std::nullopt : std::optional<std::string>(EncodeRecord(state)));
  return Status::Ok();
}

Status SellerBook::SettleSeller(const SellerId& id) {
  const std::string key = TotalsKey(id);
  ASSIGN_OR_RETURN(const auto known,
                   sheet_.Find<SellerTotals>(Table::kSellers, key, "sums of a seller"));
  if (!known) return Status::Ok();
  SellerTotals totals = *known;
  ASSIGN_OR_RETURN(const auto bunch,
                   sheet_.Find<BunchState>(Table::kClusters, BunchKey(SellerBunchId(id)), "bunch"));
  totals.after = bunch && bunch->after;
  sheet_.Put(Table::kSellers, RiskKey(totals.risk, id), std::nullopt);
  totals.risk = static_cast<uint32_t>(RiskOf(RiskParts(totals, 1)));
  if (totals.leads == 0) {
    sheet_.Put(Table::kSellers, key, std::nullopt);
    return Status::Ok();
  }
  sheet_.Put(Table::kSellers, RiskKey(totals.risk, id), "");
  sheet_.PutRecord(Table::kSellers, key, totals);
  return Status::Ok();
}

Status SellerBook::Undo(const std::string& id, const ClusterUndo& undo) {
  sheet_.PutRecord(Table::kClusters, UndoneKey(id), undo);
  bunches_.insert(id);
  return Settle();
}

Status SellerBook::Split(const std::string& id, const LeadFact& fact, const ClusterUndo& undo) {
  for (const Bunch& bunch : BunchesOf(fact, correlations_)) {
    if (bunch.id != id) continue;
    ASSIGN_OR_RETURN(const auto member, sheet_.Get(Table::kClusters, MemberKey(id, fact)));
    if (!member) break;
    RETURN_IF_ERROR(ShiftBunch(fact, bunch, Way::kOut));
    sheet_.PutRecord(Table::kClusters, SplitKey(id, fact.lead), undo);
    if (bunch.basis == ClusterBasis::kSeller) {
      for (const Party& party : fact.parties) sellers_.insert(party.id);
    }
    return Settle();
  }
  return Status::NotFound("lead " + fact.lead + " does not stand in cluster " + id);
}

Status SellerBook::AddDocument(const SellerId& seller, const RepeatDocument& document) {
  const std::string id = SellerBunchId(seller);
  sheet_.PutRecord(Table::kSellers, DocumentPrefix(id) + document.document, document);
  sheet_.Put(Table::kClusters, UndoneKey(id), std::nullopt);
  bunches_.insert(id);
  return Settle();
}

}  // namespace cluehound::store
