#include "evidence/archive_reader.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "evidence/archive_name.h"
#include "evidence/fd.h"
#include "evidence/warc_writer.h"

namespace cluehound::evidence {
namespace {

std::string Place(const CaptureRef& ref) {
  return ref.file + ": the capture at byte " + std::to_string(ref.offset) + " (" +
         std::to_string(ref.length) + " bytes)";
}

Status ReadAt(const Fd& fd, uint64_t offset, std::string& bytes,
              const std::filesystem::path& path) {
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n = ::pread(fd.get(), bytes.data() + done, bytes.size() - done,
                              static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return FromErrno(path);
    if (n == 0) return Status::Corruption("the file became shorter");
    done += static_cast<size_t>(n);
  }
  return Status::Ok();
}

}  // namespace

Result<std::string> ArchiveReader::Read(const CaptureRef& ref) const {
  // A reference comes from the store; a damaged one must not lead out of the folder.
  if (!ArchiveName::Parse(ref.file))
    return Status::InvalidArgument("no archive file: \"" + ref.file + "\"");
  const std::filesystem::path path = folder_ / ref.file;
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return FromErrno(path);
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) return FromErrno(path);
  const auto size = static_cast<uint64_t>(info.st_size);
  if (ref.offset > size || ref.length > size - ref.offset) {
    return Status::Corruption(Place(ref) + " lies beyond the end of the file at byte " +
                              std::to_string(size));
  }
  std::string bytes(static_cast<size_t>(ref.length), '\0');
  if (Status read = ReadAt(fd, ref.offset, bytes, path); !read.ok()) return read.Within(Place(ref));
  if (Sha256(bytes) != ref.sha256) {
    return Status::Corruption(Place(ref) + " does not match its digest " + Hex(ref.sha256));
  }
  if (ref.sm3 != Digest() && Sm3(bytes) != ref.sm3) {
    return Status::Corruption(Place(ref) + " does not match its SM3 digest " + Hex(ref.sm3));
  }
  return bytes;
}

Result<Page> ArchiveReader::ReadPage(const CaptureRef& ref) const {
  ASSIGN_OR_RETURN(const std::string records, Read(ref));
  auto page = DecodePage(records);
  if (!page.ok()) return page.status().Within(Place(ref));
  return page;
}

}  // namespace cluehound::evidence
