#include "app/backup.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <vector>

#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"
#include "evidence/archive_name.h"
#include "evidence/fd.h"

namespace cluehound::app {
namespace {

namespace fs = std::filesystem;

constexpr char kList[] = "BACKUP";
constexpr std::string_view kFront = "cluehound backup 1";
constexpr size_t kMaxList = 256u << 20;

struct Listed {
  uint64_t size = 0;
  std::string sha256;
};
using FileList = std::map<std::string, Listed>;  // by path inside the backup

// Copies the first `size` bytes, synced, and gives their digest; an empty `to` only digests.
Result<std::string> Copy(const fs::path& from, const fs::path& to, uint64_t size) {
  const evidence::Fd in(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
  if (!in.valid()) return evidence::FromErrno(from);
  evidence::Fd out;
  if (!to.empty()) {
    out = evidence::Fd(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640));
    if (!out.valid()) return evidence::FromErrno(to);
  }
  Hasher hasher(Hasher::Kind::kSha256);
  std::array<char, 1 << 16> buffer;
  for (uint64_t done = 0; done < size;) {
    const ssize_t n =
        ::read(in.get(), buffer.data(), std::min<uint64_t>(buffer.size(), size - done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return evidence::FromErrno(from);
    if (n == 0) return Status::Corruption(from.string() + " ends at byte " + std::to_string(done));
    const auto count = static_cast<size_t>(n);
    hasher.Update({buffer.data(), count});
    for (size_t written = 0; !to.empty() && written < count;) {
      const ssize_t w = ::write(out.get(), buffer.data() + written, count - written);
      if (w < 0 && errno == EINTR) continue;
      if (w < 0) return evidence::FromErrno(to);
      written += static_cast<size_t>(w);
    }
    done += count;
  }
  if (!to.empty() && ::fdatasync(out.get()) != 0) return evidence::FromErrno(to);
  return Hex(hasher.Finish());
}

Status MakeFolder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  return error ? Status::Unavailable(folder.string() + ": " + error.message()) : Status::Ok();
}

Result<FileList> ReadList(const fs::path& backup) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(backup / kList, kMaxList));
  const Status bad = Status::Corruption((backup / kList).string() + " is damaged");
  const auto lines = SplitAscii(text, "\n");
  if (lines.size() < 2 || lines[0] != kFront) return bad;
  FileList files;
  const size_t end = text.rfind("end ");
  if (end == text.npos || text.substr(end) != "end " + Hex(Sha256(text.substr(0, end))) + "\n")
    return bad;
  for (size_t i = 1; i + 1 < lines.size(); ++i) {
    const auto parts = SplitAscii(lines[i], " ");
    if (parts.size() != 3) return bad;
    const std::optional<int64_t> size = ParseInt(parts[1]);
    const fs::path path(parts[2]);
    const bool inside = std::none_of(path.begin(), path.end(),
                                     [](const fs::path& p) { return p == ".." || p == "/"; });
    if (size.value_or(-1) < 0 || !inside) return bad;
    files[path.string()] = {static_cast<uint64_t>(size.value_or(0)), std::string(parts[0])};
  }
  return files;
}

Status WriteList(const fs::path& backup, const FileList& files) {
  std::string text(kFront);
  text += '\n';
  for (const auto& [path, file] : files)
    text += file.sha256 + " " + std::to_string(file.size) + " " + path + "\n";
  text += "end " + Hex(Sha256(text)) + "\n";
  return WriteFileAtomically(backup / kList, text);
}

// The files of the copy, and of the archive up to the last capture, with what of each is taken.
Result<std::map<std::string, std::pair<fs::path, uint64_t>>> Wanted(
    const fs::path& copy, const fs::path& captures, const evidence::CaptureRef& last) {
  std::map<std::string, std::pair<fs::path, uint64_t>> wanted;
  std::error_code error;
  for (const char* folder : {"", "db"}) {
    for (const auto& entry : fs::directory_iterator(copy / folder, error)) {
      if (!entry.is_regular_file() || entry.path().filename() == "LOCK") continue;
      const fs::path inside = fs::path(folder) / entry.path().filename();
      wanted[inside.string()] = {entry.path(), entry.file_size()};
    }
    if (error) return Status::Unavailable((copy / folder).string() + ": " + error.message());
  }
  if (!last.present()) return wanted;
  for (const auto& entry : fs::directory_iterator(captures, error)) {
    const std::string name = entry.path().filename().string();
    if (!evidence::ArchiveName::Parse(name) || name > last.file) continue;
    const uint64_t size = name == last.file ? last.offset + last.length : entry.file_size();
    wanted["captures/" + name] = {entry.path(), size};
  }
  if (error) return Status::Unavailable(captures.string() + ": " + error.message());
  return wanted;
}

}  // namespace

Result<fs::path> FindBackup(const fs::path& root) {
  std::error_code error;
  if (fs::exists(root / kList, error)) return root;
  fs::path newest;
  for (const auto& entry : fs::directory_iterator(root, error)) {
    if (fs::exists(entry.path() / kList, error) && entry.path() > newest) newest = entry.path();
  }
  if (newest.empty()) return Status::NotFound("no backup at " + root.string());
  return newest;
}

Result<BackupReport> WriteBackup(const fs::path& copy, const fs::path& captures,
                                 const evidence::CaptureRef& last, const fs::path& root,
                                 const std::string& stamp) {
  const auto before = FindBackup(root);
  FileList known;
  if (before.ok()) {
    ASSIGN_OR_RETURN(known, ReadList(*before));
  }
  BackupReport report;
  report.folder = root / stamp;
  if (fs::exists(report.folder))
    return Status::Conflict(report.folder.string() + " is there already");
  RETURN_IF_ERROR(MakeFolder(report.folder / "db"));
  RETURN_IF_ERROR(MakeFolder(report.folder / "captures"));
  ASSIGN_OR_RETURN(const auto wanted, Wanted(copy, captures, last));
  FileList files;
  for (const auto& [path, source] : wanted) {
    const auto& [from, size] = source;
    const fs::path to = report.folder / path;
    const auto old = known.find(path);
    bool linked = false;
    if (old != known.end() && old->second.size == size) {
      ASSIGN_OR_RETURN(const std::string digest, Copy(from, "", size));
      linked = digest == old->second.sha256 && ::link((*before / path).c_str(), to.c_str()) == 0;
      if (linked) files[path] = old->second;
    }
    if (!linked) {
      ASSIGN_OR_RETURN(const std::string digest, Copy(from, to, size));
      files[path] = {size, digest};
      report.written += size;
    }
    ++report.files;
    report.bytes += size;
  }
  RETURN_IF_ERROR(WriteList(report.folder, files));
  return report;
}

Status VerifyBackup(const fs::path& backup) {
  ASSIGN_OR_RETURN(const FileList files, ReadList(backup));
  for (const auto& [path, file] : files) {
    std::error_code error;
    const uint64_t size = fs::file_size(backup / path, error);
    if (error) return Status::Corruption((backup / path).string() + ": " + error.message());
    if (size != file.size)
      return Status::Corruption((backup / path).string() + " has another size");
    ASSIGN_OR_RETURN(const std::string digest, Copy(backup / path, "", file.size));
    if (digest != file.sha256)
      return Status::Corruption((backup / path).string() + " is not what was backed up");
  }
  return Status::Ok();
}

Status CopyBackup(const fs::path& backup, const fs::path& store) {
  ASSIGN_OR_RETURN(const FileList files, ReadList(backup));
  RETURN_IF_ERROR(MakeFolder(store / "db"));
  RETURN_IF_ERROR(MakeFolder(store / "captures"));
  // FORMAT makes it a store, so it comes last.
  std::vector<std::string> order;
  for (const auto& [path, file] : files) {
    if (path != "FORMAT") order.push_back(path);
  }
  order.push_back("FORMAT");
  for (const std::string& path : order) {
    const auto file = files.find(path);
    if (file == files.end()) return Status::Corruption(backup.string() + " holds no " + path);
    ASSIGN_OR_RETURN(const std::string digest,
                     Copy(backup / path, store / path, file->second.size));
    if (digest != file->second.sha256)
      return Status::Corruption((backup / path).string() + " is not what was backed up");
  }
  return WriteFileAtomically(store / "LOCK", "");
}

}  // namespace cluehound::app
