#include "app/exit_code.h"

#include <cstdio>

namespace cluehound::app {

int Report(const Status& status) {
  if (status.ok()) return kExitDone;
  std::fprintf(stderr, "cluehound: %s\n", status.message().c_str());
  return status.code() == Code::kInvalidArgument ? kExitUsage : kExitFailure;
}

}  // namespace cluehound::app
