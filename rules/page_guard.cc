#include "rules/page_guard.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include "rules/reading.h"

namespace cluehound::rules {
namespace {

using extractors::Listing;

constexpr size_t kManyMarks = 10;    // no honest title names so many
constexpr size_t kManyFamilies = 5;  // of eleven
constexpr size_t kManyListings = 8;  // fewer are no pattern
constexpr size_t kNearlyAll = 80;    // of a hundred listings
constexpr int kOwnWords = 4;         // characters that a title has beside the shop's

constexpr std::array<std::string_view, 17> kSeparators = {
    "|", "｜", "丨", "_", " - ", "—", "–", "·", "•", "【", "】", "[", "]", "。", "！", "；", "\n"};

// A piece of a field, without the blanks around it.
struct Piece {
  uint32_t begin = 0;
  uint32_t end = 0;
};

size_t SeparatorAt(std::string_view text, size_t pos) {
  for (const std::string_view separator : kSeparators) {
    if (text.substr(pos).starts_with(separator)) return separator.size();
  }
  return 0;
}

std::vector<Piece> PiecesOf(std::string_view text) {
  std::vector<Piece> pieces;
  size_t begin = 0;
  const auto add = [&](size_t end) {
    while (begin < end && text[begin] == ' ') ++begin;
    while (begin < end && text[end - 1] == ' ') --end;
    if (begin < end) pieces.push_back({static_cast<uint32_t>(begin), static_cast<uint32_t>(end)});
  };
  for (size_t pos = 0; pos < text.size();) {
    const size_t length = SeparatorAt(text, pos);
    if (length == 0) {
      ++pos;
      continue;
    }
    add(pos);
    pos += length;
    begin = pos;
  }
  add(text.size());
  return pieces;
}

std::string_view TextOf(std::string_view text, const Piece& piece) {
  return text.substr(piece.begin, piece.end - piece.begin);
}

void MakeHint(Suspicion& suspicion, std::string note) {
  suspicion.level = "low";
  if (suspicion.mode == Mode::kAlert) suspicion.mode = Mode::kLead;
  if (suspicion.score > kHintScore) {
    suspicion.score_parts.push_back({"仅作提示", kHintScore - suspicion.score});
    suspicion.score = kHintScore;
  }
  suspicion.notes.insert(suspicion.notes.begin(), std::move(note));
}

// The suspicion is only counted from here on, and so are the hits that it speaks for.
void Silence(Suspicion& suspicion, Evaluation& evaluation) {
  suspicion.mode = Mode::kObserve;
  for (std::vector<Hit>* hits : {&suspicion.hits, &evaluation.hits}) {
    for (Hit& hit : *hits) {
      if (hit.rule == suspicion.rule) hit.mode = Mode::kObserve;
    }
  }
}

bool IsLead(const Suspicion& suspicion) { return suspicion.mode != Mode::kObserve; }

// --- one listing ---

size_t MarksIn(const Evaluation& evaluation, std::string_view field) {
  std::set<std::string_view> marks;
  for (const Hit& hit : evaluation.hits) {
    if (!hit.mark.empty() && (field.empty() || hit.field == field)) marks.insert(hit.mark);
  }
  return marks.size();
}

// The title names the mark of the suspicion and holds one of its signs.
bool TitleTells(const Suspicion& suspicion) {
  const auto in_title = [](const auto& piece) { return piece.field == "title"; };
  return std::any_of(suspicion.signs.begin(), suspicion.signs.end(), in_title) &&
         (suspicion.mark.empty() ||
          std::any_of(suspicion.hits.begin(), suspicion.hits.end(),
                      [&](const Hit& hit) { return in_title(hit) && hit.mark == suspicion.mark; }));
}

void GuardListing(Evaluation& evaluation) {
  const auto leads = static_cast<size_t>(
      std::count_if(evaluation.suspicions.begin(), evaluation.suspicions.end(), IsLead));
  if (leads == 0) return;
  const size_t marks = MarksIn(evaluation, "");
  if (marks < kManyMarks && leads < kManyFamilies) return;
  const bool plain_title = leads < kManyFamilies && MarksIn(evaluation, "title") < kManyMarks;
  bool hinted = false;
  for (Suspicion& suspicion : evaluation.suspicions) {
    if (!IsLead(suspicion) || (plain_title && TitleTells(suspicion))) continue;
    if (hinted) {
      Silence(suspicion, evaluation);
      continue;
    }
    hinted = true;
    MakeHint(suspicion, "页面罗列 " + std::to_string(marks) + " 个受保护标识，触发 " +
                            std::to_string(leads) + " 类规则，疑为关键词堆砌，仅作一条提示");
  }
}

// --- the page ---

class Page {
 public:
  Page(std::span<const Listing> listings, std::vector<Evaluation>& evaluations)
      : listings_(listings), evaluations_(evaluations) {}

  void Guard() {
    // What few listings are suspected of is not about the page; most pages end here.
    std::map<std::string_view, std::vector<Found>> by_rule;
    for (size_t i = 0; i < evaluations_.size(); ++i) {
      for (Suspicion& suspicion : evaluations_[i].suspicions) {
        if (IsLead(suspicion)) by_rule[suspicion.rule].push_back({i, &suspicion});
      }
    }
    for (auto& [rule, found] : by_rule) {
      if (!NearlyAll(found.size())) continue;
      if (!read_) ReadPieces();
      std::erase_if(found, [&](const Found& f) { return !IsShops(f); });
      if (NearlyAll(found.size())) KeepOne(found);
    }
  }

 private:
  struct Found {
    size_t listing;
    Suspicion* suspicion;
  };

  bool NearlyAll(size_t count) const {
    return count >= kManyListings && count * 100 >= listings_.size() * kNearlyAll;
  }

  void ReadPieces() {
    read_ = true;
    for (const Listing& listing : listings_) {
      titles_.push_back(PiecesOf(listing.title));
      texts_.push_back(PiecesOf(listing.text));
      std::set<std::string_view> pieces;
      for (const Piece& piece : titles_.back()) pieces.insert(TextOf(listing.title, piece));
      for (const Piece& piece : texts_.back()) pieces.insert(TextOf(listing.text, piece));
      for (const std::string_view piece : pieces) ++times_[piece];
    }
  }

  bool IsShops(std::string_view piece) const {
    const auto it = times_.find(piece);
    return it != times_.end() && NearlyAll(it->second);
  }

  // All that the suspicion rests on stands in words of the shop, and the listing has words of its own.
  bool IsShops(const Found& found) const {
    const Listing& listing = listings_[found.listing];
    int own = 0;
    for (const Piece& piece : titles_[found.listing]) {
      const std::string_view text = TextOf(listing.title, piece);
      if (!IsShops(text)) own += CountCharacters(text);
    }
    if (own < kOwnWords) return false;
    bool any = false;
    const auto covered = [&](const auto& shown) {
      if (shown.field.empty()) return true;  // a price or sales figure
      any = true;
      return InShops(found.listing, shown.field, shown.begin, shown.end);
    };
    const Suspicion& suspicion = *found.suspicion;
    return std::all_of(suspicion.hits.begin(), suspicion.hits.end(), covered) &&
           std::all_of(suspicion.signs.begin(), suspicion.signs.end(), covered) && any;
  }

  bool InShops(size_t index, std::string_view field, uint32_t begin, uint32_t end) const {
    if (field != "title" && field != "text") return false;
    const bool title = field == "title";
    const std::string_view text = title ? listings_[index].title : listings_[index].text;
    const std::vector<Piece>& pieces = title ? titles_[index] : texts_[index];
    const auto after =
        std::upper_bound(pieces.begin(), pieces.end(), begin,
                         [](uint32_t place, const Piece& piece) { return place < piece.begin; });
    if (after == pieces.begin()) return false;
    const Piece& piece = *std::prev(after);
    return end <= piece.end && IsShops(TextOf(text, piece));
  }

  // The hint stays with the same listing however the page is ordered.
  void KeepOne(std::vector<Found>& found) const {
    const auto first =
        std::min_element(found.begin(), found.end(), [&](const Found& a, const Found& b) {
          const Listing &x = listings_[a.listing], &y = listings_[b.listing];
          return std::tie(x.id, x.url, x.title) < std::tie(y.id, y.url, y.title);
        });
    for (const Found& other : found) {
      if (other.listing != first->listing) Silence(*other.suspicion, evaluations_[other.listing]);
    }
    MakeHint(*first->suspicion, "本页 " + std::to_string(found.size()) +
                                    " 件商品含同一段店铺文字，均因该段文字触发，仅作一条提示");
  }

  std::span<const Listing> listings_;
  std::vector<Evaluation>& evaluations_;
  bool read_ = false;
  std::vector<std::vector<Piece>> titles_, texts_;
  std::unordered_map<std::string_view, size_t> times_;  // listings that hold the piece
};

}  // namespace

void GuardPage(std::span<const Listing> listings, std::vector<Evaluation>& evaluations) {
  for (Evaluation& evaluation : evaluations) GuardListing(evaluation);
  if (listings.size() >= kManyListings) Page(listings, evaluations).Guard();
}

}  // namespace cluehound::rules
