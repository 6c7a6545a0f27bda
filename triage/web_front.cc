#include "triage/web_front.h"

#include <algorithm>

#include "base/content_coding.h"
#include "base/digest.h"
#include "base/text.h"

namespace cluehound {
std::span<const EmbeddedFile> TriagePageFiles();  // generated from triage/ui/dist
}

namespace cluehound::triage {
namespace {

constexpr size_t kWorthPacking = 1024;  // bytes
constexpr char kDataPolicy[] = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";
constexpr char kNoPage[] =
    "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>Cluehound</title>"
    "</head><body><h1>Cluehound</h1><p>本程序未包含网页界面。请安装带界面的软件包，或用 ui "
    "预设构建后重新安装；命令行和 /api/v1 可以照常使用。</p><p lang=\"en\">This program was built "
    "without its page. Install a package with it, or build with the preset ui; commands and "
    "/api/v1 "
    "work all the same.</p></body></html>\n";

std::string TypeOf(std::string_view path) {
  struct Type {
    std::string_view ending, type;
  };
  static constexpr Type kTypes[] = {{".html", "text/html; charset=utf-8"},
                                    {".js", "text/javascript; charset=utf-8"},
                                    {".css", "text/css; charset=utf-8"},
                                    {".svg", "image/svg+xml"},
                                    {".png", "image/png"},
                                    {".ico", "image/x-icon"},
                                    {".json", "application/json; charset=utf-8"},
                                    {".woff2", "font/woff2"},
                                    {".txt", "text/plain; charset=utf-8"}};
  for (const Type& type : kTypes) {
    if (path.ends_with(type.ending)) return std::string(type.type);
  }
  return "application/octet-stream";
}

bool IsText(std::string_view type) {
  return type.starts_with("text/") || type.starts_with("application/json") ||
         type == "image/svg+xml";
}

}  // namespace

std::span<const EmbeddedFile> WebFront::BuiltInPage() { return TriagePageFiles(); }

void AddSecurityHeaders(HttpResponse& response, bool secure, const std::string& policy) {
  auto& headers = response.headers;
  headers.emplace("Content-Security-Policy", policy);
  headers.emplace("Referrer-Policy", "no-referrer");
  headers.emplace("X-Frame-Options", "DENY");
  headers.emplace("Cross-Origin-Opener-Policy", "same-origin");
  headers.emplace("Cross-Origin-Resource-Policy", "same-origin");
  headers.emplace("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
  headers.emplace("Cache-Control", "no-store");
  if (secure) headers.emplace("Strict-Transport-Security", "max-age=31536000");
}

WebFront::WebFront(HttpHandler api, std::span<const EmbeddedFile> files,
                   std::function<std::string(const HttpRequest&)> capture_origin)
    : api_(std::move(api)), capture_origin_(std::move(capture_origin)) {
  for (const EmbeddedFile& embedded : files) {
    File file;
    file.bytes = embedded.bytes;
    file.type = TypeOf(embedded.name);
    file.etag = "\"" + Hex(Sha256(embedded.bytes)).substr(0, 32) + "\"";
    if (IsText(file.type) && embedded.bytes.size() >= kWorthPacking)
      file.gzip = GzipCompress(embedded.bytes, 9);
    files_["/" + std::string(embedded.name)] = std::move(file);
  }
}

std::string WebFront::Policy(const HttpRequest& request) const {
  const std::string frames = capture_origin_ ? capture_origin_(request) : "";
  // Styles in attributes are what charts and components set; a style can show nothing that its text does
  // not hold, and no text of ours is ever taken for HTML.
  return "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' "
         "data: blob:; font-src 'self' data:; connect-src 'self'; manifest-src 'self'; worker-src "
         "'self'; frame-src " +
         (frames.empty() ? "'none'" : frames) +
         "; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
}

HttpResponse WebFront::Send(const File& file, bool for_ever, const HttpRequest& request) const {
  HttpResponse response;
  response.content_type = file.type;
  response.headers = {
      {"ETag", file.etag},
      {"Vary", "Accept-Encoding"},
      {"Cache-Control", for_ever ? "public, max-age=31536000, immutable" : "no-cache"}};
  if (request.Header("if-none-match") == file.etag) {
    response.status = 304;
    return response;
  }
  if (!file.gzip.empty() && request.Header("accept-encoding").find("gzip") != std::string::npos) {
    response.headers["Content-Encoding"] = "gzip";
    response.body = file.gzip;
  } else {
    response.body = file.bytes;
  }
  return response;
}

HttpResponse WebFront::Page(const HttpRequest& request) const {
  if (request.method != "GET" && request.method != "HEAD")
    return {
        405, "text/plain; charset=utf-8", "not with this method\n", {{"Allow", "GET, HEAD"}}, {}};
  // Files are looked up whole by their name: no path leads anywhere else.
  if (const auto found = files_.find(request.path); found != files_.end()) {
    // Names below assets/ carry a digest of what is in them.
    return Send(found->second, request.path.starts_with("/assets/"), request);
  }
  const auto index = files_.find("/index.html");
  const bool looks_like_file = request.path.find('.', request.path.rfind('/')) != std::string::npos;
  if (looks_like_file) return {404, "text/plain; charset=utf-8", "not found\n", {}, {}};
  if (index != files_.end()) return Send(index->second, false, request);
  return {200, "text/html; charset=utf-8", kNoPage, {}, {}};
}

HttpResponse WebFront::Handle(const HttpRequest& request) const {
  const bool data = request.path == "/api" || request.path.starts_with("/api/");
  HttpResponse response;
  if (request.path.size() > 2048 || request.path.find('\0') != std::string::npos) {
    response = {404, "text/plain; charset=utf-8", "not found\n", {}, {}};
  } else if (data) {
    response = api_(request);
  } else {
    response = Page(request);
  }
  AddSecurityHeaders(response, request.secure, data ? kDataPolicy : Policy(request));
  return response;
}

}  // namespace cluehound::triage
