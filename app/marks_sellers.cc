#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <memory>

#include "app/exit_code.h"
#include "app/marks_commands.h"
#include "app/office_marks.h"
#include "base/log.h"
#include "base/text.h"

namespace cluehound::app {
namespace {

constexpr size_t kMaxSellers = 100'000;

struct AuthoriseOptions {
  CommonOptions common;
  PreviewOptions preview;
  std::string mark;
  std::vector<std::string> sellers;
  std::string file;
  rules::NewSeller shared;  // platform, proof and end for all
};

// "耐克官方旗舰店", or with platform and the platform's number, parted by tab, comma or "|" (as
// pasted from a table): "耐克官方旗舰店,taobao,1234567".
Result<rules::NewSeller> ParseSeller(std::string_view line, const rules::NewSeller& shared) {
  if (!IsValidUtf8(line)) return Status::InvalidArgument("不是 UTF-8 文本");
  std::string text;
  for (size_t pos = 0; pos < line.size();) {
    const char32_t c = DecodeUtf8(line, pos);
    AppendUtf8(text, c == U'\t' || c == U',' || c == U'，' || c == U'|' ? U'\n' : c);
  }
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == '\n') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  if (parts.size() > 3) return Status::InvalidArgument("多于三项：店铺名称、平台、店铺编号");
  rules::NewSeller seller = shared;
  seller.seller = CollapseSpace(parts[0]);
  if (parts.size() > 1 && !CollapseSpace(parts[1]).empty())
    seller.platform = CollapseSpace(parts[1]);
  if (parts.size() > 2) seller.seller_id = CollapseSpace(parts[2]);
  if (seller.seller.empty() && seller.seller_id.empty())
    return Status::InvalidArgument("没有店铺名称，也没有店铺编号");
  return seller;
}

struct Pasted {
  std::vector<rules::NewSeller> sellers;
  size_t bad = 0;
};

void Take(std::string_view line, const std::string& place, const rules::NewSeller& shared,
          Pasted& pasted) {
  if (TrimAscii(line).empty()) return;
  const auto seller = ParseSeller(line, shared);
  if (seller.ok()) {
    pasted.sellers.push_back(*seller);
  } else {
    std::cout << place << "：" << seller.status().message() << '\n';
    ++pasted.bad;
  }
}

Result<Pasted> ReadSellers(const AuthoriseOptions& options) {
  Pasted pasted;
  for (const std::string& seller : options.sellers)
    Take(seller, "“" + seller + "”", options.shared, pasted);
  if (!options.sellers.empty() && options.file.empty()) return pasted;
  std::ifstream file;
  if (!options.file.empty() && options.file != "-") {
    file.open(options.file, std::ios::binary);
    if (!file) return Status::InvalidArgument(options.file + ": cannot be read");
  }
  std::istream& in = file.is_open() ? static_cast<std::istream&>(file) : std::cin;
  size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (number == 1 && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
    if (line.ends_with('\r')) line.pop_back();
    Take(line, "第 " + std::to_string(number) + " 行", options.shared, pasted);
    if (pasted.sellers.size() > kMaxSellers)
      return Status::InvalidArgument("more than 100,000 sellers at once");
  }
  return pasted;
}

int RunAuthorise(const AuthoriseOptions& options) {
  SetLogQuiet(true);
  const auto marks = OfficeMarks::Open(options.common);
  if (!marks.ok()) return Report(marks.status());
  const auto mark = marks->Find(options.mark);
  if (!mark.ok()) return Report(mark.status());
  const auto pasted = ReadSellers(options);
  if (!pasted.ok()) return Report(pasted.status());
  const auto change = rules::PrepareSellers(marks->file, mark->id, pasted->sellers, marks->files);
  if (!change.ok()) return Report(change.status());
  std::string done =
      "已为 " + mark->name + " 登记 " + std::to_string(pasted->sellers.size()) + " 个授权经营者";
  done += options.shared.until.empty() ? "（未定截止日）" : "，" + options.shared.until + " 截止";
  const int code = PreviewAndApply(*marks, *change, options.preview, done);
  return code == kExitDone && pasted->bad > 0 ? static_cast<int>(kExitFindings) : code;
}

}  // namespace

void AddMarksSellers(CLI::App& marks, Run& run) {
  CLI::App* command = marks.add_subcommand(
      "authorise", "Record sellers whom a mark's owner lets sell: a paste, one a line");
  auto options = std::make_shared<AuthoriseOptions>();
  command->add_option("mark", options->mark, "Id or name of the mark")->required();
  command->add_option("seller", options->sellers,
                      "Shop names; without any, lines of stdin: shop[,platform[,shop number]]");
  command->add_option("--file", options->file, "Read the lines from this file");
  command->add_option("--platform", options->shared.platform, "Platform of those that name none");
  command->add_option("--proof", options->shared.proof, "Document or list that says so");
  command->add_option("--until", options->shared.until, "Day on which it has ended, 2027-06-30");
  AddPreviewOptions(*command, options->preview);
  AddConfigOption(*command, options->common);
  AddRulesOption(*command, options->common);
  command->callback([options, &run] { run = [options] { return RunAuthorise(*options); }; });
}

}  // namespace cluehound::app
