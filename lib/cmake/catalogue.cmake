# Catalogues of text: <language>.txt files compiled into C by our own tool, so that a translator needs no C.
add_executable(catalogue_compiler ${CMAKE_CURRENT_LIST_DIR}/../layer/explain/compiler/main.c
  ${CMAKE_CURRENT_LIST_DIR}/../layer/explain/compiler/read.c ${CMAKE_CURRENT_LIST_DIR}/../layer/explain/compiler/write.c)
convscope_compile_options(catalogue_compiler)

# convscope_catalogue(<name>): compile en.txt and zh.txt of the calling folder into cvs__<name>_catalogue, its keys
# and its placeholders (see layer/explain/catalogue.h). Include the result as "<folder under lib>/<name>_catalogue.h".
function(convscope_catalogue name)
  set(texts ${CMAKE_CURRENT_SOURCE_DIR}/en.txt ${CMAKE_CURRENT_SOURCE_DIR}/zh.txt)
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/${name}_catalogue.h ${CMAKE_CURRENT_BINARY_DIR}/${name}_catalogue.c)
  add_custom_command(OUTPUT ${generated}
    COMMAND catalogue_compiler ${name} ${CMAKE_CURRENT_BINARY_DIR} ${texts}
    DEPENDS catalogue_compiler ${texts}
    COMMENT "Compiling the ${name} catalogue" VERBATIM)
  add_custom_target(${name}_catalogue DEPENDS ${generated})
  add_dependencies(convscope_objects ${name}_catalogue)
  target_sources(convscope_objects PRIVATE ${generated})
  target_include_directories(convscope_objects PRIVATE ${PROJECT_BINARY_DIR}/lib)
endfunction()
