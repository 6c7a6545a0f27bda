#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "store/identity.h"
#include "store/records.h"

namespace cluehound::store {

// What another reading of addresses would make of the listings behind the leads: which would become
// one, and which would fall apart. Nothing is changed; ids of leads stay what they are for ever, so
// this is for people to see before the reading is changed for what comes.
class KeyChange {
 public:
  explicit KeyChange(AddressReading reading) : reading_(std::move(reading)) {}

  // Once for each lead, in any order. The memory is that of two addresses a lead.
  void Add(const Lead& lead);

  struct Plan {
    uint64_t leads = 0;
    uint64_t stay = 0;
    std::vector<std::vector<LeadId>> merge;  // leads of several listings that would be one
    std::vector<std::vector<LeadId>> split;  // leads of one listing that would be several
  };
  Plan Make() const;

 private:
  struct Seen {
    LeadId lead;
    std::string name_space;
    std::string platform_id;
    std::vector<std::string> addresses;  // as the new reading has them
  };

  AddressReading reading_;
  std::map<ListingIdentity, std::vector<Seen>> listings_;
};

}  // namespace cluehound::store
