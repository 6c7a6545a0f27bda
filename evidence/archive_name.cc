#include "evidence/archive_name.h"

#include <algorithm>

#include "base/text.h"

namespace cluehound::evidence {
namespace {

constexpr std::string_view kFront = "cluehound-";
constexpr std::string_view kEnding = ".warc.gz";
constexpr size_t kStampDigits = 17;
constexpr size_t kSerialDigits = 5;

bool AllDigits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), IsAsciiDigit);
}

}  // namespace

std::optional<ArchiveName> ArchiveName::Parse(std::string_view file) {
  if (!file.starts_with(kFront) || !file.ends_with(kEnding)) return std::nullopt;
  file.remove_prefix(kFront.size());
  if (file.size() < kStampDigits + 1 + kSerialDigits + kEnding.size()) return std::nullopt;
  file.remove_suffix(kEnding.size());
  const std::string_view stamp = file.substr(0, kStampDigits),
                         serial = file.substr(kStampDigits + 1);
  const auto number = ParseInt(serial);
  if (!AllDigits(stamp) || file[kStampDigits] != '-' || !AllDigits(serial) || !number)
    return std::nullopt;
  return ArchiveName{std::string(stamp), static_cast<uint64_t>(*number)};
}

ArchiveName ArchiveName::After(const std::optional<ArchiveName>& previous, Instant now) {
  ArchiveName name;
  for (const char c : FormatUtcTime(now)) {
    if (IsAsciiDigit(c)) name.stamp += c;
  }
  if (previous) name.stamp = std::max(name.stamp, previous->stamp);
  name.serial = previous ? previous->serial + 1 : 1;
  return name;
}

std::string ArchiveName::file() const {
  std::string digits = std::to_string(serial);
  if (digits.size() < kSerialDigits) digits.insert(0, kSerialDigits - digits.size(), '0');
  return std::string(kFront) + stamp + "-" + digits + std::string(kEnding);
}

}  // namespace cluehound::evidence
