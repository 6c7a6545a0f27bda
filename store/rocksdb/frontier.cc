#include "store/rocksdb/frontier.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/log.h"
#include "store/record_fields.h"

namespace cluehound::store {
namespace {

constexpr size_t kLoadSlice = 256;  // queues taken from the schedule at a time
constexpr size_t kMaxLoadSlices =
    4;  // in one claim, so that it stays short when all of them are blocked
constexpr size_t kOfferSize = 8;  // addresses read ahead from a queue

// Just behind a key.
std::string After(std::string_view key) { return std::string(key) + '\0'; }

// The schedule of a source, up to and with `until`.
std::string ScheduleEnd(const std::string& source, Instant until) {
  if (until == Instant::max()) return PrefixEnd(SchedulePrefix(source));
  return ScheduleKey(source, until + Duration(1), "");
}

bool Reached(const std::optional<Instant>& at, Instant until) { return at && *at <= until; }

void Lower(std::optional<Instant>& bound, Instant to) {
  if (!bound || to < *bound) bound = to;
}

// By address, those of one address as they came: neighbours go into the database at half the cost.
std::vector<const Reschedule*> InOrder(std::span<const Reschedule> changes) {
  std::vector<const Reschedule*> ordered;
  ordered.reserve(changes.size());
  for (const Reschedule& change : changes) ordered.push_back(&change);
  std::stable_sort(ordered.begin(), ordered.end(),
                   [](const Reschedule* a, const Reschedule* b) { return a->url < b->url; });
  return ordered;
}

}  // namespace

Status Frontier::Start(uint64_t epoch) {
  const std::lock_guard lock(mutex_);
  next_token_ = (epoch << 40) + 1;
  // From source to source, skipping what each holds.
  const auto cursor = database_.Walk(Table::kFrontier, ScheduleStart(), PrefixEnd(ScheduleStart()));
  while (cursor->Valid()) {
    const auto place = ParseScheduleKey(cursor->key());
    if (!place) return Status::Corruption("the frontier's schedule has a key that is none");
    SourceOf(place->source).next_wake = place->wake;
    cursor->Seek(PrefixEnd(SchedulePrefix(place->source)));
  }
  return cursor->status();
}

// ---------------------------------------------------------------- what is in memory

Frontier::Source& Frontier::SourceOf(std::string_view name) {
  auto& source = sources_[std::string(name)];
  if (!source) {
    source = std::make_unique<Source>();
    source->name = name;
    source->hand = SchedulePrefix(name);
  }
  return *source;
}

// Also notes that these are the sources that are wanted now.
std::vector<Frontier::Source*> Frontier::Among(const std::vector<std::string>& names) {
  std::vector<Source*> among;
  if (names.empty()) {
    for (const auto& [name, source] : sources_) among.push_back(source.get());
  }
  for (const std::string& name : names) {
    const auto found = sources_.find(name);
    if (found != sources_.end()) among.push_back(found->second.get());
  }
  ++claims_;
  for (Source* source : among) source->wanted_by = claims_;
  return among;
}

Frontier::Queue* Frontier::FindQueue(std::string_view authority, std::string_view source) const {
  const auto found = authorities_.find(authority);
  if (found == authorities_.end()) return nullptr;
  const auto queue = found->second->queues.find(source);
  return queue == found->second->queues.end() ? nullptr : queue->second.get();
}

// What was said of it and is not written yet.
std::optional<Instant> Frontier::BlockSaid(const std::string& authority) const {
  for (const auto* blocks : {&blocks_, &staged_blocks_}) {
    if (const auto block = blocks->find(authority); block != blocks->end()) return block->second;
  }
  return std::nullopt;
}

Result<Instant> Frontier::BlockOf(const std::string& authority) const {
  if (const auto said = BlockSaid(authority)) return *said;
  ASSIGN_OR_RETURN(const auto block, FindRecord<BlockRecord>(database_, Table::kFrontier,
                                                             BlockKey(authority), "block"));
  return block ? block->until : Instant::min();
}

Result<Frontier::Queue*> Frontier::Load(const std::string& authority, const std::string& source) {
  if (Queue* queue = FindQueue(authority, source)) return queue;
  ASSIGN_OR_RETURN(const auto record,
                   FindRecord<QueueRecord>(database_, Table::kFrontier,
                                           QueueRecordKey(source, authority), "queue"));
  Instant blocked_until = BlockSaid(authority).value_or(Instant::min());
  if (!authorities_.contains(authority)) {
    ASSIGN_OR_RETURN(blocked_until, BlockOf(authority));
  }
  return Make(authority, source, record, blocked_until);
}

Status Frontier::LoadAll(std::span<const Reschedule> changes) {
  std::map<std::string, std::pair<std::string, std::string>> missing;  // by key of the record
  for (const Reschedule& change : changes) {
    const AddressRecord& after = change.after;
    if (after.due && FindQueue(after.authority, after.source) == nullptr)
      missing[QueueRecordKey(after.source, after.authority)] = {after.authority, after.source};
  }
  std::vector<std::string> keys;
  for (const auto& [key, queue] : missing) keys.push_back(key);
  for (const auto& [key, queue] : missing) keys.push_back(BlockKey(queue.first));
  ASSIGN_OR_RETURN(const auto records, database_.MultiGet(Table::kFrontier, keys));
  size_t next = 0;
  for (const auto& [key, queue] : missing) {
    const auto& [authority, source] = queue;
    std::optional<QueueRecord> record;
    Instant blocked_until = Instant::min();
    if (const auto& bytes = records[next]) {
      ASSIGN_OR_RETURN(record, DecodeRecord<QueueRecord>(*bytes, "queue"));
    }
    if (const auto& bytes = records[missing.size() + next]) {
      ASSIGN_OR_RETURN(const auto block, DecodeRecord<BlockRecord>(*bytes, "block"));
      blocked_until = block.until;
    }
    ++next;
    Make(authority, source, record, BlockSaid(authority).value_or(blocked_until));
  }
  return Status::Ok();
}

Frontier::Queue* Frontier::Make(const std::string& authority, const std::string& source,
                                const std::optional<QueueRecord>& record, Instant blocked_until) {
  auto found = authorities_.find(authority);
  if (found == authorities_.end()) {
    auto made = std::make_unique<Authority>();
    made->name = authority;
    made->blocked_until = blocked_until;
    made->turn = fresh_.insert(fresh_.end(), made.get());
    made->fresh_from = &SourceOf(source);
    ++made->fresh_from->fresh;
    found = authorities_.emplace(authority, std::move(made)).first;
  }
  auto queue = std::make_unique<Queue>();
  queue->authority = found->second.get();
  queue->source = &SourceOf(source);
  if (record) {
    queue->wake = record->wake;
    queue->known = record->known;
    for (const uint8_t number : record->lanes)
      queue->lanes.push_back({number, "", record->wake, false});
  }
  ++loaded_;
  return (found->second->queues[queue->source->name] = std::move(queue)).get();
}

void Frontier::Unload(Queue& queue) {
  if (queue.idle) std::erase(idle_, &queue);
  Source& source = *queue.source;
  if (queue.wake) {
    const std::string place = ScheduleKey(source.name, *queue.wake, queue.authority->name);
    if (place < source.hand) source.hand = place;
    Lower(source.next_wake, *queue.wake);
  }
  Authority& authority = *queue.authority;
  --loaded_;
  authority.queues.erase(source.name);
  if (authority.queues.empty()) {
    (authority.fresh_from != nullptr ? fresh_ : turns_).erase(authority.turn);
    if (authority.fresh_from != nullptr) --authority.fresh_from->fresh;
    authorities_.erase(std::string(authority.name));
  }
}

// Puts the authorities that were served last out of memory. Their queues keep their places; those
// places lie behind the hand, which comes to them again when it has been everywhere else.
void Frontier::MakeRoom() {
  MakeRoomIn(turns_);
  MakeRoomIn(fresh_);
}

void Frontier::MakeRoomIn(std::list<Authority*>& list) {
  auto place = list.end();
  while (loaded_ + kLoadSlice > kMaxLoaded && place != list.begin()) {
    Authority& authority = **--place;
    const bool in_batch = std::any_of(authority.queues.begin(), authority.queues.end(),
                                      [](const auto& entry) { return entry.second->in_batch; });
    if (authority.outstanding > 0 || in_batch) continue;
    for (const auto& [name, queue] : authority.queues) {
      if (queue->idle) std::erase(idle_, queue.get());
      if (queue->wake) ++queue->source->left_behind;
      --loaded_;
    }
    if (authority.fresh_from != nullptr) --authority.fresh_from->fresh;
    place = list.erase(place);
    authorities_.erase(std::string(authority.name));
  }
}

// It had its turn, whatever came of it.
void Frontier::LeaveFresh(Authority& authority) {
  if (authority.fresh_from == nullptr) return;
  --authority.fresh_from->fresh;
  authority.fresh_from = nullptr;
  turns_.splice(turns_.end(), fresh_, authority.turn);
}

// The queues that came into memory.
Result<std::vector<Frontier::Queue*>> Frontier::LoadDue(Source& source, Instant until, size_t max) {
  if (source.left_behind > 0 && !Reached(source.next_wake, until)) {
    source.left_behind = 0;
    source.hand = SchedulePrefix(source.name);
    source.next_wake = Instant::min();
  }
  std::vector<Queue*> loaded;
  if (max == 0 || !Reached(source.next_wake, until)) return loaded;
  MakeRoom();
  const std::string end = ScheduleEnd(source.name, until);
  const auto cursor = database_.Walk(Table::kFrontier, source.hand, end);
  for (; cursor->Valid() && loaded.size() < max; cursor->Next()) {
    const auto place = ParseScheduleKey(cursor->key());
    if (!place) return Status::Corruption("the frontier's schedule has a key that is none");
    source.hand = After(cursor->key());
    source.next_wake = place->wake;
    if (FindQueue(place->authority, source.name) != nullptr) continue;
    ASSIGN_OR_RETURN(Queue * queue, Load(place->authority, source.name));
    loaded.push_back(queue);
  }
  RETURN_IF_ERROR(cursor->status());
  if (!cursor->Valid()) RETURN_IF_ERROR(FindNextWake(source, std::max(source.hand, end)));
  return loaded;
}

Status Frontier::FindNextWake(Source& source, std::string behind) {
  const auto cursor =
      database_.Walk(Table::kFrontier, std::move(behind), PrefixEnd(SchedulePrefix(source.name)));
  source.next_wake.reset();
  if (cursor->Valid()) {
    const auto place = ParseScheduleKey(cursor->key());
    if (!place) return Status::Corruption("the frontier's schedule has a key that is none");
    source.next_wake = place->wake;
  }
  return cursor->status();
}

Frontier::Lane& Frontier::LaneOf(Queue& queue, uint8_t number) {
  auto place = std::lower_bound(queue.lanes.begin(), queue.lanes.end(), number,
                                [](const Lane& lane, uint8_t n) { return lane.number < n; });
  if (place == queue.lanes.end() || place->number != number) {
    place = queue.lanes.insert(place, {number, "", std::nullopt, true});
  }
  return *place;
}

std::optional<Instant> Frontier::Earliest(const Queue& queue) {
  std::optional<Instant> earliest;
  for (const Lane& lane : queue.lanes) {
    if (lane.earliest) Lower(earliest, *lane.earliest);
  }
  return earliest;
}

// ---------------------------------------------------------------- claims

// Addresses of a queue that are due, in the order in which they are to be taken.
Status Frontier::Offered(Queue& queue, Instant until, size_t max, Offer& offer) {
  const std::string& authority = queue.authority->name;
  const size_t prefix = QueuePrefix(authority, queue.source->name).size();
  offer = {&queue, {}, 0, false};
  queue.at_work = true;
  for (Lane& lane : queue.lanes) {
    if (!Reached(lane.earliest, until)) continue;
    const std::string begin = LanePrefix(authority, queue.source->name, lane.number);
    const auto cursor =
        database_.Walk(Table::kQueues, lane.cursor.empty() ? begin : lane.cursor, PrefixEnd(begin));
    lane.earliest.reset();
    lane.exact = true;
    for (; cursor->Valid(); cursor->Next()) {
      auto place = ParseQueueKey(cursor->key(), prefix);
      if (!place) return Status::Corruption("a queue of " + authority + " has a key that is none");
      if (leases_.contains(place->url)) continue;
      if (!lane.earliest) lane.earliest = place->due;
      if (place->due > until) break;
      if (offer.entries.size() == max) {
        offer.more = true;
        return Status::Ok();
      }
      ASSIGN_OR_RETURN(const auto entry, DecodeRecord<QueueEntry>(cursor->value(), "queue entry"));
      offer.entries.push_back({lane.number, place->due, std::move(place->url), entry.depth});
    }
    RETURN_IF_ERROR(cursor->status());
  }
  return Status::Ok();
}

// Finds the first address of a lane that is not leased.
Status Frontier::Refine(Queue& queue, Lane& lane) {
  const std::string& authority = queue.authority->name;
  const size_t prefix = QueuePrefix(authority, queue.source->name).size();
  const std::string begin = LanePrefix(authority, queue.source->name, lane.number);
  const auto cursor =
      database_.Walk(Table::kQueues, lane.cursor.empty() ? begin : lane.cursor, PrefixEnd(begin));
  lane.earliest.reset();
  lane.exact = true;
  for (; cursor->Valid(); cursor->Next()) {
    const auto place = ParseQueueKey(cursor->key(), prefix);
    if (!place) return Status::Corruption("a queue of " + authority + " has a key that is none");
    if (leases_.contains(place->url)) continue;
    lane.earliest = place->due;
    break;
  }
  return cursor->status();
}

// One claim under way: which authorities it came to, and what their queues offer.
class Frontier::Claiming {
 public:
  Claiming(Frontier& frontier, const ClaimRequest& request)
      : frontier_(frontier), request_(request), sources_(frontier.Among(request.sources)) {}

  Result<std::vector<Lease>> Run() {
    for (size_t slice = 0; slice < kMaxLoadSlices && !full(); ++slice) {
      size_t loaded = 0;
      for (Source* source : sources_) {
        ASSIGN_OR_RETURN(const auto queues,
                         frontier_.LoadDue(*source, request_.due_until,
                                           kLoadSlice - std::min(kLoadSlice, source->fresh)));
        loaded += queues.size();
      }
      if (slice > 0 && loaded == 0) break;
      RETURN_IF_ERROR(OneEach());
    }
    bool gave = true;
    while (gave && !full()) {
      gave = false;
      for (Turn& turn : turns_) {
        if (full()) break;
        ASSIGN_OR_RETURN(const bool took, Take(turn));
        gave = gave || took;
      }
    }
    return std::move(leases_);
  }

 private:
  bool full() const { return leases_.size() >= request_.max; }
  bool wanted(const Queue& queue) const { return queue.source->wanted_by == frontier_.claims_; }

  // Every authority in turn that has not given yet, one address each.
  Status OneEach() {
    auto& fresh = frontier_.fresh_;
    auto& turns = frontier_.turns_;
    auto next_fresh = fresh.begin();
    auto next_turn = turns.begin();
    size_t left_fresh = fresh.size();
    size_t left_turns = turns.size();
    while (!full() && left_fresh + left_turns > 0) {
      if (left_fresh > 0) {
        --left_fresh;
        RETURN_IF_ERROR(Visit(**next_fresh++));
      }
      if (left_turns > 0 && !full()) {
        --left_turns;
        RETURN_IF_ERROR(Visit(**next_turn++));
      }
    }
    return Status::Ok();
  }

  // Moves the authority behind the others if it gives, or came fresh.
  Status Visit(Authority& authority) {
    if (authority.served_by == frontier_.claims_) return Status::Ok();
    const bool asked = std::any_of(authority.queues.begin(), authority.queues.end(),
                                   [&](const auto& entry) { return wanted(*entry.second); });
    if (!asked) return Status::Ok();
    Turn turn{&authority, {}};
    RETURN_IF_ERROR(Open(turn));
    frontier_.LeaveFresh(authority);
    if (turn.offers.empty()) return Status::Ok();
    ASSIGN_OR_RETURN(const bool took, Take(turn));
    if (!took) return Status::Ok();
    authority.served_by = frontier_.claims_;
    frontier_.turns_.splice(frontier_.turns_.end(), frontier_.turns_, authority.turn);
    turns_.push_back(std::move(turn));
    return Status::Ok();
  }

  Status Open(Turn& turn) {
    Authority& authority = *turn.authority;
    if (authority.blocked_until > request_.now) return Status::Ok();
    const bool may_take = authority.outstanding < request_.max_per_authority;
    for (const auto& [name, queue] : authority.queues) {
      if (may_take && wanted(*queue) && Reached(Earliest(*queue), request_.due_until)) {
        Offer offer;
        RETURN_IF_ERROR(Read(*queue, offer));
        if (!offer.entries.empty()) turn.offers.push_back(std::move(offer));
      }
      if (!Reached(Earliest(*queue), request_.due_until)) frontier_.NoteIdle(*queue);
    }
    return Status::Ok();
  }

  Status Read(Queue& queue, Offer& offer) {
    const size_t room = std::min(request_.max - leases_.size(),
                                 request_.max_per_authority - queue.authority->outstanding);
    return frontier_.Offered(queue, request_.due_until, std::min(room, kOfferSize), offer);
  }

  // Leases the best of what the authority's queues offer; false when there is none, or it has
  // enough.
  Result<bool> Take(Turn& turn) {
    if (turn.authority->outstanding >= request_.max_per_authority) return false;
    Offer* best = nullptr;
    for (Offer& offer : turn.offers) {
      if (offer.next == offer.entries.size() && offer.more) {
        RETURN_IF_ERROR(Read(*offer.queue, offer));
      }
      if (offer.next == offer.entries.size()) continue;
      if (best == nullptr || Rank(offer) < Rank(*best)) best = &offer;
    }
    if (best == nullptr) return false;
    Lend(*best->queue, std::move(best->entries[best->next++]));
    return true;
  }

  static std::tuple<uint8_t, Instant, std::string_view> Rank(const Offer& offer) {
    const Entry& entry = offer.entries[offer.next];
    return {entry.lane, entry.due, entry.url};
  }

  void Lend(Queue& queue, Entry entry) {
    const uint64_t token = frontier_.next_token_++;
    AddressRecord record{queue.authority->name, queue.source->name, entry.depth, entry.lane,
                         entry.due};
    Lane& lane = frontier_.LaneOf(queue, entry.lane);
    lane.cursor = After(QueueKey(record, entry.due, entry.url));
    lane.exact = false;
    ++queue.leases;
    ++queue.authority->outstanding;
    leases_.push_back(
        {token, {entry.url, record.authority, record.source, record.depth, record.priority}, {}});
    frontier_.leases_[std::move(entry.url)] = {token, std::move(record), false};
  }

  Frontier& frontier_;
  const ClaimRequest& request_;
  const std::vector<Source*> sources_;
  std::vector<Turn> turns_;
  std::vector<Lease> leases_;
};

Result<std::vector<Lease>> Frontier::Claim(const ClaimRequest& request) {
  const std::lock_guard lock(mutex_);
  return Claiming(*this, request).Run();
}

void Frontier::Release(const std::vector<Lease>& leases) {
  const std::lock_guard lock(mutex_);
  for (const Lease& lease : leases) {
    const auto held = leases_.find(lease.address.url);
    if (held == leases_.end() || held->second.token != lease.token || held->second.committing)
      continue;
    const AddressRecord record = std::move(held->second.record);
    leases_.erase(held);
    Queue* queue = FindQueue(record.authority, record.source);
    --queue->leases;
    --queue->authority->outstanding;
    Return(record, lease.address.url);
  }
}

// Lets claims see an address that is there (again). REQUIRES: record.due
void Frontier::Return(const AddressRecord& record, std::string_view url) {
  Queue* queue = FindQueue(record.authority, record.source);
  if (queue == nullptr) return;  // its place in the schedule is early enough
  Lane& lane = LaneOf(*queue, record.priority);
  if (!lane.cursor.empty()) lane.cursor = std::min(lane.cursor, QueueKey(record, *record.due, url));
  Lower(lane.earliest, *record.due);
}

void Frontier::Bound(std::string_view source, uint64_t per_authority) {
  const std::lock_guard lock(mutex_);
  SourceOf(source).bound = per_authority;
}

void Frontier::Block(std::string_view authority, Instant until) {
  const std::lock_guard lock(mutex_);
  blocks_[std::string(authority)] = until;
  const auto found = authorities_.find(authority);
  if (found != authorities_.end()) found->second->blocked_until = until;
}

Result<std::optional<Instant>> Frontier::NextDue(const std::vector<std::string>& names,
                                                 Instant now) {
  const std::lock_guard lock(mutex_);
  const std::vector<Source*> sources = Among(names);
  std::optional<Instant> next;
  const auto consider = [&](Queue& queue) -> Status {
    for (Lane& lane : queue.lanes) {
      const Instant from = queue.authority->blocked_until;
      if (!lane.earliest || (next && std::max(*lane.earliest, from) >= *next)) continue;
      if (!lane.exact) RETURN_IF_ERROR(Refine(queue, lane));
      if (lane.earliest) Lower(next, std::max(*lane.earliest, from));
    }
    return Status::Ok();
  };
  for (const auto& [authority_name, authority] : authorities_) {
    for (const auto& [name, queue] : authority->queues) {
      if (queue->source->wanted_by != claims_) continue;
      RETURN_IF_ERROR(consider(*queue));
      if (Reached(next, now)) return std::optional<Instant>(now);
    }
  }
  for (Source* source : sources) {
    if (source->left_behind > 0) return std::optional<Instant>(now);
    while (source->next_wake && (!next || *source->next_wake < *next)) {
      const Instant wake = *source->next_wake;
      ASSIGN_OR_RETURN(const auto loaded, LoadDue(*source, wake, 1));
      for (Queue* queue : loaded) RETURN_IF_ERROR(consider(*queue));
      if (Reached(next, now)) return std::optional<Instant>(now);
    }
  }
  return next;
}

Result<std::optional<Instant>> Frontier::OldestDue(const std::string& name, Instant now) {
  const std::lock_guard lock(mutex_);
  std::optional<Instant> oldest;
  for (const auto& [authority_name, authority] : authorities_) {
    if (authority->blocked_until > now) continue;
    const auto found = authority->queues.find(name);
    if (found == authority->queues.end()) continue;
    for (Lane& lane : found->second->lanes) {
      if (!lane.earliest || (oldest && *lane.earliest >= *oldest)) continue;
      if (!lane.exact) RETURN_IF_ERROR(Refine(*found->second, lane));
      if (lane.earliest) Lower(oldest, *lane.earliest);
    }
  }
  // Of those that are not in memory the first place in the schedule is the earliest.
  const auto cursor =
      database_.Walk(Table::kFrontier, SchedulePrefix(name), ScheduleEnd(name, now));
  for (; cursor->Valid(); cursor->Next()) {
    const auto place = ParseScheduleKey(cursor->key());
    if (!place) return Status::Corruption("the frontier's schedule has a key that is none");
    if (oldest && place->wake >= *oldest) break;
    if (FindQueue(place->authority, name) != nullptr) continue;
    ASSIGN_OR_RETURN(const Instant blocked_until, BlockOf(place->authority));
    if (blocked_until > now) continue;
    Lower(oldest, place->wake);
    break;
  }
  RETURN_IF_ERROR(cursor->status());
  return Reached(oldest, now) ? oldest : std::nullopt;
}

bool Frontier::HasUpkeep() const {
  const std::lock_guard lock(mutex_);
  return !idle_.empty() || !blocks_.empty();
}

size_t Frontier::loaded() const {
  const std::lock_guard lock(mutex_);
  return loaded_;
}

// Has a queue without due addresses and leases moved to where it belongs in the schedule, and put
// out of memory.
void Frontier::NoteIdle(Queue& queue) {
  if (queue.leases > 0 || queue.in_batch || queue.idle) return;
  queue.idle = true;
  idle_.push_back(&queue);
}

// ---------------------------------------------------------------- the writer

Result<uint64_t> Frontier::Room(const std::string& authority, const std::string& source) const {
  const std::lock_guard lock(mutex_);
  const auto found = sources_.find(source);
  const uint64_t bound = found == sources_.end() ? UINT64_MAX : found->second->bound;
  if (bound == UINT64_MAX) return bound;
  uint64_t known = 0;
  if (const Queue* queue = FindQueue(authority, source)) {
    known = queue->known;
  } else {
    ASSIGN_OR_RETURN(const auto record,
                     FindRecord<QueueRecord>(database_, Table::kFrontier,
                                             QueueRecordKey(source, authority), "queue"));
    if (record) known = record->known;
  }
  return bound - std::min(bound, known);
}

void Frontier::NoteFull(const std::string& authority, const std::string& source) {
  const std::lock_guard lock(mutex_);
  if (full_.size() >= kMaxLoaded) full_.clear();
  if (!full_.insert(QueuePrefix(authority, source)).second) return;
  LogWarning("source " + source + ": " + authority + " has " +
             std::to_string(SourceOf(source).bound) +
             " known addresses; links to further ones are not followed (max_addresses)");
}

std::optional<AddressRecord> Frontier::BeginCommit(std::string_view url, uint64_t token) {
  const std::lock_guard lock(mutex_);
  const auto held = leases_.find(url);
  if (held == leases_.end() || held->second.token != token || held->second.committing)
    return std::nullopt;
  held->second.committing = true;
  return held->second.record;
}

void Frontier::CancelCommit(std::string_view url) {
  const std::lock_guard lock(mutex_);
  const auto held = leases_.find(url);
  if (held != leases_.end()) held->second.committing = false;
}

Frontier::Hold Frontier::HoldOf(std::string_view url) const {
  const std::lock_guard lock(mutex_);
  const auto held = leases_.find(url);
  if (held == leases_.end()) return Hold::kFree;
  return held->second.committing ? Hold::kCommitting : Hold::kLeased;
}

void Frontier::StageQueue(Queue& queue) {
  if (queue.in_batch) return;
  queue.in_batch = true;
  queue.staged = queue.wake;
  queue.staged_known = queue.known;
  in_batch_.push_back(&queue);
}

void Frontier::Schedule(Queue& queue, Instant due) {
  StageQueue(queue);
  Lower(queue.staged, due);
}

void Frontier::StageIdle() {
  for (Queue* queue : std::exchange(idle_, {})) {
    queue->idle = false;
    if (queue->leases > 0) continue;
    if (Earliest(*queue) == queue->wake) {
      Unload(*queue);
    } else {
      StageQueue(*queue);
      queue->staged = Earliest(*queue);
      queue->at_work = false;
    }
  }
}

Status Frontier::Stage(std::span<const Reschedule> changes, Batch& batch) {
  const std::lock_guard lock(mutex_);
  StageIdle();
  RETURN_IF_ERROR(LoadAll(changes));
  for (const Reschedule* in_order : InOrder(changes)) {
    const Reschedule& change = *in_order;
    const AddressRecord& after = change.after;
    if (change.before && change.before->due) {
      batch.Delete(Table::kQueues, QueueKey(*change.before, *change.before->due, change.url));
    }
    batch.Put(Table::kAddresses, AddressKey(change.url), EncodeRecord(after));
    if (!after.due) continue;
    batch.Put(Table::kQueues, QueueKey(after, *after.due, change.url),
              EncodeRecord(QueueEntry{after.depth}));
    ASSIGN_OR_RETURN(Queue * queue, Load(after.authority, after.source));
    const size_t lanes = queue->lanes.size();
    LaneOf(*queue, after.priority);
    queue->new_lane = queue->new_lane || queue->lanes.size() > lanes;
    Schedule(*queue, *after.due);
    if (!change.before) ++queue->staged_known;
  }
  for (const Queue* queue : in_batch_) {
    const bool grew = queue->staged_known != queue->known;
    if (queue->staged == queue->wake && !queue->new_lane && !grew) continue;
    const std::string& source = queue->source->name;
    const std::string& authority = queue->authority->name;
    if (queue->staged != queue->wake) {
      if (queue->wake) batch.Delete(Table::kFrontier, ScheduleKey(source, *queue->wake, authority));
      if (queue->staged)
        batch.Put(Table::kFrontier, ScheduleKey(source, *queue->staged, authority), "");
    }
    QueueRecord record{queue->staged, {}, queue->staged_known};
    for (const Lane& lane : queue->lanes) record.lanes.push_back(lane.number);
    batch.Put(Table::kFrontier, QueueRecordKey(source, authority), EncodeRecord(record));
  }
  staged_blocks_ = std::exchange(blocks_, {});
  for (const auto& [authority, until] : staged_blocks_) {
    batch.Put(Table::kFrontier, BlockKey(authority), EncodeRecord(BlockRecord{until}));
  }
  return Status::Ok();
}

// A lease was given while its address was being moved: it is a lease of the moved one now.
void Frontier::MoveLease(Held& held, const AddressRecord& after) {
  Queue* from = FindQueue(held.record.authority, held.record.source);
  Queue* to = FindQueue(after.authority, after.source);
  if (to == nullptr) return;
  --from->leases;
  --from->authority->outstanding;
  ++to->leases;
  ++to->authority->outstanding;
  held.record = after;
}

void Frontier::Applied(std::span<const Reschedule> changes) {
  const std::lock_guard lock(mutex_);
  for (const Reschedule& change : changes) {
    const auto held = leases_.find(change.url);
    if (held != leases_.end() && change.token != 0 && held->second.token == change.token) {
      Queue* queue = FindQueue(held->second.record.authority, held->second.record.source);
      --queue->leases;
      --queue->authority->outstanding;
      leases_.erase(held);
    } else if (held != leases_.end()) {
      MoveLease(held->second, change.after);
    }
    if (change.before && change.before->due) {
      // It may have been the earliest of its lane.
      if (Queue* queue = FindQueue(change.before->authority, change.before->source)) {
        LaneOf(*queue, change.before->priority).exact = false;
      }
    }
    if (change.after.due) Return(change.after, change.url);
  }
  staged_blocks_.clear();
  for (Queue* queue : std::exchange(in_batch_, {})) {
    queue->wake = queue->staged;
    queue->known = queue->staged_known;
    queue->in_batch = false;
    queue->new_lane = false;
    if (queue->leases == 0 && !queue->at_work && Earliest(*queue) == queue->wake) Unload(*queue);
  }
}

void Frontier::Abandoned(std::span<const Reschedule> changes) {
  const std::lock_guard lock(mutex_);
  for (const Reschedule& change : changes) {
    const auto held = leases_.find(change.url);
    if (held != leases_.end() && held->second.token == change.token)
      held->second.committing = false;
  }
  blocks_.merge(staged_blocks_);  // keeps what was said since
  staged_blocks_.clear();
  for (Queue* queue : std::exchange(in_batch_, {})) queue->in_batch = false;
}

Result<std::vector<Reschedule>> Frontier::Later(std::string_view source, Instant after,
                                                Instant until, size_t max, std::string& position) {
  std::vector<Reschedule> later;
  const std::string records = QueueRecordPrefix(source);
  std::string begin = records;
  std::string resume;  // within the first queue
  if (!position.empty()) {
    KeyReader reader(position);
    begin = reader.Text();
    resume = reader.Rest();
  }
  const auto queues = database_.Walk(Table::kFrontier, begin, PrefixEnd(records));
  for (; queues->Valid(); queues->Next(), resume.clear()) {
    const std::string authority(queues->key().substr(records.size()));
    const std::string prefix = QueuePrefix(authority, source);
    ASSIGN_OR_RETURN(const auto record, DecodeRecord<QueueRecord>(queues->value(), "queue"));
    for (const uint8_t number : record.lanes) {
      AddressRecord before{authority, std::string(source), 0, number, std::nullopt};
      const std::string lane = LanePrefix(authority, source, number);
      const std::string from = std::max(QueueKey(before, after + Duration(1), ""), resume);
      const std::string to =
          until == Instant::max() ? PrefixEnd(lane) : QueueKey(before, until + Duration(1), "");
      if (from >= to) continue;
      const auto cursor = database_.Walk(Table::kQueues, from, to);
      for (; cursor->Valid(); cursor->Next()) {
        if (later.size() == max) {
          position = KeyWriter().Text(queues->key()).Rest(cursor->key()).Take();
          return later;
        }
        auto place = ParseQueueKey(cursor->key(), prefix.size());
        if (!place)
          return Status::Corruption("a queue of " + authority + " has a key that is none");
        if (HoldOf(place->url) != Hold::kFree) continue;
        ASSIGN_OR_RETURN(const auto entry,
                         DecodeRecord<QueueEntry>(cursor->value(), "queue entry"));
        before.depth = entry.depth;
        before.due = place->due;
        later.push_back({std::move(place->url), before, before, 0});
      }
      RETURN_IF_ERROR(cursor->status());
    }
  }
  RETURN_IF_ERROR(queues->status());
  position.clear();
  return later;
}

}  // namespace cluehound::store
