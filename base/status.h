#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace cluehound {

// Our own failures. What the web answered (404, timeout, refusal) is an Outcome, not a Status.
enum class Code {
  kOk,
  kNotFound,
  kInvalidArgument,
  kCorruption,
  kUnavailable,  // the disk, the store or a peer cannot serve now
  kTimeout,
  kDenied,
  kCancelled,
  kConflict,  // the caller's revision or lease is not the current one
};

class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Code code, std::string message) : code_(code), message_(std::move(message)) {}

  static Status Ok() { return {}; }
  static Status NotFound(std::string m) { return {Code::kNotFound, std::move(m)}; }
  static Status InvalidArgument(std::string m) { return {Code::kInvalidArgument, std::move(m)}; }
  static Status Corruption(std::string m) { return {Code::kCorruption, std::move(m)}; }
  static Status Unavailable(std::string m) { return {Code::kUnavailable, std::move(m)}; }
  static Status Timeout(std::string m) { return {Code::kTimeout, std::move(m)}; }
  static Status Denied(std::string m) { return {Code::kDenied, std::move(m)}; }
  static Status Cancelled(std::string m) { return {Code::kCancelled, std::move(m)}; }
  static Status Conflict(std::string m) { return {Code::kConflict, std::move(m)}; }

  bool ok() const { return code_ == Code::kOk; }
  Code code() const { return code_; }
  const std::string& message() const { return message_; }

  // The same failure, seen from one call further out: "open store: " + "recover log: checksum
  // mismatch".
  Status Within(std::string_view outer) const&;

  // Spells out that this failure is meant to have no effect, and why.
  void IgnoreError(std::string_view /*why*/) const {}

 private:
  Code code_ = Code::kOk;
  std::string message_;
};

std::string_view CodeName(Code code);

// "invalid argument: pace: must be positive"
std::string ToString(const Status& status);

// A T, or the Status that says why there is none.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value)
      : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit on purpose
  // REQUIRES: !status.ok()
  Result(Status status) : state_(std::in_place_index<1>, std::move(status)) {}  // NOLINT

  bool ok() const { return state_.index() == 0; }
  // Ok when there is a value.
  Status status() const& { return ok() ? Status() : std::get<1>(state_); }

  // REQUIRES: ok()
  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  std::variant<T, Status> state_;
};

}  // namespace cluehound

#define CLUEHOUND_CONCAT_(a, b) a##b
#define CLUEHOUND_CONCAT(a, b) CLUEHOUND_CONCAT_(a, b)

// Leaves the function with the failure of `expr`, if it failed.
#define RETURN_IF_ERROR(expr)                          \
  do {                                                 \
    ::cluehound::Status status_of_expr_ = (expr);      \
    if (!status_of_expr_.ok()) return status_of_expr_; \
  } while (false)

// ASSIGN_OR_RETURN(auto page, Read(path)): the value, or the function ends with the failure.
#define ASSIGN_OR_RETURN(lhs, expr) \
  ASSIGN_OR_RETURN_IMPL_(CLUEHOUND_CONCAT(result_of_expr_, __LINE__), lhs, expr)
#define ASSIGN_OR_RETURN_IMPL_(result, lhs, expr) \
  auto result = (expr);                           \
  if (!result.ok()) return result.status();       \
  lhs = std::move(result).value()
