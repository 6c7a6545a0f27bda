#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "rules/binding.h"
#include "rules/catalog.h"
#include "rules/mark_hits.h"
#include "rules/origin.h"
#include "rules/reading.h"
#include "rules/seller_list.h"
#include "rules/truth.h"

namespace cluehound::rules {

// Why a condition holds: a piece of a field, or a fact put into words, or both.
struct Evidence {
  std::optional<Field> field;
  Slice slice;       // of the folded field
  std::string fact;  // for officers, Chinese; empty when the slice says it
};

// Decides conditions on one listing. Every condition is decided by Holds() alone and without regard
// to its neighbours, so that any part of a rule can be asked for and shown.
// Not thread-safe; holds references to all that it is given.
class Judge {
 public:
  // `watched` may be null: then nobody knows who is watched.
  Judge(const Catalog& catalog, const Binding& binding, const extractors::Listing& listing,
        const Reading& reading, Instant now, const SellerList* watched = nullptr);

  // The mark that conditions speak of from here on, null for none. Only its places in `fields`
  // count for them.
  void Bind(const MarkHits* hits, FieldSet fields);

  // Appends to `evidence`, when it is not null, why the condition holds.
  Truth Holds(const Condition& condition, std::vector<Evidence>* evidence);

  const Mark* mark() const { return mark_; }
  // Of the bound mark, in its fields.
  const std::vector<Occurrence>& places() const { return places_; }

 private:
  Truth Decide(const Condition& c, std::vector<Evidence>* evidence);
  Truth HoldsAll(const Condition& c, std::vector<Evidence>* evidence);
  Truth HoldsAtLeast(const Condition& c, size_t wanted, std::vector<Evidence>* evidence);
  Truth HoldsNone(const Condition& c);
  Truth HoldsWords(const Condition& c, std::vector<Evidence>* evidence);
  Truth HoldsRegex(const Condition& c, std::vector<Evidence>* evidence);
  Truth HoldsMark(const Condition& c) const;
  Truth HoldsStyled(const Condition& c, std::vector<Evidence>* evidence) const;
  Truth HoldsDisguised(std::vector<Evidence>* evidence) const;
  Truth HoldsPrice(const Condition& c, std::vector<Evidence>* evidence) const;
  Truth HoldsSold(const Condition& c, std::vector<Evidence>* evidence) const;
  Truth HoldsTurnover(const Condition& c, std::vector<Evidence>* evidence) const;
  Truth HoldsSeller(const Condition& c) const;
  Truth HoldsOrigin(const Condition& c, std::vector<Evidence>* evidence);
  Truth HoldsShipsFrom(const Condition& c, std::vector<Evidence>* evidence) const;
  Truth HoldsGoods() const;
  Truth HoldsPatentNumber(const Condition& c, std::vector<Evidence>* evidence) const;
  Truth HoldsCreditCode(std::vector<Evidence>* evidence) const;
  Truth HoldsValidity(const Condition& c) const;
  Truth HoldsPresent(const Condition& c) const;

  // False, or unknown when one of the fields says nothing. Title and text always say what they say.
  Truth NotFound(FieldSet fields) const;
  // The piece stands where the condition wants it.
  bool InPlace(const Condition::Place& place, uint32_t to, Field field, Slice slice) const;
  bool NearAnchor(const Condition::Place& place, std::span<const Occurrence> anchors, Field field,
                  Slice slice) const;
  // Stands inside a name of the bound mark.
  bool InsideMark(Field field, Slice slice) const;
  // The lowest reference price, or usual sales, for the goods that the listing is about.
  std::optional<double> Reference(std::optional<double> ReferencePrice::*figure) const;
  bool AnyWord(const std::vector<uint32_t>& lists, FieldSet fields) const;
  Truth FromVerdict(const AreaVerdict& verdict, Condition::Side side, const std::string& label,
                    std::vector<Evidence>* evidence) const;

  const Catalog& catalog_;
  const Binding& binding_;
  const extractors::Listing& listing_;
  const Reading& reading_;
  Instant now_;
  const SellerList* watched_;
  const Mark* mark_ = nullptr;
  std::vector<Occurrence> places_;
  std::span<const Occurrence> all_places_;  // in every field
  std::optional<Declaration> declaration_;  // of the bound mark
};

}  // namespace cluehound::rules
