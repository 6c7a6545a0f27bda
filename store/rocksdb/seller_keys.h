#pragma once

#include <string>
#include <string_view>

#include "store/rocksdb/lead_index.h"
#include "store/rocksdb/tables.h"
#include "store/seller.h"

// The keys of sellers and clusters. docs/store-format.md gives them in words.
namespace cluehound::store {

// kFacts
inline std::string FactKey(std::string_view lead) { return LeadKey(lead); }

// kSellers
inline std::string TallyPrefix(std::string_view seller) {
  return KeyWriter().Byte('t').Text(seller).Take();
}
inline std::string TallyPrefix(std::string_view seller, SellerTally tally) {
  return KeyWriter(TallyPrefix(seller)).Byte(static_cast<uint8_t>(tally)).Take();
}
inline std::string TotalsPrefix() { return KeyWriter().Byte('s').Take(); }
inline std::string TotalsKey(std::string_view seller) {
  return KeyWriter(TotalsPrefix()).Rest(seller).Take();
}
inline std::string RiskPrefix() { return KeyWriter().Byte('i').Take(); }
inline std::string RiskKey(uint32_t risk, std::string_view seller) {
  return KeyWriter(RiskPrefix())
      .Byte(static_cast<uint8_t>(255 - std::min<uint32_t>(risk, 255)))
      .Rest(seller)
      .Take();
}
inline std::string SellerNamePrefix(std::string_view folded) {
  return KeyWriter().Byte('n').Text(folded).Take();
}
inline std::string CodePrefix(std::string_view code) {
  return KeyWriter().Byte('c').Text(code).Take();
}
inline std::string WatchPrefix() { return KeyWriter().Byte('w').Take(); }
inline std::string WatchKey(uint64_t number) {
  return KeyWriter(WatchPrefix()).Number(number).Take();
}
inline std::string OfficialRecordKey(OfficialEntry::List list, std::string_view key) {
  return KeyWriter().Byte('o').Byte(static_cast<uint8_t>(list)).Rest(key).Take();
}
inline std::string ProposedPrefix() { return KeyWriter().Byte('p').Take(); }
inline std::string ProposedKey(std::string_view seller, std::string_view mark) {
  return KeyWriter(ProposedPrefix()).Text(seller).Rest(mark).Take();
}
inline std::string ProposalDecisionKey(std::string_view seller, std::string_view mark) {
  return KeyWriter().Byte('d').Text(seller).Rest(mark).Take();
}
inline std::string RowSalesKey(std::string_view row) {
  return KeyWriter().Byte('r').Rest(row).Take();
}
inline std::string DocumentPrefix(std::string_view seller) {
  return KeyWriter().Byte('m').Text(seller).Take();
}

// kClusters
inline std::string BunchPrefix() { return KeyWriter().Byte('b').Take(); }
inline std::string BunchKey(std::string_view id) {
  return KeyWriter(BunchPrefix()).Rest(id).Take();
}
inline std::string CountedPrefix(std::string_view id) {
  return KeyWriter().Byte('t').Text(id).Take();
}
inline std::string MemberPrefix(std::string_view id) {
  return KeyWriter().Byte('m').Text(id).Take();
}
inline std::string EventPrefix(std::string_view id) {
  return KeyWriter().Byte('e').Text(id).Take();
}
inline std::string TakenUpPrefix(std::string_view id) {
  return KeyWriter().Byte('a').Text(id).Take();
}
inline std::string StandingPrefix() { return KeyWriter().Byte('i').Take(); }
inline std::string StandingKey(uint64_t members, std::string_view id) {
  return KeyWriter(StandingPrefix()).Number(~members).Rest(id).Take();
}
inline std::string UndoneKey(std::string_view id) { return KeyWriter().Byte('u').Rest(id).Take(); }
inline std::string SplitPrefix(std::string_view id) {
  return KeyWriter().Byte('x').Text(id).Take();
}
inline std::string SplitKey(std::string_view id, std::string_view lead) {
  return KeyWriter(SplitPrefix(id)).Rest(IdBytes(lead)).Take();
}
inline std::string CorrelationPrefix() { return KeyWriter().Byte('d').Take(); }
inline std::string CorrelationKey(std::string_view id) {
  return KeyWriter(CorrelationPrefix()).Rest(id).Take();
}

}  // namespace cluehound::store
