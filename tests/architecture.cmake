# Script: includes point down only, and each third-party library is seen by the files that adapt it and no others.
cmake_minimum_required(VERSION 3.25)
set(rooms base extractors rules evidence store crawler triage app)
set(may_base base)
set(may_extractors base extractors)
set(may_rules base extractors rules)
set(may_evidence base extractors evidence)
set(may_store base extractors rules evidence store)
set(may_crawler base extractors rules evidence store crawler)
set(may_triage base extractors rules evidence store triage)
set(may_app ${rooms})

# header pattern | files that may include it (regex on the path from the root)
set(adapters
  "gumbo\\.h|^extractors/html_document\\.cc$"
  "re2/|^rules/pattern\\.cc$"
  "rocksdb/|^store/rocksdb/"
  "curl/|^(crawler/(fetcher|transfer)|triage/notice_transfer)\\.cc$"
  "yaml-cpp/|^base/yaml\\.cc$"
  "nlohmann/|^(triage|app)/.*\\.cc$"
  "simdjson|^store/listing_line\\.cc$"
  "opencc|^rules/"
  "uchardet|^base/text_encoding\\.cc$"
  "unicode/calendar\\.h|^base/lunar_calendar\\.cc$"
  "brotli/|^base/content_coding\\.cc$"
  "zstd\\.h|^base/content_coding\\.cc$"
  "zlib\\.h|^base/(content_coding|gzip_stream)\\.cc$"
  "zip\\.h|^base/(xlsx|zip_archive)\\.cc$"
  "expat\\.h|^base/xml\\.cc$"
  "xlsxwriter|^base/xlsx_writer\\.cc$"
  "openssl/|^(base/digest|base/hmac|base/signature|crawler/tls_facts)\\.cc$"
  "sodium|^base/password\\.cc$"
  "spdlog/|^base/log\\.cc$"
  "CLI/|^app/"
  "microhttpd|^triage/http_server\\.cc$"
)

set(problems 0)
foreach(room ${rooms})
  file(GLOB_RECURSE files RELATIVE ${ROOT} ${ROOT}/${room}/*.h ${ROOT}/${room}/*.cc)
  foreach(file ${files})
    file(STRINGS ${ROOT}/${file} includes REGEX "^#include ")
    foreach(line ${includes})
      if(line MATCHES "^#include \"([a-z]+)/")
        if(NOT CMAKE_MATCH_1 IN_LIST may_${room})
          message("${file}: ${line}: ${room}/ may not include ${CMAKE_MATCH_1}/")
          math(EXPR problems "${problems} + 1")
        endif()
      elseif(line MATCHES "^#include <(.*)>")
        set(header ${CMAKE_MATCH_1})
        foreach(adapter ${adapters})
          string(FIND "${adapter}" "|" bar)
          string(SUBSTRING "${adapter}" 0 ${bar} pattern)
          math(EXPR bar "${bar} + 1")
          string(SUBSTRING "${adapter}" ${bar} -1 allowed)
          if(header MATCHES "^${pattern}" AND NOT file MATCHES "${allowed}")
            message("${file}: ${line}: only files matching ${allowed} may see this library")
            math(EXPR problems "${problems} + 1")
          endif()
        endforeach()
      endif()
    endforeach()
  endforeach()
endforeach()
if(problems GREATER 0)
  message(FATAL_ERROR "${problems} includes break the architecture (docs/ARCHITECTURE.md)")
endif()
