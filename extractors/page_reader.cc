#include "extractors/page_reader.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "base/text_encoding.h"
#include "base/url.h"
#include "extractors/address_resolver.h"
#include "extractors/blocked_page.h"
#include "extractors/busy_page.h"
#include "extractors/html_document.h"
#include "extractors/json_ld.h"
#include "extractors/links.h"
#include "extractors/listing_set.h"
#include "extractors/microdata.h"
#include "extractors/open_graph.h"
#include "extractors/page_head.h"
#include "extractors/page_kind.h"
#include "extractors/profile_reader.h"
#include "extractors/profile_set.h"
#include "extractors/record_miner.h"
#include "extractors/schema_listing.h"
#include "extractors/state_json.h"
#include "extractors/state_listing.h"

namespace cluehound::extractors {
namespace {

// Raised by hand whenever the code reads the same bytes differently.
constexpr std::string_view kCodeRevision = "3";

std::optional<Url> ParseOptional(std::string_view address) {
  if (address.empty()) return std::nullopt;
  auto url = Url::Parse(address);
  if (!url.ok()) return std::nullopt;
  return url->Canonical();
}

// The reading of one page.
class PageRead {
 public:
  PageRead(const PageInput& input, const ProfileSet& profiles, const ReadLimits& limits)
      : input_(input), profiles_(profiles), limits_(limits), listings_(limits.max_listings) {
    origin_.asked = ParseOptional(input.asked_url);
    origin_.final = ParseOptional(input.url);
  }

  PageReading Run() {
    if (input_.bytes.size() > limits_.max_bytes) {
      return Refuse(Outcome::kBodyTooLarge, "页面 " + std::to_string(input_.bytes.size()) +
                                                " 字节，超过上限 " +
                                                std::to_string(limits_.max_bytes));
    }
    std::string why;
    if (KindOfBytes(input_.bytes, input_.content_type, why) == PageKind::kOther) {
      return Refuse(Outcome::kNotHtml, std::move(why));
    }
    DecodedText decoded = DecodeHtml(input_.bytes, input_.content_type);
    reading_.encoding = std::move(decoded.encoding);
    const std::string_view text = decoded.utf8;
    std::string_view json;
    const PageKind kind = KindOfText(text, input_.content_type, json, why);
    if (kind == PageKind::kOther) return Refuse(Outcome::kNotHtml, std::move(why));
    if (kind == PageKind::kJson) {
      ReadJsonAnswer(json);
    } else {
      ReadHtml(text);
    }
    reading_.listings = listings_.Take();
    return std::move(reading_);
  }

 private:
  PageReading Refuse(Outcome outcome, std::string reason) {
    reading_.outcome = outcome;
    reading_.reason = std::move(reason);
    return std::move(reading_);
  }

  void ReadHtml(std::string_view text) {
    HtmlDocument::Refusal refusal;
    const ParseLimits limits{limits_.max_bytes * 3, limits_.max_depth, limits_.max_parse_memory};
    const auto document = HtmlDocument::Parse(text, limits, refusal);
    if (document == nullptr) {
      reading_.outcome = refusal.outcome;
      reading_.reason = std::move(refusal.reason);
      return;
    }
    PageHead head = ReadPageHead(*document);
    AddressResolver addresses(BaseOf(head), reading_.encoding);
    reading_.canonical_url = addresses.Resolve(head.canonical);
    reading_.meta_nofollow = head.nofollow;
    reading_.meta_noindex = head.noindex;
    StateJson state(*document);

    PageView page;
    page.text = text;
    page.title = head.title;
    page.url = origin_.final ? std::string_view(origin_.final->href())
                             : std::string_view(reading_.canonical_url);
    page.document = document.get();
    page.state = &state;
    page.addresses = &addresses;

    if (input_.use_profiles) ReadByProfiles(page);
    ReadStructuredData(page, head);
    if (listings_.empty()) NoteBlockedByProfile(page);
    // What a login page recommends beside its form is no answer to what was asked.
    if (reading_.outcome == Outcome::kOk) ReadByBuild(page, head);
    if (listings_.empty() && reading_.outcome == Outcome::kOk)
      NoteBusy(WhyBusy(*document, head.title));
    if (listings_.empty() && reading_.outcome == Outcome::kOk) NoteBlocked(page);
    if (reading_.outcome == Outcome::kOk) {
      const Selector* next =
          profile_ != nullptr && profile_->next_page ? &*profile_->next_page : nullptr;
      reading_.links = ReadLinks(*document, addresses, next, limits_.max_links);
    }
    if (document->exhausted()) {
      reading_.outcome = Outcome::kTooCostly;
      reading_.reason = "页面结构使查找过慢，只读到一部分";
    }
    reading_.title = std::move(head.title);
    if (profile_ != nullptr) reading_.profile = profile_->id;
  }

  // Pages that no profile knows.
  void ReadByBuild(const PageView& page, const PageHead& head) {
    if (listings_.empty()) ReadStates(page);
    if (listings_.empty() && input_.use_profiles) TryProfiles(profiles_.Fallbacks(), page);
    // A plain detail page may show more offers below the one that it is about.
    if ((listings_.empty() || (profile_ != nullptr && profile_->fallback)) &&
        head.og_type != "article") {
      AddAll(MineListings(*page.document, *page.addresses, limits_.max_listings));
    }
  }

  void ReadJsonAnswer(std::string_view json) {
    const auto document = JsonDocument::Parse(json);
    if (document == nullptr) {
      reading_.outcome = Outcome::kNotHtml;
      reading_.reason = "不是网页，也不是完整的 JSON";
      return;
    }
    AddressResolver addresses(origin_.final, reading_.encoding);
    NestedJson nested;
    PageView page;
    page.text = json;
    if (origin_.final) page.url = origin_.final->href();
    page.body = document->root();
    page.nested = &nested;
    page.addresses = &addresses;
    if (input_.use_profiles) ReadByProfiles(page);
    if (listings_.empty()) NoteBlockedByProfile(page);
    if (listings_.empty() && reading_.outcome == Outcome::kOk)
      AddAll(ListingsOfState(page.body, addresses, limits_.max_listings));
    if (listings_.empty() && reading_.outcome == Outcome::kOk) NoteBusy(WhyBusy(json));
    if (profile_ != nullptr) {
      reading_.profile = profile_->id;
    } else if (listings_.empty() && reading_.outcome == Outcome::kOk) {
      reading_.outcome = Outcome::kNotHtml;
      reading_.reason = "不是网页：JSON，没有可识别的条目";
    }
  }

  // What relative addresses are resolved against. A saved page without an address may still name
  // its own.
  std::optional<Url> BaseOf(const PageHead& head) const {
    std::optional<Url> own = origin_.final;
    if (!own && !head.canonical.empty())
      own = ParseOptional(AddressResolver({}, "").Resolve(head.canonical));
    if (head.base.empty()) return own;
    const auto base = Url::Parse(head.base, own ? &*own : nullptr);
    return base.ok() ? std::optional<Url>(base->Canonical()) : own;
  }

  void ReadByProfiles(const PageView& page) {
    if (!input_.profile.empty()) {
      const Profile* forced = profiles_.Find(input_.profile);
      if (forced != nullptr) TryProfiles({forced}, page);
      return;
    }
    const std::optional<Url> canonical = ParseOptional(reading_.canonical_url);
    std::vector<std::string_view> hosts;
    if (origin_.final) hosts.push_back(origin_.final->host());
    if (origin_.asked) hosts.push_back(origin_.asked->host());
    if (canonical) hosts.push_back(canonical->host());
    if (TryProfiles(profiles_.ForHosts(hosts), page)) return;
    TryProfiles(profiles_.Detect(page), page);
  }

  // Until one of them gives listings. The first one tried speaks for the page when none does.
  bool TryProfiles(const std::vector<const Profile*>& candidates, const PageView& page) {
    for (const Profile* profile : candidates) {
      if (std::find(tried_.begin(), tried_.end(), profile) != tried_.end()) continue;
      tried_.push_back(profile);
      ReadByProfile(*profile, page, PlatformOf(*profile), listings_);
      if (!listings_.empty()) {
        profile_ = profile;
        return true;
      }
    }
    if (profile_ == nullptr && !tried_.empty() && !tried_.front()->fallback)
      profile_ = tried_.front();
    return false;
  }

  // A platform's item numbers mean something on its own pages only. A page of another host that
  // looks like the platform's, or names it as its canonical address, must not pass for it.
  std::string_view PlatformOf(const Profile& profile) const {
    const bool own = !origin_.final || profile.ServesHost(origin_.final->host());
    return own ? std::string_view(profile.platform) : std::string_view();
  }

  void AddAll(std::vector<Listing> listings) {
    for (Listing& listing : listings) listings_.Add(std::move(listing));
  }

  // What a profile read is complete; others then only fill its gaps.
  void Take(std::vector<Listing> listings) {
    if (!by_profile_) return AddAll(std::move(listings));
    for (Listing& listing : listings) listings_.FillIn(std::move(listing));
  }

  void ReadStructuredData(const PageView& page, const PageHead& head) {
    by_profile_ = !listings_.empty();
    const size_t limit = limits_.max_listings;
    AddressResolver& addresses = *page.addresses;
    if (const auto scripts = page.state->ScriptsOfType("application/ld+json"); !scripts.empty()) {
      Take(ListingsOf(ReadJsonLd(scripts), FoundBy::kJsonLd, addresses, limit));
    }
    if (page.text.find("itemscope") != std::string_view::npos) {
      Take(ListingsOf(ReadMicrodata(*page.document, addresses), FoundBy::kMicrodata, addresses,
                      limit));
    }
    // A page that describes one thing is that thing's page.
    if (!by_profile_ && listings_.size() == 1 && !page.url.empty()) {
      Listing own;
      own.url = page.url;
      listings_.FillInOnly(std::move(own));
    }
    if (head.og_type.find("product") == std::string_view::npos &&
        page.text.find("price:amount") == std::string_view::npos) {
      return;
    }
    // Open Graph speaks of the page as a whole, so of the one thing on it, whatever it calls it.
    for (Listing& listing : ListingsOf(ReadOpenGraph(*page.document), addresses)) {
      if (listing.url.empty()) listing.url = page.url;
      if (listings_.empty()) {
        listings_.Add(std::move(listing));
      } else if (listings_.size() == 1) {
        listings_.FillInOnly(std::move(listing));
      }
    }
  }

  void ReadStates(const PageView& page) {
    const std::vector<JsonValue> well_known = page.state->WellKnown();
    for (const JsonValue& value : well_known) {
      AddAll(ListingsOfState(value, *page.addresses, limits_.max_listings));
    }
    for (const JsonValue& value : well_known) {
      if (listings_.empty()) AddAll(SingleOfState(value, *page.addresses));
    }
    if (!listings_.empty()) return;
    for (const JsonValue& value : page.state->Assigned()) {
      AddAll(ListingsOfState(value, *page.addresses, limits_.max_listings));
    }
  }

  // Whether a state is there that one of the profiles reads: an answer, even if an empty one.
  bool HasKnownState(const PageView& page) const {
    for (const Profile* profile : tried_) {
      for (const ItemReader& reader : profile->readers) {
        if (reader.from == ItemReader::From::kState && page.state != nullptr &&
            page.state->Find(reader.state)) {
          return true;
        }
      }
    }
    return false;
  }

  void NoteBusy(std::optional<std::string> why) {
    if (!why) return;
    reading_.outcome = Outcome::kBusy;
    reading_.reason = *std::move(why);
  }

  void NoteBlockedByProfile(const PageView& page) {
    std::optional<std::string> why;
    for (const Profile* profile : tried_) {
      if (!why) why = WhyBlocked(*profile, page, origin_);
    }
    NoteBlocked(std::move(why));
  }

  void NoteBlocked(const PageView& page) {
    NoteBlocked(WhyBlocked(page, origin_, HasKnownState(page)));
  }

  void NoteBlocked(std::optional<std::string> why) {
    if (!why) return;
    reading_.outcome = Outcome::kBlocked;
    reading_.reason = *std::move(why);
  }

  const PageInput& input_;
  const ProfileSet& profiles_;
  const ReadLimits& limits_;
  PageOrigin origin_;
  ListingSet listings_;
  PageReading reading_;
  std::vector<const Profile*> tried_;
  const Profile* profile_ = nullptr;
  bool by_profile_ = false;
};

}  // namespace

Result<std::unique_ptr<const PageReader>> PageReader::Create(const std::string& profile_dir,
                                                             ReadLimits limits,
                                                             Diagnostics& diagnostics) {
  ASSIGN_OR_RETURN(auto profiles, ProfileSet::Load(profile_dir, diagnostics));
  return std::unique_ptr<const PageReader>(new PageReader(std::move(profiles), limits));
}

PageReader::PageReader(std::unique_ptr<const ProfileSet> profiles, ReadLimits limits)
    : profiles_(std::move(profiles)),
      limits_(limits),
      revision_(std::string(kCodeRevision) + "-" + profiles_->digest().substr(0, 16)) {}

PageReader::~PageReader() = default;

PageReading PageReader::Read(const PageInput& page) const {
  return PageRead(page, *profiles_, limits_).Run();
}

}  // namespace cluehound::extractors
