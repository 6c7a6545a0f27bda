#pragma once

#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "store/rocksdb/database.h"
#include "store/rocksdb/tables.h"
#include "store/store.h"

namespace cluehound::store {

// A change of one address: it becomes known, gets another time, or another source.
struct Reschedule {
  std::string url;
  std::optional<AddressRecord> before;  // nothing: the address is new
  AddressRecord after;
  uint64_t token = 0;  // of the lease that ends with it; 0: none
};

// Who may be fetched next. On disk, per queue (authority and source): its addresses by priority and
// due time, and one place in the schedule of its source, never later than its earliest address. In
// memory: the queues at work, at most kMaxLoaded or as many as have leases, and the leases. So a
// start reads the names of the sources and nothing else, and a claim reads the heads of the queues
// that it takes from.
//
// Claims write nothing, so they never wait for a disk; what they find out (a queue whose next
// address is due later than its place says) is written by the writer with its next batch. Until
// then, and after a crash, places are merely earlier than need be.
//
// Deleted keys pile up at the heads of queues until compaction drops them; a lane therefore
// remembers behind which key it has anything, and every walk ends with its queue.
//
// Thread-safe; the methods of the writer are called by it alone.
class Frontier {
 public:
  static constexpr size_t kMaxLoaded = 16384;  // queues; some 500 bytes each

  explicit Frontier(const Database& database) : database_(database) {}

  // `epoch`: differs with every opening of the store, so that no token is given out twice.
  Status Start(uint64_t epoch);

  // ---- any thread

  // Leases without their page states.
  Result<std::vector<Lease>> Claim(const ClaimRequest& request);
  void Release(const std::vector<Lease>& leases);
  void Block(std::string_view authority, Instant until);
  Result<std::optional<Instant>> NextDue(const std::vector<std::string>& sources, Instant now);
  // Since when the first address of the source waits that is due by `now`.
  Result<std::optional<Instant>> OldestDue(const std::string& name, Instant now);
  // Whether something waits to be written.
  bool HasUpkeep() const;
  // No more than so many addresses of one authority become known to the source by links.
  void Bound(std::string_view source, uint64_t per_authority);

  // ---- the writer

  // How many more addresses of an authority a source may learn from links.
  Result<uint64_t> Room(const std::string& authority, const std::string& source) const;
  // Reports, once, that a link found no room.
  void NoteFull(const std::string& authority, const std::string& source);

  // The address of a lease that is about to be committed; nothing when the token is not its own.
  std::optional<AddressRecord> BeginCommit(std::string_view url, uint64_t token);
  void CancelCommit(std::string_view url);
  enum class Hold { kFree, kLeased, kCommitting };
  Hold HoldOf(std::string_view url) const;

  // Adds what the changes make of the tables, in their order, and what claims found out. Applied or
  // Abandoned follows.
  Status Stage(std::span<const Reschedule> changes, Batch& batch);
  void Applied(std::span<const Reschedule> changes);
  void Abandoned(std::span<const Reschedule> changes);

  // At most `max` addresses of a source that are due later than `after`, by `until`, and not leased,
  // behind `position`, which moves; empty at the beginning and again at the end. Reads no others.
  // Nothing is changed in them yet.
  Result<std::vector<Reschedule>> Later(std::string_view source, Instant after, Instant until,
                                        size_t max, std::string& position);

  // How many queues are in memory; for tests.
  size_t loaded() const;

 private:
  // The addresses of one priority in a queue.
  struct Lane {
    uint8_t number = 0;
    std::string cursor;               // nothing claimable before this key; empty: unknown
    std::optional<Instant> earliest;  // of those not leased, at the earliest; absent: there is none
    bool exact = false;               // `earliest` is one's time, not only a bound
  };
  struct Source {
    std::string name;
    std::string hand;  // queues with places before it are in memory, or were left behind
    std::optional<Instant>
        next_wake;                // nothing behind the hand wakes before; absent: nothing at all
    size_t fresh = 0;             // authorities in fresh_ that it brought
    uint64_t wanted_by = 0;       // the last claim that asks for it
    uint64_t bound = UINT64_MAX;  // addresses that one authority may have
    size_t left_behind =
        0;  // put out of memory while they had due addresses: the hand comes round again
  };
  struct Authority;
  struct Queue {
    Authority* authority = nullptr;
    Source* source = nullptr;
    std::optional<Instant> wake;    // its place in the schedule
    std::optional<Instant> staged;  // what the batch under way makes of it
    uint64_t known = 0;             // addresses that were ever made known here
    uint64_t staged_known = 0;      // as `staged`
    bool in_batch = false;          // the batch under way touches it: it stays in memory
    bool new_lane = false;          // its record is to be written for a lane
    bool at_work = false;           // a claim has read it, so that its cursors are worth keeping
    std::vector<Lane> lanes;        // by number
    size_t leases = 0;
    bool idle = false;  // stands in idle_
  };
  struct Authority {
    std::string name;
    Instant blocked_until = Instant::min();
    size_t outstanding = 0;
    uint64_t served_by = 0;  // the last claim that took from it
    std::unordered_map<std::string_view, std::unique_ptr<Queue>> queues;  // by source
    Source* fresh_from = nullptr;  // in fresh_, and who brought it there; null: in turns_
    std::list<Authority*>::iterator turn;
  };
  struct Held {
    uint64_t token = 0;
    AddressRecord record;
    bool committing = false;
  };
  struct Entry {
    uint8_t lane = 0;
    Instant due{};
    std::string url;
    uint16_t depth = 0;
  };
  // What one queue offers to the claim under way.
  struct Offer {
    Queue* queue = nullptr;
    std::vector<Entry> entries;
    size_t next = 0;
    bool more = false;  // further entries may be due
  };
  struct Turn {
    Authority* authority = nullptr;
    std::vector<Offer> offers;
  };
  class Claiming;
  // Maps that are asked with views.
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  template <class T>
  using ByName = std::unordered_map<std::string, T, Hash, std::equal_to<>>;

  Source& SourceOf(std::string_view name);
  std::vector<Source*> Among(const std::vector<std::string>& names);
  Queue* FindQueue(std::string_view authority, std::string_view source) const;
  Result<Queue*> Load(const std::string& authority, const std::string& source);
  // The same for the queues of all these, with two reads for what is not in memory.
  Status LoadAll(std::span<const Reschedule> changes);
  Queue* Make(const std::string& authority, const std::string& source,
              const std::optional<QueueRecord>& record, Instant blocked_until);
  std::optional<Instant> BlockSaid(const std::string& authority) const;
  Result<Instant> BlockOf(const std::string& authority) const;
  void Unload(Queue& queue);
  void MakeRoom();
  void MakeRoomIn(std::list<Authority*>& list);
  void LeaveFresh(Authority& authority);
  Result<std::vector<Queue*>> LoadDue(Source& source, Instant until, size_t max);
  Status FindNextWake(Source& source, std::string behind);

  static std::optional<Instant> Earliest(const Queue& queue);
  Status Offered(Queue& queue, Instant until, size_t max, Offer& offer);
  Status Refine(Queue& queue, Lane& lane);
  Lane& LaneOf(Queue& queue, uint8_t number);
  void Return(const AddressRecord& record, std::string_view url);
  void NoteIdle(Queue& queue);

  void StageIdle();
  void Schedule(Queue& queue, Instant due);
  void StageQueue(Queue& queue);
  void MoveLease(Held& held, const AddressRecord& after);

  const Database& database_;
  mutable std::mutex mutex_;  // guards everything below
  uint64_t next_token_ = 0;
  uint64_t claims_ = 0;
  ByName<std::unique_ptr<Source>> sources_;
  ByName<std::unique_ptr<Authority>> authorities_;
  // Authorities wait for a turn in two lists, and claims take from both alternately: so neither
  // those that came into memory just now nor those that are there can keep the others waiting.
  std::list<Authority*> fresh_;  // since they came into memory; the first come first
  std::list<Authority*> turns_;  // the least recently served first
  size_t loaded_ = 0;
  ByName<Held> leases_;                                     // by address
  std::unordered_map<std::string, Instant> blocks_;         // not yet handed to a batch
  std::unordered_map<std::string, Instant> staged_blocks_;  // in the batch under way
  std::unordered_set<std::string> full_;  // queues of which it was reported; at most kMaxLoaded
  std::vector<Queue*> idle_;  // nothing due, nothing leased: their places are to be moved
  std::vector<Queue*> in_batch_;
};

}  // namespace cluehound::store
