# cluehound_options: warnings and sanitizers, for every target of ours.
add_library(cluehound_options INTERFACE)
target_compile_options(cluehound_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
if(CLUEHOUND_SANITIZE)
  target_compile_options(cluehound_options INTERFACE
    -fsanitize=${CLUEHOUND_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(cluehound_options INTERFACE -fsanitize=${CLUEHOUND_SANITIZE})
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # ccache can serve a file that uses a precompiled header only when the compiler keeps it reproducible.
  target_compile_options(cluehound_options INTERFACE -fpch-preprocess)
endif()
target_include_directories(cluehound_options INTERFACE ${PROJECT_SOURCE_DIR})

set(CLUEHOUND_PCH
  <algorithm> <array> <chrono> <cstdint> <functional> <memory> <mutex> <optional> <span> <string>
  <string_view> <unordered_map> <utility> <variant> <vector>)

# cluehound_room(NAME USES room... LINKS library...): one library from all .cc files of the current folder.
# USES are rooms below (public, their headers are seen); LINKS are third-party libraries (private: one adapter each).
function(cluehound_room name)
  cmake_parse_arguments(ROOM "" "" "USES;LINKS;EXTRA" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  list(FILTER sources EXCLUDE REGEX "/main\\.cc$")
  add_library(cluehound_${name} STATIC ${sources} ${ROOM_EXTRA})
  target_link_libraries(cluehound_${name} PUBLIC cluehound_options)
  foreach(used ${ROOM_USES})
    target_link_libraries(cluehound_${name} PUBLIC cluehound_${used})
  endforeach()
  target_link_libraries(cluehound_${name} PRIVATE ${ROOM_LINKS})
  target_precompile_headers(cluehound_${name} PRIVATE ${CLUEHOUND_PCH})
endfunction()
