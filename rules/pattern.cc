#include "rules/pattern.h"

#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include <algorithm>

#include "base/text.h"

namespace cluehound::rules {
namespace {

// Of one pattern, program and automaton together. The packs' largest needs a tenth of it.
constexpr int64_t kMaxMemory = 2 << 20;
constexpr int kMaxProgram = 5000;
// One Chinese character is three bytes; two let "zl" count.
constexpr int kMinLiteralBytes = 2;

RE2::Options Options() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMaxMemory);
  // The text is in small letters and so is the pattern. Folding inside RE2 is not wanted: at this
  // version its case factoring can miss a variant (google/re2 #467).
  options.set_case_sensitive(true);
  return options;
}

// A character that folding would change never stands in a folded text.
Status CheckFolded(std::string_view pattern) {
  for (size_t pos = 0; pos < pattern.size();) {
    const size_t begin = pos;
    if (pattern[pos] == '\\') {
      ++pos;
      if (pos >= pattern.size()) break;
      const bool property = pattern[pos] == 'p' || pattern[pos] == 'P';
      DecodeUtf8(pattern, pos);
      if (property && pos < pattern.size() && pattern[pos] == '{') {
        pos = std::min(pattern.find('}', pos), pattern.size());
      } else if (property && pos < pattern.size()) {
        ++pos;
      }
      continue;
    }
    DecodeUtf8(pattern, pos);
    const std::string_view written = pattern.substr(begin, pos - begin);
    const std::string folded = FoldString(written);
    if (folded == written) continue;
    std::string problem = '"' + std::string(written) + "\" never stands in folded text";
    if (!folded.empty()) problem += ": write \"" + folded + '"';
    return Status::InvalidArgument(std::move(problem));
  }
  return Status::Ok();
}

}  // namespace

struct PatternSet::Impl {
  re2::FilteredRE2 filter{kMinLiteralBytes};
  size_t size = 0;
  std::vector<bool> unfiltered;
};

PatternSet::PatternSet() : impl_(std::make_unique<Impl>()) {}
PatternSet::~PatternSet() = default;
PatternSet::PatternSet(PatternSet&&) noexcept = default;
PatternSet& PatternSet::operator=(PatternSet&&) noexcept = default;

Result<uint32_t> PatternSet::Add(std::string_view pattern) {
  if (pattern.empty() || pattern.size() > kMaxPatternBytes)
    return Status::InvalidArgument("a pattern has 1 to " + std::to_string(kMaxPatternBytes) +
                                   " bytes");
  RETURN_IF_ERROR(CheckFolded(pattern));
  const RE2 alone(re2::StringPiece(pattern.data(), pattern.size()), Options());
  if (!alone.ok()) return Status::InvalidArgument("not a pattern that RE2 takes: " + alone.error());
  if (alone.ProgramSize() > kMaxProgram || alone.ReverseProgramSize() > kMaxProgram)
    return Status::InvalidArgument("too large once compiled: shorten its repetitions");
  if (RE2::PartialMatch("", alone))
    return Status::InvalidArgument("it matches the empty text, so it matches everything");
  int id = 0;
  const RE2::ErrorCode error =
      impl_->filter.Add(re2::StringPiece(pattern.data(), pattern.size()), Options(), &id);
  if (error != RE2::NoError)
    return Status::InvalidArgument("not a pattern that RE2 takes: code " + std::to_string(error));
  impl_->size = static_cast<size_t>(id) + 1;
  return static_cast<uint32_t>(id);
}

std::vector<std::string> PatternSet::Prepare() {
  std::vector<std::string> literals;
  if (impl_->size == 0) return literals;
  impl_->filter.Compile(&literals);
  impl_->unfiltered.assign(impl_->size, false);
  std::vector<int> always;
  impl_->filter.AllPotentials({}, &always);
  for (const int id : always) impl_->unfiltered[static_cast<size_t>(id)] = true;
  return literals;
}

std::vector<uint32_t> PatternSet::Possible(const std::vector<int>& literals) const {
  if (impl_->size == 0) return {};
  std::vector<int> ids;
  impl_->filter.AllPotentials(literals, &ids);
  return {ids.begin(), ids.end()};
}

bool PatternSet::unfiltered(uint32_t pattern) const { return impl_->unfiltered[pattern]; }

void PatternSet::Find(uint32_t pattern, std::string_view folded,
                      std::vector<Slice>& matches) const {
  const RE2& re = impl_->filter.GetRE2(static_cast<int>(pattern));
  const re2::StringPiece text(folded.data(), folded.size());
  size_t pos = 0;
  for (size_t found = 0; found < kMaxMatches && pos < folded.size();) {
    re2::StringPiece match;
    if (!re.Match(text, pos, text.size(), RE2::UNANCHORED, &match, 1)) return;
    const auto begin = static_cast<size_t>(match.data() - folded.data());
    if (match.empty()) {  // "\b": nothing that could be shown
      pos = begin;
      if (pos < folded.size()) DecodeUtf8(folded, pos);
      continue;
    }
    pos = begin + match.size();
    matches.push_back({static_cast<uint32_t>(begin), static_cast<uint32_t>(pos)});
    ++found;
  }
}

size_t PatternSet::size() const { return impl_->size; }

}  // namespace cluehound::rules
