#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "evidence/checkpoint.h"
#include "evidence/merkle_log.h"
#include "store/audit_log.h"

namespace cluehound::app {

// The audit log as a file that proves itself, one JSON object a line: what it is, the keys, each
// entry with its bytes, salt and leaf and the root of the tree behind it, and at the end the signed
// checkpoint. Every line follows from what it vouches for, so that any byte that is changed shows.

// A line of the operation log.records.
Result<store::LogRecord> ParseLogRecord(const std::string& line);

std::string LogFileHead();
std::string LogFileKey(const evidence::NamedKey& key);
// Appends the record to the tree.
std::string LogFileLine(const store::LogRecord& record, evidence::MerkleLog& log);
std::string LogFileEnd(const std::string& checkpoint);

struct LogFileReport {
  evidence::LogHead head;
  uint64_t erased = 0;
  std::vector<evidence::NamedKey> keys;  // that the file names: compare them with what is known
  Instant signed_at{};
  std::vector<std::string> findings;  // "line 5, log entry 3: ..."; at most 1000
};

// Whether the file begins as one of these.
bool IsLogFile(const std::filesystem::path& file);
// Needs no store. With `key`, the checkpoint must be signed by it; without, by a key that the file
// names itself. Fails when the file cannot be read.
Result<LogFileReport> VerifyLogFile(const std::filesystem::path& file, const std::string& key);

}  // namespace cluehound::app
