#pragma once

#include <string>
#include <vector>

#include "evidence/merkle_log.h"
#include "store/rocksdb/database.h"
#include "store/stored_records.h"

// The Merkle tree over the audit entries, as it is stored: a leaf holds the hashes of the subtrees
// that it completed, so that appending writes one record and any node is one read.
namespace cluehound::store {

// The log of this store. A store that is one shard of several has another number.
inline constexpr uint64_t kLogId = 1;

std::string LeafPrefix(uint64_t log);
std::string LeafKey(uint64_t log, uint64_t index);
std::string CheckpointPrefix();
std::string CheckpointKey(uint64_t number);
std::string LogKeyPrefix();
std::string LogKeyKey(uint64_t number);
std::string OriginKey();

// What the tree hashes of an entry.
Digest LeafDigest(std::string_view salt, std::string_view entry);

// The tree as the counters have it.
Result<evidence::MerkleLog> ResumeLog(const Counters& counters);
// Appends the entry with these bytes to the tree and its leaf to the batch, and notes it in the
// counters.
void AppendLeaf(evidence::MerkleLog& log, std::string_view entry, Batch& batch);
void NoteLog(const evidence::MerkleLog& log, Counters& counters);

// Reads nodes from the leaves. `database` must outlive it.
evidence::NodeReader StoredNodes(const Database& database, const Snapshot* snapshot = nullptr);

}  // namespace cluehound::store
