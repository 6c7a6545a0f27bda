#pragma once

#include "store/campaign_ledger.h"
#include "store/paper.h"
#include "store/record_codec.h"
#include "store/records.h"
#include "store/source_ledger.h"
#include "store/store.h"
#include "store/stored_records.h"

// The fields of every stored struct, with their tags. docs/store-format.md repeats them for people.
namespace cluehound::store {

template <>
struct EnumBounds<Outcome> {
  static constexpr uint64_t kFirst = 1, kLast = static_cast<uint64_t>(Outcome::kBusy);
};
template <>
struct EnumBounds<LeadStatus> {
  static constexpr uint64_t kFirst = 1, kLast = static_cast<uint64_t>(LeadStatus::kClosed);
};
template <>
struct EnumBounds<EntryKind> {
  static constexpr uint64_t kFirst = 1, kLast = 255;
};
template <>
struct EnumBounds<Dispatch::State> {
  static constexpr uint64_t kFirst = 1, kLast = static_cast<uint64_t>(Dispatch::State::kSentBack);
};
template <>
struct EnumBounds<Jurisdiction::Place> {
  static constexpr uint64_t kFirst = 0,
                            kLast = static_cast<uint64_t>(Jurisdiction::Place::kElsewhere);
};
template <>
struct EnumBounds<Jurisdiction::Basis> {
  static constexpr uint64_t kFirst = 0,
                            kLast = static_cast<uint64_t>(Jurisdiction::Basis::kShipping);
};
template <>
struct EnumBounds<Presence> {
  static constexpr uint64_t kFirst = 1, kLast = static_cast<uint64_t>(Presence::kGone);
};
template <>
struct EnumBounds<extractors::ListingKind> {
  static constexpr uint64_t kFirst = 1,
                            kLast = static_cast<uint64_t>(extractors::ListingKind::kAgency);
};
template <>
struct EnumBounds<extractors::FoundBy> {
  static constexpr uint64_t kFirst = 1, kLast = static_cast<uint64_t>(extractors::FoundBy::kPerson);
};
template <>
struct EnumBounds<rules::Mode> {
  static constexpr uint64_t kFirst = 1, kLast = static_cast<uint64_t>(rules::Mode::kAlert);
};

template <>
struct Described<extractors::Listing> {
  using T = extractors::Listing;
  static constexpr auto kFields = std::make_tuple(
      Tagged(1, &T::kind), Tagged(2, &T::found_by), Tagged(3, &T::id), Tagged(4, &T::url),
      Tagged(5, &T::title), Tagged(6, &T::price), Tagged(7, &T::price_max), Tagged(8, &T::currency),
      Tagged(9, &T::sold), Tagged(10, &T::sold_at_least), Tagged(11, &T::seller),
      Tagged(12, &T::seller_id), Tagged(13, &T::location), Tagged(14, &T::origin),
      Tagged(15, &T::images), Tagged(16, &T::text), Tagged(17, &T::platform), Tagged(18, &T::state),
      Tagged(19, &T::viewers), Tagged(20, &T::room_operator), Tagged(21, &T::marketing_person),
      Tagged(22, &T::merchants));
};

template <>
struct Described<ListingList> {
  static constexpr auto kFields = std::make_tuple(Tagged(1, &ListingList::listings));
};

template <>
struct Described<rules::Hit> {
  using T = rules::Hit;
  static constexpr auto kFields = std::make_tuple(
      Tagged(1, &T::rule), Tagged(2, &T::mark), Tagged(3, &T::category), Tagged(4, &T::text),
      Tagged(5, &T::field), Tagged(6, &T::begin), Tagged(7, &T::end), Tagged(8, &T::folds),
      Tagged(9, &T::mode), Tagged(10, &T::score));
};

template <>
struct Described<rules::Sign> {
  using T = rules::Sign;
  static constexpr auto kFields = std::make_tuple(
      Tagged(1, &T::kind), Tagged(2, &T::label), Tagged(3, &T::text), Tagged(4, &T::field),
      Tagged(5, &T::begin), Tagged(6, &T::end), Tagged(7, &T::score));
};

template <>
struct Described<rules::ScorePart> {
  using T = rules::ScorePart;
  static constexpr auto kFields = std::make_tuple(Tagged(1, &T::label), Tagged(2, &T::points));
};

template <>
struct Described<rules::Citation> {
  using T = rules::Citation;
  static constexpr auto kFields = std::make_tuple(
      Tagged(1, &T::law), Tagged(2, &T::version), Tagged(3, &T::article),
      Tagged(4, &T::effective_from), Tagged(5, &T::effective_to), Tagged(6, &T::certainty));
};

template <>
struct Described<rules::Suspicion> {
  using T = rules::Suspicion;
  static constexpr auto kFields =
      std::make_tuple(Tagged(1, &T::rule), Tagged(2, &T::rev), Tagged(3, &T::family),
                      Tagged(4, &T::mark), Tagged(5, &T::mark_name), Tagged(6, &T::category),
                      Tagged(7, &T::behavior_code), Tagged(8, &T::level), Tagged(9, &T::mode),
                      Tagged(10, &T::score), Tagged(11, &T::score_parts), Tagged(12, &T::hits),
                      Tagged(13, &T::signs), Tagged(14, &T::legal_basis), Tagged(15, &T::notes));
};

template <>
struct Described<evidence::CaptureRef> {
  using T = evidence::CaptureRef;
  static constexpr auto kFields =
      std::make_tuple(Tagged(1, &T::file), Tagged(2, &T::offset), Tagged(3, &T::length),
                      Tagged(4, &T::sha256), Tagged(5, &T::sm3));
};

template <>
struct Described<Discovery> {
  using T = Discovery;
  static constexpr auto kFields =
      std::make_tuple(Tagged(1, &T::url), Tagged(2, &T::authority), Tagged(3, &T::source),
                      Tagged(4, &T::depth), Tagged(5, &T::priority));
};

template <>
struct Described<PageState> {
  using T = PageState;
  static constexpr auto kFields =
      std::make_tuple(Tagged(1, &T::fetched), Tagged(2, &T::outcome), Tagged(3, &T::body_digest),
                      Tagged(4, &T::extractor_revision), Tagged(5, &T::rule_set),
                      Tagged(6, &T::etag), Tagged(7, &T::last_modified), Tagged(8, &T::listings),
                      Tagged(9, &T::leads), Tagged(10, &T::listing_count), Tagged(11, &T::failures),
                      Tagged(12, &T::source), Tagged(13, &T::interval), Tagged(14, &T::signatures));
};

template <>
struct Described<Actor> {
  static constexpr auto kFields =
      std::make_tuple(Tagged(1, &Actor::user), Tagged(2, &Actor::claimed_name));
};

template <>
struct Described<Standing> {
  using T = Standing;
  static constexpr auto kFields = std::make_tuple(
      Tagged(1, &T::status), Tagged(2, &T::reason), Tagged(3, &T::note), Tagged(4, &T::target),
      Tagged(5, &T::case_number), Tagged(6, &T::until), Tagged(7, &T::original), Tagged(8, &T::by),
      Tagged(9, &T::at), Tagged(10, &T::merged));
};

template <>
struct Described<Silence> {
  using T = Silence;
  static constexpr auto kFields = std::make_tuple(
      Tagged(1, &T::number), Tagged(2, &T::seller), Tagged(3, &T::phrase), Tagged(4, &T::listing),
      Tagged(5, &T::mark), Tagged(6, &T::rule), Tagged(7, &T::family), Tagged(8, &T::reason),
      Tagged(9, &T::proof), Tagged(10, &T::author), Tagged(11, &T::at), Tagged(12, &T::until),
      Tagged(13, &T::ended), Tagged(14, &T::ended_by), Tagged(15, &T::hits), Tagged(16, &T::live),
      Tagged(17, &T::last_hit), Tagged(18, &T::wordings));
};

template <>
struct Described<Jurisdiction> {
  using T = Jurisdiction;
  static constexpr auto kFields =
      std::make_tuple(Tagged(1, &T::place), Tagged(2, &T::county), Tagged(3, &T::basis),
                      Tagged(4, &T::text), Tagged(5, &T::sure));
};

template <>
struct Described<Dispatch> {
  using T = Dispatch;
  static constexpr auto kFields =
      std::make_tuple(Tagged(1, &T::state), Tagged(2, &T::county), Tagged(3, &T::assigned),
                      Tagged(4, &T::signed_at), Tagged(5, &T::due), Tagged(6, &T::feedback),
                      Tagged(7, &T::urged), Tagged(8, &T::supervised), Tagged(9, &T::returned_by));
};

template <>
struct Described<RowStanding> {
  using T = RowStanding;
  static constexpr auto kFields =
      std::make_tuple(Tagged(1, &T::status), Tagged(2, &T::reason), Tagged(3, &T::note),
                      Tagged(4, &T::by), Tagged(5, &T::at), Tagged(6, &T::covered));
};

template <>
struct Described<LeadClock> {
  using T = LeadClock;
  static constexpr auto kFields =
      std::make_tuple(Tagged(1, &T::term), Tagged(2, &T::start), Tagged(3, &T::due),
                      Tagged(4, &T::extensions), Tagged(5, &T::approver), Tagged(6, &T::warning));
};

template <>
struct Described<LeadEntry> {
  using T = LeadEntry;
  // The number is in the key.
  static constexpr auto kFields =
      std::make_tuple(Tagged(1, &T::kind), Tagged(2, &T::at), Tagged(3, &T::by),
                      Tagged(4, &T::before), Tagged(5, &T::after), Tagged(6, &T::reason));
};

template <>
struct Described<Sales> {
  using T = Sales;
  static constexpr auto kFields = std::make_tuple(
      Tagged(1, &T::first), Tagged(2, &T::first_at_least), Tagged(3, &T::first_cents),
      Tagged(4, &T::first_at), Tagged(5, &T::page), Tagged(6, &T::last), Tagged(7, &T::last_at),
      Tagged(8, &T::units), Tagged(9, &T::cents), Tagged(10, &T::unpriced),
      Tagged(11, &T::at_least), Tagged(12, &T::falls));
};

// Tag 17 is spent.
template <>
struct Described<Lead> {
  using T = Lead;
  static constexpr auto kFields = std::make_tuple(
      Tagged(1, &T::id), Tagged(2, &T::revision), Tagged(3, &T::listing_identity),
      Tagged(4, &T::name_space), Tagged(5, &T::page_url), Tagged(6, &T::source),
      Tagged(7, &T::listing), Tagged(8, &T::suspicion), Tagged(9, &T::rule_set),
      Tagged(10, &T::status), Tagged(11, &T::reason), Tagged(12, &T::note),
      Tagged(13, &T::first_seen), Tagged(14, &T::last_seen), Tagged(15, &T::sightings),
      Tagged(16, &T::county), Tagged(18, &T::capture), Tagged(19, &T::own_page),
      Tagged(20, &T::wordings), Tagged(21, &T::target), Tagged(22, &T::case_number),
      Tagged(23, &T::until), Tagged(24, &T::original), Tagged(25, &T::decided_by),
      Tagged(26, &T::decided_at), Tagged(27, &T::previous), Tagged(28, &T::number),
      Tagged(29, &T::registered), Tagged(30, &T::clock), Tagged(31, &T::presence),
      Tagged(32, &T::presence_at), Tagged(33, &T::notice), Tagged(34, &T::entries),
      Tagged(35, &T::silenced), Tagged(36, &T::jurisdiction), Tagged(37, &T::dispatch),
      Tagged(38, &T::campaign), Tagged(39, &T::merged), Tagged(40, &T::campaign_points),
      Tagged(50, &T::sales), Tagged(51, &T::tags));
};

template <>
struct Described<LeadActivity> {
  using T = LeadActivity;
  static constexpr auto kFields =
      std::make_tuple(Tagged(1, &T::last_seen), Tagged(2, &T::sightings), Tagged(3, &T::watched),
                      Tagged(4, &T::place), Tagged(5, &T::text_number), Tagged(6, &T::rechecked));
};

template <>
struct Described<TextRecord> {
  static constexpr auto kFields = std::make_tuple(
      Tagged(1, &TextRecord::lead), Tagged(2, &TextRecord::text), Tagged(4, &TextRecord::place));
};

// The lead, the time and the page are in the key.
template <>
struct Described<Sighting> {
  static constexpr auto kFields =
      std::make_tuple(Tagged(1, &Sighting::capture), Tagged(2, &Sighting::changed));
};

template <>
struct Described<AuditEntry> {
  using T = AuditEntry;
  static constexpr auto kFields = std::make_tuple(
      Tagged(1, &T::number), Tagged(2, &T::at), Tagged(3, &T::actor), Tagged(4, &T::action),
      Tagged(5, &T::object), Tagged(6, &T::before), Tagged(7, &T::after), Tagged(8, &T::reason));
};

template <>
struct Described<AuditRecord> {
  static constexpr auto kFields = std::tuple_cat(
      Described<AuditEntry>::kFields, std::make_tuple(Tagged(9, &AuditRecord::statement)));
};

template <>
struct Described<LogLeaf> {
  using T = LogLeaf;
  static constexpr auto kFields =
      std::make_tuple(Tagged(1, &T::salt), Tagged(2, &T::digest), Tagged(3, &T::nodes));
};

template <>
struct Described<Seal> {
  static constexpr auto kFields =
      std::make_tuple(Tagged(1, &Seal::digest), Tagged(2, &Seal::audit));
};

template <>
struct Described<Hold> {
  static constexpr auto kFields = std::make_tuple(Tagged(1, &Hold::lead), Tagged(2, &Hold::by),
                                                  Tagged(3, &Hold::at), Tagged(4, &Hold::reason));
};

template <>
struct Described<RoleRequest> {
  using T = RoleRequest;
  static constexpr auto kFields =
      std::make_tuple(Tagged(1, &T::number), Tagged(2, &T::role), Tagged(3, &T::action),
                      Tagged(4, &T::argument), Tagged(5, &T::actor), Tagged(6, &T::at));
};

template <>
struct Described<RuleSetPublication> {
  using T = RuleSetPublication;
  static constexpr auto kFields =
      std::make_tuple(Tagged(1, &T::number), Tagged(2, &T::hash), Tagged(3, &T::at),
                      Tagged(4, &T::actor), Tagged(5, &T::note));
};

template <>
struct EnumBounds<SourceMode> {
  static constexpr uint64_t kFirst = 1, kLast = static_cast<uint64_t>(SourceMode::kDraining);
};

template <>
struct Described<SourceStanding> {
  using T = SourceStanding;
  static constexpr auto kFields = std::make_tuple(
      Tagged(1, &T::source), Tagged(2, &T::mode), Tagged(3, &T::since), Tagged(4, &T::by),
      Tagged(5, &T::read), Tagged(6, &T::pages), Tagged(7, &T::listings), Tagged(8, &T::leads));
};

template <>
struct Described<CampaignStart> {
  using T = CampaignStart;
  static constexpr auto kFields = std::make_tuple(
      Tagged(1, &T::number), Tagged(2, &T::campaign), Tagged(3, &T::name), Tagged(4, &T::begin),
      Tagged(5, &T::end), Tagged(6, &T::by), Tagged(7, &T::ended), Tagged(8, &T::ended_by));
};

template <>
struct Described<RobotsRecord> {
  using T = RobotsRecord;
  static constexpr auto kFields =
      std::make_tuple(Tagged(1, &T::fetched), Tagged(2, &T::status), Tagged(3, &T::body));
};

template <>
struct Described<AddressRecord> {
  using T = AddressRecord;
  static constexpr auto kFields =
      std::make_tuple(Tagged(1, &T::authority), Tagged(2, &T::source), Tagged(3, &T::depth),
                      Tagged(4, &T::priority), Tagged(5, &T::due));
};

template <>
struct Described<QueueRecord> {
  using T = QueueRecord;
  static constexpr auto kFields =
      std::make_tuple(Tagged(1, &T::wake), Tagged(2, &T::lanes), Tagged(3, &T::known));
};

template <>
struct Described<QueueEntry> {
  static constexpr auto kFields = std::make_tuple(Tagged(1, &QueueEntry::depth));
};

template <>
struct Described<BlockRecord> {
  static constexpr auto kFields = std::make_tuple(Tagged(1, &BlockRecord::until));
};

template <>
struct Described<CountRecord> {
  static constexpr auto kFields = std::make_tuple(Tagged(1, &CountRecord::count));
};

template <>
struct Described<RowPart> {
  using T = RowPart;
  static constexpr auto kFields =
      std::make_tuple(Tagged(1, &T::county), Tagged(2, &T::elsewhere), Tagged(3, &T::status),
                      Tagged(4, &T::silence), Tagged(5, &T::leads));
};

// 1 to 3 were counts of all leads.
template <>
struct Described<RowTally> {
  static constexpr auto kFields =
      std::make_tuple(Tagged(4, &RowTally::first_seen), Tagged(5, &RowTally::parts));
};

template <>
struct Described<AliasRecord> {
  static constexpr auto kFields = std::make_tuple(Tagged(1, &AliasRecord::identity));
};

template <>
struct Described<ListingRecord> {
  using T = ListingRecord;
  static constexpr auto kFields =
      std::make_tuple(Tagged(1, &T::name_space), Tagged(2, &T::platform_id));
};

template <>
struct EnumBounds<SellerRole> {
  static constexpr uint64_t kFirst = 1, kLast = static_cast<uint64_t>(SellerRole::kMerchant);
};
template <>
struct EnumBounds<ClusterBasis> {
  static constexpr uint64_t kFirst = 1, kLast = static_cast<uint64_t>(ClusterBasis::kCorrelation);
};
template <>
struct EnumBounds<OfficialEntry::List> {
  static constexpr uint64_t kFirst = 1, kLast = static_cast<uint64_t>(OfficialEntry::List::kGrade);
};
template <>
struct EnumBounds<Proposal::State> {
  static constexpr uint64_t kFirst = 0, kLast = static_cast<uint64_t>(Proposal::State::kRejected);
};
template <>
struct EnumBounds<rules::Correlation::By> {
  static constexpr uint64_t kFirst = 0,
                            kLast = static_cast<uint64_t>(rules::Correlation::By::kCategory);
};
template <>
struct EnumBounds<rules::Correlation::Count> {
  static constexpr uint64_t kFirst = 0,
                            kLast = static_cast<uint64_t>(rules::Correlation::Count::kCategories);
};

template <>
struct Described<Party> {
  using T = Party;
  static constexpr auto kFields = std::make_tuple(Tagged(1, &T::id), Tagged(2, &T::role),
                                                  Tagged(3, &T::name), Tagged(4, &T::shop_id));
};

template <>
struct Described<PictureKey> {
  static constexpr auto kFields =
      std::make_tuple(Tagged(1, &PictureKey::key), Tagged(2, &PictureKey::address));
};

template <>
struct Described<LeadFact> {
  using T = LeadFact;
  static constexpr auto kFields = std::make_tuple(
      Tagged(1, &T::lead), Tagged(2, &T::number), Tagged(3, &T::row), Tagged(4, &T::listing),
      Tagged(5, &T::name_space), Tagged(6, &T::platform), Tagged(7, &T::parties),
      Tagged(8, &T::code), Tagged(9, &T::mark), Tagged(10, &T::mark_name), Tagged(11, &T::rule),
      Tagged(12, &T::category), Tagged(13, &T::score), Tagged(14, &T::status),
      Tagged(15, &T::active), Tagged(16, &T::authorised), Tagged(17, &T::first_seen),
      Tagged(18, &T::last_day), Tagged(19, &T::decided), Tagged(20, &T::county),
      Tagged(21, &T::title), Tagged(22, &T::title_key), Tagged(23, &T::pictures),
      Tagged(24, &T::sales_cents), Tagged(25, &T::first_cents), Tagged(26, &T::sales_at_least),
      Tagged(27, &T::first_at_least));
};

template <>
struct Described<SellerTotals> {
  using T = SellerTotals;
  static constexpr auto kFields =
      std::make_tuple(Tagged(1, &T::leads), Tagged(2, &T::active), Tagged(3, &T::by_status),
                      Tagged(4, &T::by_strength), Tagged(5, &T::marks), Tagged(6, &T::sales_cents),
                      Tagged(7, &T::first_cents), Tagged(8, &T::at_least), Tagged(9, &T::after),
                      Tagged(10, &T::risk), Tagged(11, &T::first_at_least));
};

template <>
struct Described<RowSales> {
  using T = RowSales;
  static constexpr auto kFields =
      std::make_tuple(Tagged(1, &T::leads), Tagged(2, &T::cents), Tagged(3, &T::first_cents),
                      Tagged(4, &T::at_least), Tagged(5, &T::first_at_least));
};

// The label is that of its strongest lead.
template <>
struct Described<BunchState> {
  using T = BunchState;
  static constexpr auto kFields =
      std::make_tuple(Tagged(1, &T::basis), Tagged(2, &T::correlation), Tagged(3, &T::members),
                      Tagged(4, &T::distinct), Tagged(5, &T::together), Tagged(6, &T::after),
                      Tagged(7, &T::indexed));
};

template <>
struct Described<RepeatDocument> {
  using T = RepeatDocument;
  static constexpr auto kFields =
      std::make_tuple(Tagged(1, &T::document), Tagged(2, &T::date), Tagged(3, &T::note),
                      Tagged(4, &T::by), Tagged(5, &T::at));
};

template <>
struct Described<ClusterUndo> {
  using T = ClusterUndo;
  static constexpr auto kFields =
      std::make_tuple(Tagged(1, &T::by), Tagged(2, &T::at), Tagged(3, &T::reason));
};

template <>
struct Described<rules::SellerList::Entry> {
  using T = rules::SellerList::Entry;
  static constexpr auto kFields =
      std::make_tuple(Tagged(1, &T::platform), Tagged(2, &T::seller_id), Tagged(3, &T::name));
};

template <>
struct Described<Watch> {
  using T = Watch;
  static constexpr auto kFields = std::make_tuple(
      Tagged(1, &T::number), Tagged(2, &T::seller), Tagged(3, &T::entries), Tagged(4, &T::name),
      Tagged(5, &T::reason), Tagged(6, &T::by), Tagged(7, &T::at), Tagged(8, &T::until),
      Tagged(9, &T::ended), Tagged(10, &T::ended_by));
};

template <>
struct Described<OfficialEntry> {
  using T = OfficialEntry;
  static constexpr auto kFields = std::make_tuple(
      Tagged(1, &T::list), Tagged(2, &T::name), Tagged(3, &T::code), Tagged(4, &T::grade),
      Tagged(5, &T::document), Tagged(6, &T::authority), Tagged(7, &T::from), Tagged(8, &T::until),
      Tagged(9, &T::file), Tagged(10, &T::by), Tagged(11, &T::at));
};

template <>
struct Described<ProposalDecision> {
  using T = ProposalDecision;
  static constexpr auto kFields = std::make_tuple(Tagged(1, &T::state), Tagged(2, &T::by),
                                                  Tagged(3, &T::at), Tagged(4, &T::note));
};

template <>
struct Described<CorrelationRecord> {
  using T = CorrelationRecord;
  static constexpr auto kFields = std::make_tuple(
      Tagged(1, &T::id), Tagged(2, &T::rev), Tagged(3, &T::title), Tagged(4, &T::level),
      Tagged(5, &T::mode), Tagged(6, &T::group_by), Tagged(7, &T::count), Tagged(8, &T::at_least),
      Tagged(9, &T::within_ms), Tagged(10, &T::categories), Tagged(11, &T::rules),
      Tagged(12, &T::not_rules), Tagged(13, &T::blind_spots), Tagged(14, &T::checklist),
      Tagged(15, &T::ready));
};

template <>
struct Described<rules::LeadEvent> {
  using T = rules::LeadEvent;
  static constexpr auto kFields = std::make_tuple(
      Tagged(1, &T::at), Tagged(2, &T::listing), Tagged(3, &T::platform), Tagged(4, &T::seller),
      Tagged(5, &T::mark), Tagged(6, &T::rule), Tagged(7, &T::category));
};

template <>
struct Described<OutboxEntry> {
  using T = OutboxEntry;
  static constexpr auto kFields = std::make_tuple(Tagged(1, &T::due), Tagged(2, &T::addresses),
                                                  Tagged(3, &T::rechecks), Tagged(10, &T::facts));
};

template <>
struct Described<Counters> {
  using T = Counters;
  static constexpr auto kFields = std::make_tuple(
      Tagged(1, &T::addresses), Tagged(2, &T::pages), Tagged(3, &T::listings), Tagged(4, &T::leads),
      Tagged(5, &T::sightings), Tagged(6, &T::last_audit), Tagged(7, &T::last_request),
      Tagged(8, &T::last_outbox), Tagged(9, &T::last_capture), Tagged(10, &T::open_epoch),
      Tagged(11, &T::last_publication), Tagged(12, &T::last_silence), Tagged(13, &T::silenced),
      Tagged(14, &T::logged), Tagged(15, &T::log_peaks), Tagged(16, &T::sealed),
      Tagged(17, &T::last_text), Tagged(40, &T::last_watch), Tagged(41, &T::facts),
      Tagged(42, &T::last_campaign_start));
};

template <>
struct EnumBounds<PaperKind> {
  static constexpr uint64_t kFirst = 1, kLast = kPaperKindCount;
};

template <>
struct Described<PaperField> {
  static constexpr auto kFields =
      std::make_tuple(Tagged(1, &PaperField::name), Tagged(2, &PaperField::value));
};

template <>
struct Described<Attachment> {
  using T = Attachment;
  static constexpr auto kFields = std::make_tuple(Tagged(1, &T::name), Tagged(2, &T::media_type),
                                                  Tagged(3, &T::size), Tagged(4, &T::sha256));
};

template <>
struct Described<Paper> {
  using T = Paper;
  static constexpr auto kFields = std::make_tuple(
      Tagged(1, &T::number), Tagged(2, &T::revision), Tagged(3, &T::kind), Tagged(4, &T::key),
      Tagged(5, &T::document), Tagged(6, &T::state), Tagged(7, &T::county), Tagged(8, &T::fields),
      Tagged(9, &T::clock), Tagged(10, &T::answered), Tagged(11, &T::leads),
      Tagged(12, &T::attachments), Tagged(13, &T::by), Tagged(14, &T::at),
      Tagged(15, &T::changed_by), Tagged(16, &T::changed_at));
};

template <>
struct Described<ClueFinding> {
  using T = ClueFinding;
  static constexpr auto kFields = std::make_tuple(Tagged(1, &T::listing), Tagged(2, &T::suspicions),
                                                  Tagged(3, &T::jurisdiction),
                                                  Tagged(4, &T::page_url), Tagged(5, &T::own_page));
};

template <>
struct Described<ClueFindings> {
  using T = ClueFindings;
  static constexpr auto kFields =
      std::make_tuple(Tagged(1, &T::findings), Tagged(2, &T::rule_set), Tagged(3, &T::families));
};

}  // namespace cluehound::store
