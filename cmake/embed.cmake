# cluehound_embed(OUTPUT_VARIABLE symbol folder pattern...): compiles the files below a folder into the program, so that
# it works from any directory. OUTPUT_VARIABLE is the generated .cc; it defines, for the room to declare,
#   std::span<const cluehound::EmbeddedFile> cluehound::symbol();        names are relative to the folder
function(cluehound_embed output symbol folder pattern)
  set(globs "")
  foreach(each ${pattern} ${ARGN})
    list(APPEND globs ${folder}/${each})
  endforeach()
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${globs})
  list(SORT files)
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/embedded_${symbol}.cc)
  add_custom_command(
    OUTPUT ${generated}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${generated} -DSYMBOL=${symbol} -DFOLDER=${folder} "-DFILES=${files}"
            -P ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake
    DEPENDS ${files} ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake
    COMMENT "Embedding ${pattern} of ${folder}" VERBATIM)
  set(${output} ${generated} PARENT_SCOPE)
endfunction()
