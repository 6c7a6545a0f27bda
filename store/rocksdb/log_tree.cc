#include "store/rocksdb/log_tree.h"

#include "store/record_fields.h"
#include "store/rocksdb/tables.h"

namespace cluehound::store {
namespace {

constexpr uint8_t kLeaf = 'e';
constexpr uint8_t kCheckpoint = 'c';
constexpr uint8_t kPublicKey = 'k';
constexpr uint8_t kOrigin = 'o';
constexpr size_t kSaltSize = 16;
constexpr size_t kHashSize = 32;

Digest DigestAt(std::string_view bytes, size_t index) {
  Digest digest;
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(index * kHashSize), kHashSize,
              digest.begin());
  return digest;
}

}  // namespace

std::string LeafPrefix(uint64_t log) { return KeyWriter().Byte(kLeaf).Number(log).Take(); }
std::string LeafKey(uint64_t log, uint64_t index) {
  return KeyWriter(LeafPrefix(log)).Number(index).Take();
}
std::string CheckpointPrefix() { return KeyWriter().Byte(kCheckpoint).Take(); }
std::string CheckpointKey(uint64_t number) {
  return KeyWriter(CheckpointPrefix()).Number(number).Take();
}
std::string LogKeyPrefix() { return KeyWriter().Byte(kPublicKey).Take(); }
std::string LogKeyKey(uint64_t number) { return KeyWriter(LogKeyPrefix()).Number(number).Take(); }
std::string OriginKey() { return KeyWriter().Byte(kOrigin).Take(); }

Digest LeafDigest(std::string_view salt, std::string_view entry) {
  std::string bytes(salt);
  bytes += entry;
  return Sha256(bytes);
}

Result<evidence::MerkleLog> ResumeLog(const Counters& counters) {
  if (counters.log_peaks.size() % kHashSize != 0)
    return Status::Corruption("the peaks of the log are damaged");
  std::vector<Digest> peaks;
  for (size_t i = 0; i < counters.log_peaks.size() / kHashSize; ++i)
    peaks.push_back(DigestAt(counters.log_peaks, i));
  return evidence::MerkleLog::Resume(counters.logged, std::move(peaks));
}

void AppendLeaf(evidence::MerkleLog& log, std::string_view entry, Batch& batch) {
  LogLeaf leaf;
  leaf.salt = RandomBytes(kSaltSize);
  leaf.digest = LeafDigest(leaf.salt, entry);
  const uint64_t index = log.size();
  const auto nodes = log.Append(evidence::LeafHash(Bytes(leaf.digest)));
  for (size_t i = 1; i < nodes.size(); ++i) leaf.nodes += Bytes(nodes[i]);
  batch.Put(Table::kLog, LeafKey(kLogId, index), EncodeRecord(leaf));
}

void NoteLog(const evidence::MerkleLog& log, Counters& counters) {
  counters.logged = log.size();
  counters.log_peaks.clear();
  for (const Digest& peak : log.peaks()) counters.log_peaks += Bytes(peak);
}

evidence::NodeReader StoredNodes(const Database& database, const Snapshot* snapshot) {
  return [&database, snapshot](const evidence::TreeNode& node) -> Result<Digest> {
    const std::string key = LeafKey(kLogId, node.last_leaf());
    ASSIGN_OR_RETURN(const auto leaf,
                     FindRecord<LogLeaf>(database, Table::kLog, key, "leaf of the log", snapshot));
    if (!leaf) return Status::Corruption("the log has no leaf " + std::to_string(node.last_leaf()));
    if (node.level == 0) return evidence::LeafHash(Bytes(leaf->digest));
    if (leaf->nodes.size() < node.level * kHashSize)
      return Status::Corruption("leaf " + std::to_string(node.last_leaf()) + " is too short");
    return DigestAt(leaf->nodes, node.level - size_t{1});
  };
}

}  // namespace cluehound::store
