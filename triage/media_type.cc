#include "triage/media_type.h"

#include "base/text.h"
#include "evidence/mhtml_reader.h"

namespace cluehound::triage {

std::string MediaTypeOf(std::string_view bytes) {
  using namespace std::string_view_literals;
  const std::string_view front = bytes.substr(0, 4096);
  if (front.starts_with("\xFF\xD8\xFF"sv)) return "image/jpeg";
  if (front.starts_with("\x89PNG\r\n\x1A\n"sv)) return "image/png";
  if (front.starts_with("RIFF"sv) && front.size() >= 12 && front.substr(8, 4) == "WEBP"sv)
    return "image/webp";
  if (evidence::LooksLikeMhtml(front)) return "multipart/related";
  for (const std::string_view tag : {"<!doctype html"sv, "<html"sv, "<head"sv, "<body"sv}) {
    if (FindIgnoreAsciiCase(front, tag) != std::string_view::npos) return "text/html";
  }
  return "";
}

}  // namespace cluehound::triage
