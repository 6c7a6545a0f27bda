#include "rules/suspicion.h"

namespace cluehound::rules {

std::string_view Name(Mode mode) {
  switch (mode) {
    case Mode::kObserve:
      return "observe";
    case Mode::kLead:
      return "lead";
    case Mode::kAlert:
      return "alert";
  }
  return "";
}

}  // namespace cluehound::rules
