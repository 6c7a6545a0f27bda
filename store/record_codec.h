#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "base/clock.h"
#include "base/digest.h"
#include "base/status.h"

// Records as bytes: a version, then tagged fields. A field that the reader does not know is
// skipped, one that is not there keeps the default of its struct, so that a struct can grow without
// a migration. docs/store-format.md gives the bytes; record_fields.h describes the structs. One
// description drives both directions.
//
// A struct is described by
//   template <> struct Described<Point> {
//     static constexpr auto kFields = std::make_tuple(Tagged(1, &Point::x), Tagged(2, &Point::y));
//   };
// Tags are stored: never reuse one. A field equal to its default is not written.
namespace cluehound::store {

inline constexpr uint8_t kRecordVersion = 1;

template <class T, class M>
struct TaggedField {
  uint32_t tag;
  M T::*member;
};
template <class T, class M>
constexpr TaggedField<T, M> Tagged(uint32_t tag, M T::*member) {
  return {tag, member};
}

template <class T>
struct Described;
template <class T>
concept IsDescribed = requires {
  Described<T>::kFields;
};

// First and last number of a stored enum; a number outside is corruption, since code indexes tables
// with it.
template <class E>
struct EnumBounds;

namespace wire {

enum class Type : uint8_t { kVarint = 0, kBytes = 1 };

void PutVarint(std::string& out, uint64_t value);
inline uint64_t ZigZag(int64_t v) {
  return (static_cast<uint64_t>(v) << 1) ^ static_cast<uint64_t>(v >> 63);
}
inline int64_t UnZigZag(uint64_t v) {
  return static_cast<int64_t>(v >> 1) ^ -static_cast<int64_t>(v & 1);
}

// Reads what lies in `bytes`; every method gives false at the first byte that does not fit.
class Input {
 public:
  // `memory`: bytes that the values may still take; lists draw on it, so that two bytes of input
  // cannot cost hundreds of bytes of memory without end.
  Input(std::string_view bytes, size_t& memory) : rest_(bytes), memory_(memory) {}
  bool done() const { return rest_.empty(); }
  bool Varint(uint64_t& value);
  bool Bytes(std::string_view& value);
  bool Skip(Type type);
  bool Spend(size_t bytes);
  size_t& memory() { return memory_; }

 private:
  std::string_view rest_;
  size_t& memory_;
};

template <class T>
void PutFields(std::string& out, const T& value);
template <class T>
bool ReadFields(Input& in, T& value);

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};

template <class T>
constexpr Type TypeOf() {
  if constexpr (std::is_integral_v<T> || std::is_enum_v<T> || std::is_same_v<T, Instant>) {
    return Type::kVarint;
  } else {
    return Type::kBytes;
  }
}

template <class T>
void PutValue(std::string& out, const T& value) {
  if constexpr (std::is_same_v<T, Instant>) {
    PutVarint(out, ZigZag(ToMillis(value)));
  } else if constexpr (std::is_enum_v<T>) {
    PutVarint(out, static_cast<uint64_t>(value));
  } else if constexpr (std::is_signed_v<T>) {
    PutVarint(out, ZigZag(value));
  } else if constexpr (std::is_integral_v<T>) {
    PutVarint(out, value);
  } else if constexpr (std::is_same_v<T, std::string>) {
    PutVarint(out, value.size());
    out += value;
  } else if constexpr (std::is_same_v<T, Digest>) {
    PutVarint(out, value.size());
    out += cluehound::Bytes(value);
  } else {
    static_assert(IsDescribed<T>);
    std::string inner;
    PutFields(inner, value);
    PutVarint(out, inner.size());
    out += inner;
  }
}

template <class T>
bool ReadNumber(Input& in, T& value) {
  uint64_t raw = 0;
  if (!in.Varint(raw)) return false;
  if constexpr (std::is_same_v<T, Instant>) {
    value = FromMillis(UnZigZag(raw));
  } else if constexpr (std::is_same_v<T, bool>) {
    if (raw > 1) return false;
    value = raw == 1;
  } else if constexpr (std::is_enum_v<T>) {
    if (raw < EnumBounds<T>::kFirst || raw > EnumBounds<T>::kLast) return false;
    value = static_cast<T>(raw);
  } else if constexpr (std::is_signed_v<T>) {
    const int64_t wide = UnZigZag(raw);
    if (wide < std::numeric_limits<T>::min() || wide > std::numeric_limits<T>::max()) return false;
    value = static_cast<T>(wide);
  } else {
    if (raw > std::numeric_limits<T>::max()) return false;
    value = static_cast<T>(raw);
  }
  return true;
}

template <class T>
bool ReadValue(Input& in, T& value) {
  if constexpr (TypeOf<T>() == Type::kVarint) {
    return ReadNumber(in, value);
  } else {
    std::string_view bytes;
    if (!in.Bytes(bytes)) return false;
    if constexpr (std::is_same_v<T, std::string>) {
      if (!in.Spend(bytes.size())) return false;
      value.assign(bytes);
      return true;
    } else if constexpr (std::is_same_v<T, Digest>) {
      if (bytes.size() != value.size()) return false;
      std::copy(bytes.begin(), bytes.end(), value.begin());
      return true;
    } else {
      Input inner(bytes, in.memory());
      value = T();
      return ReadFields(inner, value);
    }
  }
}

inline void PutTag(std::string& out, uint32_t tag, Type type) {
  PutVarint(out, (static_cast<uint64_t>(tag) << 2) | static_cast<uint64_t>(type));
}

template <class M>
void PutField(std::string& out, uint32_t tag, const M& value, const M& absent) {
  if constexpr (IsVector<M>::value) {
    for (const auto& element : value) {
      PutTag(out, tag, TypeOf<typename M::value_type>());
      PutValue(out, element);
    }
  } else if constexpr (IsOptional<M>::value) {
    if (!value) return;
    PutTag(out, tag, TypeOf<typename M::value_type>());
    PutValue(out, *value);
  } else {
    if (value == absent) return;
    PutTag(out, tag, TypeOf<M>());
    PutValue(out, value);
  }
}

template <class M>
bool ReadField(Input& in, Type type, M& value) {
  if constexpr (IsVector<M>::value) {
    using Element = typename M::value_type;
    if (type != TypeOf<Element>() || !in.Spend(sizeof(Element))) return false;
    return ReadValue(in, value.emplace_back());
  } else if constexpr (IsOptional<M>::value) {
    return type == TypeOf<typename M::value_type>() && ReadValue(in, value.emplace());
  } else {
    return type == TypeOf<M>() && ReadValue(in, value);
  }
}

template <class T>
void PutFields(std::string& out, const T& value) {
  static const T kAbsent{};
  std::apply(
      [&](const auto&... f) { (PutField(out, f.tag, value.*f.member, kAbsent.*f.member), ...); },
      Described<T>::kFields);
}

template <class T>
bool ReadFields(Input& in, T& value) {
  while (!in.done()) {
    uint64_t head = 0;
    if (!in.Varint(head) || (head & 3) > static_cast<uint64_t>(Type::kBytes)) return false;
    const auto type = static_cast<Type>(head & 3);
    bool known = false;
    bool good = true;
    std::apply(
        [&](const auto&... f) {
          (void)((f.tag == (head >> 2)
                      ? (known = true, good = ReadField(in, type, value.*f.member), true)
                      : false) ||
                 ...);
        },
        Described<T>::kFields);
    if (known ? !good : !in.Skip(type)) return false;
  }
  return true;
}

}  // namespace wire

// What a decoded record may take in memory, beside its bytes.
inline constexpr size_t kMaxRecordMemory = 256u << 20;

template <class T>
std::string EncodeRecord(const T& value) {
  std::string out(1, static_cast<char>(kRecordVersion));
  wire::PutFields(out, value);
  return out;
}

// Fails with kCorruption. `what` names the record in the message.
template <class T>
Result<T> DecodeRecord(std::string_view bytes, std::string_view what) {
  const std::string name(what);
  if (bytes.empty()) return Status::Corruption(name + ": the record is empty");
  const auto version = static_cast<uint8_t>(bytes[0]);
  if (version != kRecordVersion) {
    return Status::Corruption(name + ": record version " + std::to_string(version) +
                              ", this program reads " + std::to_string(kRecordVersion));
  }
  size_t memory = kMaxRecordMemory;
  wire::Input in(bytes.substr(1), memory);
  T value{};
  if (!wire::ReadFields(in, value)) return Status::Corruption(name + ": the record is damaged");
  return value;
}

}  // namespace cluehound::store
