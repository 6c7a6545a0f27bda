#pragma once

#include <initializer_list>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "store/office_records.h"

namespace cluehound::triage {

// Who may call an operation.
struct Permission {
  std::string_view operation;
  unsigned roles = 0;     // a bit a role
  bool counties = false;  // false: the city's accounts alone; true: what it gives is of the scope

  bool Allows(store::Role role) const { return (roles & Bit(role)) != 0; }
  static constexpr unsigned Bit(store::Role role) { return 1u << static_cast<unsigned>(role); }
};

// The one table of who may do what. An operation that it does not name is for the city's
// administrators alone, so that a new one is closed until somebody thought about it.
Permission PermissionOf(std::string_view operation);
const std::vector<Permission>& Permissions();

// kDenied when an account of this role and county (empty: the city) may not call it.
Status CheckPermission(std::string_view operation, store::Role role, std::string_view county);

}  // namespace cluehound::triage
