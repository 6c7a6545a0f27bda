#include "base/text_encoding.h"

#include <uchardet/uchardet.h>
#include <unicode/ucnv.h>
#include <unicode/utf16.h>

#include <array>
#include <memory>
#include <optional>
#include <unordered_set>

#include "base/meta_prescan.h"
#include "base/text.h"

namespace cluehound {
namespace {

constexpr size_t kUtf8Sample = 256 * 1024;  // bytes that are looked at for UTF-8, from the first
                                            // that is not ASCII on
constexpr size_t kLegacySample =
    24 * 1024;  // bytes from the first that is not ASCII on: a thousand characters decide

struct Label {
  std::string_view label;
  std::string_view name;
};

// WHATWG Encoding, section 4.2: the labels that occur in the wild for what we expect to meet, plus
// their encodings.
constexpr Label kLabels[] = {
    {"utf-8", "utf-8"},
    {"utf8", "utf-8"},
    {"unicode-1-1-utf-8", "utf-8"},
    {"x-unicode20utf8", "utf-8"},
    {"gb2312", "gb18030"},
    {"gbk", "gb18030"},
    {"gb18030", "gb18030"},
    {"gb_2312", "gb18030"},
    {"gb_2312-80", "gb18030"},
    {"csgb2312", "gb18030"},
    {"x-gbk", "gb18030"},
    {"chinese", "gb18030"},
    {"iso-ir-58", "gb18030"},
    {"csiso58gb231280", "gb18030"},
    {"cp936", "gb18030"},
    {"ms936", "gb18030"},
    {"big5", "big5"},
    {"big5-hkscs", "big5"},
    {"cn-big5", "big5"},
    {"csbig5", "big5"},
    {"x-x-big5", "big5"},
    {"cp950", "big5"},
    {"utf-16", "utf-16le"},
    {"utf-16le", "utf-16le"},
    {"unicode", "utf-16le"},
    {"ucs-2", "utf-16le"},
    {"utf-16be", "utf-16be"},
    {"shift_jis", "shift_jis"},
    {"shift-jis", "shift_jis"},
    {"sjis", "shift_jis"},
    {"x-sjis", "shift_jis"},
    {"windows-31j", "shift_jis"},
    {"ms_kanji", "shift_jis"},
    {"euc-jp", "euc-jp"},
    {"x-euc-jp", "euc-jp"},
    {"iso-2022-jp", "iso-2022-jp"},
    {"euc-kr", "euc-kr"},
    {"ks_c_5601-1987", "euc-kr"},
    {"windows-949", "euc-kr"},
    {"korean", "euc-kr"},
    {"windows-1252", "windows-1252"},
    {"iso-8859-1", "windows-1252"},
    {"latin1", "windows-1252"},
    {"us-ascii", "windows-1252"},
    {"ascii", "windows-1252"},
    {"cp1252", "windows-1252"},
    {"iso8859-1", "windows-1252"},
    {"windows-1250", "windows-1250"},
    {"windows-1251", "windows-1251"},
    {"cp1251", "windows-1251"},
    {"windows-1253", "windows-1253"},
    {"windows-1254", "windows-1254"},
    {"iso-8859-9", "windows-1254"},
    {"windows-1255", "windows-1255"},
    {"windows-1256", "windows-1256"},
    {"windows-1257", "windows-1257"},
    {"windows-1258", "windows-1258"},
    {"windows-874", "windows-874"},
    {"tis-620", "windows-874"},
    {"iso-8859-2", "iso-8859-2"},
    {"iso-8859-5", "iso-8859-5"},
    {"iso-8859-7", "iso-8859-7"},
    {"iso-8859-15", "iso-8859-15"},
    {"koi8-r", "koi8-r"},
    {"koi8-u", "koi8-u"},
};

// ICU's converter for a WHATWG name where the two differ.
const char* IcuName(std::string_view encoding) {
  if (encoding == "gb18030") return "gb18030";
  if (encoding == "big5") return "ibm-1375_P100-2008";  // Big5 with HKSCS, as browsers decode it
  if (encoding == "euc-kr") return "windows-949";
  if (encoding == "shift_jis") return "ibm-943_P15A-2003";
  for (const Label& l : kLabels) {
    if (l.name == encoding) return l.name.data();  // literals, so they end with a zero
  }
  return nullptr;
}

using Converter = std::unique_ptr<UConverter, void (*)(UConverter*)>;

// Opening a converter costs more than decoding a title with it; each thread keeps the two that
// Chinese pages use.
UConverter* ThreadConverter(std::string_view encoding) {
  thread_local std::array<std::pair<std::string, Converter>, 3> cache = {
      {{"", Converter(nullptr, ucnv_close)},
       {"", Converter(nullptr, ucnv_close)},
       {"", Converter(nullptr, ucnv_close)}}};
  thread_local size_t next = 0;
  for (auto& [name, converter] : cache) {
    if (name == encoding && converter) {
      ucnv_reset(converter.get());
      return converter.get();
    }
  }
  const char* icu_name = IcuName(encoding);
  if (icu_name == nullptr) return nullptr;
  UErrorCode error = U_ZERO_ERROR;
  Converter converter(ucnv_open(icu_name, &error), ucnv_close);
  if (U_FAILURE(error)) return nullptr;
  auto& slot = cache[next++ % cache.size()];
  slot = {std::string(encoding), std::move(converter)};
  return slot.second.get();
}

std::string DecodeUtf16(std::string_view bytes, bool big_endian) {
  std::string out;
  out.reserve(bytes.size() * 3 / 2);
  const auto unit = [&](size_t i) {
    const auto a = static_cast<unsigned char>(bytes[i]),
               b = static_cast<unsigned char>(bytes[i + 1]);
    return static_cast<char32_t>(big_endian ? a * 256 + b : b * 256 + a);
  };
  size_t i = 0;
  while (i + 1 < bytes.size()) {
    char32_t c = unit(i);
    i += 2;
    if (U16_IS_LEAD(c) && i + 1 < bytes.size() && U16_IS_TRAIL(unit(i))) {
      c = static_cast<char32_t>(U16_GET_SUPPLEMENTARY(c, unit(i)));
      i += 2;
    }
    AppendUtf8(out, c);  // a lone surrogate becomes U+FFFD
  }
  if (i < bytes.size()) AppendUtf8(out, kReplacementChar);
  return out;
}

// The 500 most usual characters of shop pages, simplified and traditional: text decoded with the
// right table is made of these to more than a half, text decoded with a wrong one to a few per
// cent.
constexpr std::string_view kUsual =
    "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可"
    "里后小么心多天"
    "而能好都然没日于起还发成事只作当想看文无开手用主行方又如前所本见经头面公同三已老从动两长知民样"
    "现分将外但身些"
    "与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因"
    "重被走电四第门"
    "相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市眼体别处总才场师书比住"
    "员九笑性通目华"
    "报立马命张活难神数件安表原车白应路期叫死常提感金何更反合放做系计或司利受光王果亲界及今京务制解"
    "各任至清物台象"
    "记边共风战干接它许八特觉望直服毛林题建南度统色字请交爱让认算论百吃义科怎元社术结六功指思非流每"
    "青管夫连远资队"
    "价格包邮商品店铺销量购买旗舰正款男女装鞋春夏秋冬套加厚宽松韩版时尚休闲运动手机壳数据线充电快递"
    "免费优惠券促销评"
    "价收藏客服详情规格颜色尺码产地品牌型号重量质保退换货付款登录注册首页搜索分类更多热卖推荐猜喜欢"
    "购物车订单支付"
    "這個來國說們為時會過後對還發無開當見經頭動兩長現將與進實點種聲話從問給幾業間體處總場師書員報馬"
    "難數應車親務"
    "記邊風戰幹許覺題建統請愛讓認論義術結價格運購買賣旗艦裝鞋夏韓版動機殼數據線充電遞費優惠券銷評藏"
    "詳規顏產質"
    "換貨付錄註冊頁搜尋類熱薦歡訂單支網站專區商場活動特賣滿額贈品會員中心服務說明關於聯絡";

const std::unordered_set<char32_t>& UsualCharacters() {
  static const std::unordered_set<char32_t> set = [] {
    std::unordered_set<char32_t> s;
    for (size_t pos = 0; pos < kUsual.size();) s.insert(DecodeUtf8(kUsual, pos));
    return s;
  }();
  return set;
}

bool IsHan(char32_t c) { return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0x20000 && c <= 0x3FFFF); }

// How much decoded text looks like Chinese: share of usual characters among the Han ones, 0 to 1,
// less the share of what did not decode.
struct Plausibility {
  size_t han = 0;
  double score = 0;
};

Plausibility ChinesePlausibility(std::string_view utf8) {
  const auto& usual = UsualCharacters();
  size_t han = 0, common = 0, broken = 0;
  for (size_t pos = 0; pos < utf8.size();) {
    const char32_t c = DecodeUtf8(utf8, pos);
    if (IsHan(c)) {
      ++han;
      common += usual.count(c);
    } else if (c == kReplacementChar || (c >= 0xE000 && c <= 0xF8FF)) {
      ++broken;
    }
  }
  if (han == 0) return {0, 0};
  const auto total = static_cast<double>(han);
  return {han, static_cast<double>(common) / total - 4 * static_cast<double>(broken) / total};
}

// From the first byte on that is not ASCII: what is before it says nothing about an encoding.
std::string_view Utf8Sample(std::string_view bytes) {
  const auto first = std::find_if(bytes.begin(), bytes.end(),
                                  [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  return bytes.substr(static_cast<size_t>(first - bytes.begin()), kUtf8Sample);
}

struct Utf8Evidence {
  size_t two = 0;     // valid sequences of two bytes: GBK produces these by chance
  size_t longer = 0;  // of three or four
  size_t broken = 0;
  bool ascii = true;
};

Utf8Evidence LookForUtf8(std::string_view bytes) {
  Utf8Evidence found;
  for (size_t pos = 0; pos < bytes.size();) {
    if (static_cast<unsigned char>(bytes[pos]) < 0x80) {
      ++pos;
      continue;
    }
    found.ascii = false;
    const size_t before = pos;
    const char32_t c = DecodeUtf8(bytes, pos);
    if (c == kReplacementChar && pos - before == 1) {
      if (bytes.size() - before < 4) break;  // cut off inside a character at the very end
      ++found.broken;
    } else {
      ++(pos - before == 2 ? found.two : found.longer);
    }
  }
  return found;
}

bool LooksLikeUtf8(const Utf8Evidence& e, std::string_view declared) {
  if (e.longer == 0) {
    const bool multibyte_declared =
        !declared.empty() && declared != "utf-8" && declared != "windows-1252";
    return e.broken == 0 && !multibyte_declared;
  }
  return e.broken * 20 <= e.longer;
}

// UTF-16 without a byte order mark: every other byte of markup is zero.
std::optional<bool> BigEndianUtf16(std::string_view bytes) {
  const size_t n = std::min<size_t>(bytes.size(), 2048) & ~size_t{1};
  if (n < 8) return std::nullopt;
  // XML 1.0, appendix F: markup begins in ASCII, however few tags come later.
  const auto ascii = [&](size_t i) { return bytes[i] > 0; };
  const auto zero = [&](size_t i) { return bytes[i] == '\0'; };
  if (ascii(0) && zero(1) && ascii(2) && zero(3) && ascii(4) && zero(5)) return false;
  if (zero(0) && ascii(1) && zero(2) && ascii(3) && zero(4) && ascii(5)) return true;
  size_t even = 0, odd = 0;
  for (size_t i = 0; i < n; i += 2) {
    even += bytes[i] == '\0';
    odd += bytes[i + 1] == '\0';
  }
  if (odd * 5 > n && even * 20 < n) return false;
  if (even * 5 > n && odd * 20 < n) return true;
  return std::nullopt;
}

std::string_view Uchardet(std::string_view sample) {
  const std::unique_ptr<uchardet, void (*)(uchardet_t)> detector(uchardet_new(), uchardet_delete);
  if (uchardet_handle_data(detector.get(), sample.data(), sample.size()) != 0) return "";
  uchardet_data_end(detector.get());
  const std::string_view charset = uchardet_get_charset(detector.get());
  return EncodingFromLabel(charset == "UHC" ? "windows-949" : charset);
}

bool IsMultibyteChinese(std::string_view encoding) {
  return encoding == "gb18030" || encoding == "big5";
}

// The encoding of bytes that are neither ASCII nor UTF-8. `declared` (may be empty) stands unless
// the bytes speak clearly for another.
std::string_view LegacyEncoding(std::string_view bytes, std::string_view declared) {
  const auto first = std::find_if(bytes.begin(), bytes.end(),
                                  [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  const std::string_view sample =
      bytes.substr(static_cast<size_t>(first - bytes.begin()), kLegacySample);
  constexpr double kChinese =
      0.25;  // real pages reach 0.45 and more; Latin-1 read as GBK stays below 0.1
  constexpr double kMargin = 0.15;
  constexpr double kAllUsual = 0.6;
  const Plausibility gb = ChinesePlausibility(DecodeAs(sample, "gb18030"));
  const Plausibility big5 = ChinesePlausibility(DecodeAs(sample, "big5"));
  const std::string_view better = big5.score > gb.score ? "big5" : "gb18030";
  const double best = std::max(gb.score, big5.score), other = std::min(gb.score, big5.score);
  if (IsMultibyteChinese(declared))
    return declared != better && best > kChinese && best - other > kMargin ? better : declared;
  if (best > kChinese && std::max(gb.han, big5.han) >= 4) return better;
  // Two characters decide when nearly all that there are belong to the usual ones.
  if (best > kAllUsual && (better == "big5" ? big5 : gb).han >= 2) return better;
  if (!declared.empty() && declared != "utf-8") return declared;
  const std::string_view guessed = Uchardet(sample);
  if (!guessed.empty() && guessed != "utf-8" && !(IsMultibyteChinese(guessed) && best < 0))
    return guessed;
  return "windows-1252";
}

DecodedText Decoded(std::string_view bytes, std::string_view encoding, EncodingSource source,
                    bool contradicted) {
  return {DecodeAs(bytes, encoding), std::string(encoding), source, contradicted};
}

}  // namespace

std::string_view EncodingFromLabel(std::string_view label) {
  label = TrimAscii(label);
  for (const Label& l : kLabels) {
    if (EqualsIgnoreAsciiCase(l.label, label)) return l.name;
  }
  return "";
}

std::string_view CharsetOf(std::string_view content_type) {
  size_t at = 0;
  while ((at = FindIgnoreAsciiCase(content_type, "charset", at)) != std::string_view::npos) {
    at += 7;
    std::string_view rest = TrimAscii(content_type.substr(at));
    if (!rest.starts_with('=')) continue;
    rest = TrimAscii(rest.substr(1));
    if (rest.empty()) return "";
    if (rest.front() == '"' || rest.front() == '\'') {
      const size_t end = rest.find(rest.front(), 1);
      return end == std::string_view::npos ? "" : rest.substr(1, end - 1);
    }
    return rest.substr(0, rest.find_first_of("; \t\r\n,"));
  }
  return "";
}

std::string DecodeAs(std::string_view bytes, std::string_view encoding) {
  if (encoding == "utf-8") return ToValidUtf8(bytes);
  if (encoding == "utf-16le" || encoding == "utf-16be")
    return DecodeUtf16(bytes, encoding == "utf-16be");
  UConverter* converter = ThreadConverter(encoding);
  if (converter == nullptr) return ToValidUtf8(bytes);
  std::string out;
  out.reserve(bytes.size() * 3 / 2 + 16);
  const char* in = bytes.data();
  const char* const end = in + bytes.size();
  std::array<UChar, 4096> units;
  UErrorCode error = U_BUFFER_OVERFLOW_ERROR;
  UChar lead = 0;
  while (error == U_BUFFER_OVERFLOW_ERROR) {
    error = U_ZERO_ERROR;
    UChar* to = units.data();
    ucnv_toUnicode(converter, &to, units.data() + units.size(), &in, end, nullptr, true, &error);
    for (const UChar* u = units.data(); u != to; ++u) {
      if (lead != 0) {
        if (U16_IS_TRAIL(*u)) {
          AppendUtf8(out, static_cast<char32_t>(U16_GET_SUPPLEMENTARY(lead, *u)));
          lead = 0;
          continue;
        }
        AppendUtf8(out, kReplacementChar);
        lead = 0;
      }
      if (U16_IS_LEAD(*u)) {
        lead = *u;
      } else if (*u == 0x1A) {  // ICU's substitute for legacy tables
        AppendUtf8(out, kReplacementChar);
      } else {
        AppendUtf8(out, *u);
      }
    }
  }
  if (lead != 0) AppendUtf8(out, kReplacementChar);
  return out;
}

std::string EncodeAs(std::string_view utf8, std::string_view encoding) {
  UConverter* converter =
      encoding == "utf-8" || encoding.starts_with("utf-16") ? nullptr : ThreadConverter(encoding);
  if (converter == nullptr) return std::string(utf8);
  std::string out;
  for (size_t pos = 0; pos < utf8.size();) {
    const char32_t c = DecodeUtf8(utf8, pos);
    if (c < 0x80) {
      out += static_cast<char>(c);
      continue;
    }
    std::array<UChar, 2> units;
    int32_t n = 0;
    U16_APPEND_UNSAFE(units.data(), n, c);
    std::array<char, 16> bytes;
    UErrorCode error = U_ZERO_ERROR;
    ucnv_resetFromUnicode(converter);
    ucnv_setFromUCallBack(converter, UCNV_FROM_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &error);
    error = U_ZERO_ERROR;
    const int32_t size =
        ucnv_fromUChars(converter, bytes.data(), bytes.size(), units.data(), n, &error);
    if (U_FAILURE(error)) {
      out += "&#" + std::to_string(static_cast<uint32_t>(c)) + ";";
    } else {
      out.append(bytes.data(), static_cast<size_t>(size));
    }
  }
  return out;
}

DecodedText DecodeHtml(std::string_view bytes, std::string_view content_type) {
  if (bytes.starts_with("\xEF\xBB\xBF")) {
    bytes.remove_prefix(3);
    // Programs that are saved with a mark send it in front of pages in another encoding.
    if (LooksLikeUtf8(LookForUtf8(Utf8Sample(bytes)), "utf-8"))
      return Decoded(bytes, "utf-8", EncodingSource::kBom, false);
  }
  if (bytes.starts_with("\xFF\xFE"))
    return Decoded(bytes.substr(2), "utf-16le", EncodingSource::kBom, false);
  if (bytes.starts_with("\xFE\xFF"))
    return Decoded(bytes.substr(2), "utf-16be", EncodingSource::kBom, false);
  if (const auto big_endian = BigEndianUtf16(bytes)) {
    return Decoded(bytes, *big_endian ? "utf-16be" : "utf-16le", EncodingSource::kDetected, false);
  }

  EncodingSource source = EncodingSource::kHeader;
  std::string_view declared = EncodingFromLabel(CharsetOf(content_type));
  if (declared.empty()) {
    source = EncodingSource::kMeta;
    declared = EncodingFromLabel(MetaCharset(bytes));
  }
  // No markup could be read if it were UTF-16: the standard takes such a declaration for UTF-8.
  if (declared.starts_with("utf-16")) declared = "utf-8";
  if (declared.empty()) source = EncodingSource::kDefault;

  const std::string_view sample = Utf8Sample(bytes);
  const Utf8Evidence utf8 = LookForUtf8(sample);
  std::string_view actual;
  if (utf8.ascii) {
    actual = declared.empty() ? "utf-8" : declared;
  } else if (LooksLikeUtf8(utf8, declared)) {
    actual = "utf-8";
  } else {
    // The ASCII markup says nothing about the encoding; what is not ASCII does.
    actual = LegacyEncoding(sample, declared);
  }
  const bool contradicted = !declared.empty() && declared != actual;
  if (contradicted || (declared.empty() && !utf8.ascii)) source = EncodingSource::kDetected;
  return Decoded(bytes, actual, source, contradicted);
}

}  // namespace cluehound
