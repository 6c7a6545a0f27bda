# cluehound_embed(OUTPUT_VARIABLE symbol folder pattern): compiles the files of a folder into the program, so that it
# works from any directory. Gives a .cc that defines
#   std::span<const cluehound::EmbeddedFile> cluehound::symbol();      (declared in base/embedded.h's terms by the room)
function(cluehound_embed output symbol folder pattern)
  file(GLOB files CONFIGURE_DEPENDS ${folder}/${pattern})
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/embedded_${symbol}.cc)
  add_custom_command(
    OUTPUT ${generated}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${generated} -DSYMBOL=${symbol} "-DFILES=${files}"
            -P ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake
    DEPENDS ${files} ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake
    COMMENT "Embedding ${pattern} of ${folder}" VERBATIM)
  set(${output} ${generated} PARENT_SCOPE)
endfunction()
