#include "base/gzip_stream.h"

#include <zlib.h>

#include <algorithm>
#include <new>

namespace cluehound {

struct GzipStream::Impl {
  z_stream z{};
};

GzipStream::GzipStream() : impl_(std::make_unique<Impl>()) {
  // 15: the largest window; +16: gzip and nothing else. Fails only for want of memory.
  if (inflateInit2(&impl_->z, 15 + 16) != Z_OK) throw std::bad_alloc();
}

GzipStream::~GzipStream() { inflateEnd(&impl_->z); }

void GzipStream::Reset() { inflateReset(&impl_->z); }

GzipStream::Step GzipStream::Inflate(std::string_view& input, std::string& out, size_t max_out) {
  constexpr size_t kPiece = size_t{64} << 10;
  const size_t before = out.size();
  z_stream& z = impl_->z;
  while (out.size() - before < max_out) {
    const size_t room = std::min(kPiece, max_out - (out.size() - before));
    const size_t offered = std::min(input.size(), size_t{1} << 30);
    const size_t old_size = out.size();
    out.resize(old_size + room);
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
    z.avail_in = static_cast<uInt>(offered);
    z.next_out = reinterpret_cast<Bytef*>(out.data() + old_size);
    z.avail_out = static_cast<uInt>(room);
    const int result = inflate(&z, Z_NO_FLUSH);
    out.resize(old_size + room - z.avail_out);
    input.remove_prefix(offered - z.avail_in);
    if (result == Z_STREAM_END) return Step::kMemberEnd;
    if (result != Z_OK && result != Z_BUF_ERROR) return Step::kCorrupt;
    if (z.avail_out > 0) return Step::kMore;  // it wants input
  }
  return Step::kMore;
}

}  // namespace cluehound
