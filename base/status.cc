#include "base/status.h"

namespace cluehound {

Status Status::Within(std::string_view outer) const& {
  if (ok()) return *this;
  return Status(code_, std::string(outer) + ": " + message_);
}

std::string_view CodeName(Code code) {
  switch (code) {
    case Code::kOk:
      return "ok";
    case Code::kNotFound:
      return "not found";
    case Code::kInvalidArgument:
      return "invalid argument";
    case Code::kCorruption:
      return "corruption";
    case Code::kUnavailable:
      return "unavailable";
    case Code::kTimeout:
      return "timeout";
    case Code::kDenied:
      return "denied";
    case Code::kCancelled:
      return "cancelled";
    case Code::kConflict:
      return "conflict";
  }
  return "unknown";
}

std::string ToString(const Status& status) {
  if (status.ok()) return "ok";
  return std::string(CodeName(status.code())) + ": " + status.message();
}

}  // namespace cluehound
