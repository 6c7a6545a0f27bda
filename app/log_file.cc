#include "app/log_file.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "evidence/mime_coding.h"
#include "evidence/warc_digest.h"
#include "store/record_fields.h"
#include "triage/record_json.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMaxLine = 16u << 20;
constexpr size_t kMaxFindings = 1000;
constexpr char kKind[] = "cluehound log";

std::string Line(const Json& object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string FromHex(const std::string& hex) {
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(std::strtoul(hex.substr(i, 2).c_str(), nullptr, 16));
  return bytes;
}

std::string Text(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

// Reads a file from its front to its end, one line after the other.
class Verifier {
 public:
  Verifier(const std::string& key, LogFileReport& report) : report_(report) {
    if (const auto known = evidence::NamedKey::Parse(key); known.ok()) wanted_ = {*known};
  }

  void Take(const std::string& line) {
    ++number_;
    const Json object = Json::parse(line, nullptr, false);
    if (!object.is_object()) return Fault("no JSON object");
    if (number_ == 1) return CheckHead(line);
    if (ended_) return Fault("there is more behind the checkpoint");
    if (object.contains("key")) return TakeKey(line, object);
    if (object.contains("checkpoint")) return TakeEnd(line, object);
    TakeEntry(line, object);
  }

  void End() {
    report_.head = {"1", log_.size(), log_.Root()};
    if (!ended_) report_.findings.push_back("the end: the signed checkpoint is missing");
  }

 private:
  void Fault(const std::string& problem) {
    if (report_.findings.size() < kMaxFindings)
      report_.findings.push_back("line " + std::to_string(number_) + ": " + problem);
  }

  void CheckHead(const std::string& line) {
    if (line != LogFileHead()) Fault("this is not the front of an exported log");
  }

  void TakeKey(const std::string& line, const Json& object) {
    auto key = evidence::NamedKey::Parse(Text(object, "key"));
    if (!key.ok() || LogFileKey(*key) != line) return Fault("the key is damaged");
    report_.keys.push_back(*std::move(key));
  }

  void TakeEntry(const std::string& line, const Json& object) {
    const std::string name = "log entry " + std::to_string(log_.size() + 1);
    store::LogRecord record;
    record.index = log_.size();
    record.salt = evidence::DecodeBase64(Text(object, "salt"), kMaxLine);
    record.bytes = evidence::DecodeBase64(Text(object, "record"), kMaxLine);
    if (record.bytes.empty()) {  // erased: its leaf is all there is
      const std::string leaf = evidence::DecodeBase64(Text(object, "leaf"), kMaxLine);
      if (leaf.size() != record.digest.size()) return Fault(name + ": its leaf is damaged");
      std::copy(leaf.begin(), leaf.end(), record.digest.begin());
      ++report_.erased;
    } else {
      record.digest = Sha256(record.salt + record.bytes);
    }
    evidence::MerkleLog whole = log_;
    const bool good = LogFileLine(record, log_) == line;
    if (good || lost_) return;
    Fault(name + ": it is not what was written");
    // The tree goes on from the leaf that the line claims, so that one bad entry is one finding. If
    // that is no good either, nothing behind it can be told.
    const std::string leaf = evidence::DecodeBase64(Text(object, "leaf"), kMaxLine);
    if (leaf.size() == record.digest.size()) {
      whole.Append(evidence::LeafHash(leaf));
      if (evidence::Base64(Bytes(whole.Root())) == Text(object, "root")) {
        log_ = std::move(whole);
        return;
      }
    }
    if (evidence::Base64(Bytes(log_.Root())) != Text(object, "root")) lost_ = true;
  }

  void TakeEnd(const std::string& line, const Json& object) {
    ended_ = true;
    const std::string note = Text(object, "checkpoint");
    if (LogFileEnd(note) != line) return Fault("the checkpoint is damaged");
    const auto opened = evidence::OpenCheckpoint(note, wanted_.empty() ? report_.keys : wanted_);
    if (!opened.ok()) return Fault(opened.status().message());
    report_.signed_at = opened->at;
    for (const evidence::LogHead& head : opened->logs) {
      if (head.size != log_.size()) {
        Fault("the checkpoint is of " + std::to_string(head.size) + " entries, the file holds " +
              std::to_string(log_.size()));
      } else if (head.root != log_.Root() && !lost_) {
        Fault("the entries are not those that were signed");
      }
    }
  }

  LogFileReport& report_;
  std::vector<evidence::NamedKey> wanted_;
  evidence::MerkleLog log_;
  size_t number_ = 0;
  bool ended_ = false;
  bool lost_ = false;
};

}  // namespace

Result<store::LogRecord> ParseLogRecord(const std::string& line) {
  const Json object = Json::parse(line, nullptr, false);
  if (!object.is_object()) return Status::Corruption("not a record of the log");
  store::LogRecord record;
  record.index = object.value("index", uint64_t{0});
  record.salt = FromHex(Text(object, "salt"));
  record.bytes = FromHex(Text(object, "entry"));
  const std::string digest = FromHex(Text(object, "digest"));
  if (digest.size() != record.digest.size()) return Status::Corruption("not a record of the log");
  std::copy(digest.begin(), digest.end(), record.digest.begin());
  return record;
}

std::string LogFileHead() { return Line({{"file", kKind}, {"version", 1}, {"log", "1"}}); }

std::string LogFileKey(const evidence::NamedKey& key) { return Line({{"key", key.Text()}}); }

std::string LogFileLine(const store::LogRecord& record, evidence::MerkleLog& log) {
  Json object;
  object["index"] = record.index;
  if (!record.bytes.empty()) {
    const auto entry = store::DecodeRecord<store::AuditEntry>(record.bytes, "entry");
    object["entry"] = entry.ok() ? Json::parse(triage::AuditJson(*entry)) : Json(nullptr);
    object["salt"] = evidence::Base64(record.salt);
    object["record"] = evidence::Base64(record.bytes);
  }
  object["leaf"] = evidence::Base64(Bytes(record.digest));
  log.Append(evidence::LeafHash(Bytes(record.digest)));
  object["root"] = evidence::Base64(Bytes(log.Root()));
  return Line(object);
}

std::string LogFileEnd(const std::string& checkpoint) { return Line({{"checkpoint", checkpoint}}); }

bool IsLogFile(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string front(32, '\0');
  in.read(front.data(), static_cast<std::streamsize>(front.size()));
  return front.find(kKind) != std::string::npos;
}

Result<LogFileReport> VerifyLogFile(const std::filesystem::path& file, const std::string& key) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return Status::NotFound(file.string() + ": it cannot be read");
  if (!key.empty()) RETURN_IF_ERROR(evidence::NamedKey::Parse(key).status());
  LogFileReport report;
  Verifier verifier(key, report);
  std::string line;
  while (std::getline(in, line)) {
    if (line.size() > kMaxLine)
      return Status::InvalidArgument(file.string() + ": a line is too long");
    verifier.Take(line);
  }
  verifier.End();
  return report;
}

}  // namespace cluehound::app
