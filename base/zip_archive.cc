#include "base/zip_archive.h"

#include <zip.h>

#include <memory>

namespace cluehound {
namespace {

constexpr zip_int64_t kNoTime = 315532800;  // 1980-01-01, the first day that the format knows

std::string TextOf(zip_error_t& error) {
  std::string text = zip_error_strerror(&error);
  zip_error_fini(&error);
  return text;
}

}  // namespace

Result<std::vector<ZipMember>> ReadZip(std::string_view bytes, size_t max_members,
                                       size_t max_unpacked) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  if (source == nullptr) return Status::InvalidArgument("zip: " + TextOf(error));
  zip_t* opened = zip_open_from_source(source, ZIP_RDONLY, &error);
  if (opened == nullptr) {
    zip_source_free(source);
    return Status::InvalidArgument("zip: " + TextOf(error));
  }
  const std::unique_ptr<zip_t, decltype(&zip_discard)> archive(opened, &zip_discard);
  const zip_int64_t count = zip_get_num_entries(archive.get(), 0);
  if (count < 0 || static_cast<size_t>(count) > max_members)
    return Status::InvalidArgument("zip: too many members");
  std::vector<ZipMember> members;
  size_t left = max_unpacked;
  for (zip_uint64_t i = 0; i < static_cast<zip_uint64_t>(count); ++i) {
    const char* name = zip_get_name(archive.get(), i, 0);
    const std::unique_ptr<zip_file_t, decltype(&zip_fclose)> file(
        zip_fopen_index(archive.get(), i, 0), &zip_fclose);
    if (name == nullptr || file == nullptr)
      return Status::InvalidArgument("zip: a member cannot be read");
    ZipMember member{name, ""};
    char buffer[65536];
    zip_int64_t n = 0;
    while ((n = zip_fread(file.get(), buffer, sizeof buffer)) > 0) {
      if (static_cast<size_t>(n) > left) return Status::InvalidArgument("zip: too large unpacked");
      left -= static_cast<size_t>(n);
      member.bytes.append(buffer, static_cast<size_t>(n));
    }
    if (n < 0) return Status::InvalidArgument("zip: " + member.name + " is damaged");
    members.push_back(std::move(member));
  }
  return members;
}

Result<std::string> WriteZip(const std::vector<ZipMember>& members) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &error);
  if (target == nullptr) return Status::Unavailable("zip: " + TextOf(error));
  zip_source_keep(target);  // read back after the archive is closed
  const std::unique_ptr<zip_source_t, decltype(&zip_source_free)> kept(target, &zip_source_free);
  zip_t* archive = zip_open_from_source(target, ZIP_TRUNCATE, &error);
  if (archive == nullptr) {
    zip_source_free(target);
    return Status::Unavailable("zip: " + TextOf(error));
  }
  for (const ZipMember& member : members) {
    zip_source_t* source = zip_source_buffer(archive, member.bytes.data(), member.bytes.size(), 0);
    const zip_int64_t index =
        source == nullptr ? -1
                          : zip_file_add(archive, member.name.c_str(), source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
      if (source != nullptr) zip_source_free(source);
      zip_discard(archive);
      return Status::Unavailable("zip: " + member.name + " cannot be added");
    }
    zip_file_set_mtime(archive, static_cast<zip_uint64_t>(index), kNoTime, 0);
  }
  if (zip_close(archive) != 0) {
    zip_discard(archive);
    return Status::Unavailable("zip: cannot be written");
  }
  zip_stat_t stat;
  if (zip_source_open(target) != 0 || zip_source_stat(target, &stat) != 0)
    return Status::Unavailable("zip: cannot be read back");
  std::string bytes(stat.size, '\0');
  const zip_int64_t n = zip_source_read(target, bytes.data(), bytes.size());
  zip_source_close(target);
  if (n < 0 || static_cast<size_t>(n) != bytes.size())
    return Status::Unavailable("zip: cannot be read back");
  return bytes;
}

}  // namespace cluehound
