# packages.cmake - Debian packages: cmake --preset package && cmake --build --preset package && cpack --preset package
#
#   libconvscope1     the shared library, named after its SONAME
#   libconvscope-dev  headers, find_package(convscope) and pkg-config files
#   convscope         the program, its manual, completions for shells, units for systemd
#
# What a package depends on dpkg-shlibdeps reads off its files. CPack takes the rest from here.
set(docs_dir ${CMAKE_INSTALL_DATADIR}/doc)
set(library_package libconvscope${PROJECT_VERSION_MAJOR})

# The day of the release is written down once, in CHANGELOG.md: packages made of the same sources are the same, as long as
# SOURCE_DATE_EPOCH in the environment is.
file(STRINGS CHANGELOG.md release REGEX "^## \\[${PROJECT_VERSION}\\] - ")
string(REGEX MATCH "[0-9]+-[0-9]+-[0-9]+$" release_day "${release}")
if(NOT release_day)
  message(FATAL_ERROR "CHANGELOG.md has no line '## [${PROJECT_VERSION}] - YEAR-MONTH-DAY'")
endif()
execute_process(COMMAND date --utc --date=${release_day} --rfc-email
  OUTPUT_VARIABLE RELEASE_DATE OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME convscope)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "The Convscope authors <convscope@lists.invalid>" CACHE STRING "Who answers for the packages")
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_PACKAGING_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_COMPONENTS_ALL library development program)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR}/lib)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME ${library_package})
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIBRARY_DESCRIPTION "Output shapes, the meaning of every axis of the weights, costs and findings
of convolution, pooling and other layers as Keras, PyTorch and ONNX have
them, and the feature maps themselves, computed by kernels for AVX-512,
AVX2 and any other CPU.")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libconvscope-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "${library_package} (= ${PROJECT_VERSION})")
set(CPACK_DEBIAN_DEVELOPMENT_DESCRIPTION "Headers of the library, which are its manual, and what CMake and pkg-config
need to find it: find_package(convscope), pkg-config convscope.")

set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME convscope)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION science)
# kill, for systemctl reload convscope.
set(CPACK_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS procps)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_DEPENDS "${library_package} (= ${PROJECT_VERSION})")
set(CPACK_DEBIAN_PROGRAM_DESCRIPTION "Paste a layer of Keras, PyTorch or ONNX, or a whole model, and be told its
output shape, what every axis of its weights is and why, what it costs and
what looks wrong, and see its feature maps: over HTTP with a page for
people and JSON for programs, or on the command line for reviews of models.")

foreach(component library development program)
  string(TOUPPER ${component} COMPONENT)
  set(package ${CPACK_DEBIAN_${COMPONENT}_PACKAGE_NAME})
  set(made ${CMAKE_CURRENT_BINARY_DIR}/packaging/${package})
  configure_file(docker/packages/changelog.in ${made}/changelog @ONLY)
  execute_process(COMMAND gzip -9 --no-name --force ${made}/changelog COMMAND_ERROR_IS_FATAL ANY)
  install(FILES ${made}/changelog.gz docker/packages/copyright
    DESTINATION ${docs_dir}/${package} COMPONENT ${component} EXCLUDE_FROM_ALL)
endforeach()

# Others' packages depend on the version that their program was linked with, or a newer one.
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY ">=")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA ${CMAKE_CURRENT_SOURCE_DIR}/docker/packages/triggers)
install(FILES docker/packages/lintian-overrides RENAME ${library_package}
  DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides COMPONENT library EXCLUDE_FROM_ALL)

set(CPACK_DEBIAN_PROGRAM_PACKAGE_CONTROL_EXTRA)
foreach(script postinst prerm postrm)
  list(APPEND CPACK_DEBIAN_PROGRAM_PACKAGE_CONTROL_EXTRA ${CMAKE_CURRENT_SOURCE_DIR}/docker/packages/${script})
endforeach()

# They say /usr/bin, so they belong to the package and to nothing that is installed elsewhere.
install(FILES docker/systemd/convscope.service docker/systemd/convscope.socket
  DESTINATION lib/systemd/system COMPONENT program EXCLUDE_FROM_ALL)

include(CPack)
