# What `cmake --install` puts on a system, and how others find it there: the library, its headers,
# find_package(convscope) -> convscope::convscope, and convscope.pc. Everything is relocatable.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/convscope)

install(TARGETS libconvscope EXPORT convscope
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library NAMELINK_COMPONENT development)
install(DIRECTORY include/convscope DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  COMPONENT development FILES_MATCHING PATTERN "*.h")

install(EXPORT convscope NAMESPACE convscope:: FILE convscope-targets.cmake
  DESTINATION ${package_dir} COMPONENT development)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/convscope-config.cmake.in convscope-config.cmake
  INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(convscope-config-version.cmake COMPATIBILITY SameMajorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/convscope-config.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/convscope-config-version.cmake
  DESTINATION ${package_dir} COMPONENT development)

# The way from the .pc file back to the prefix, so that an unpacked or moved tree still works.
file(RELATIVE_PATH pc_to_prefix
  ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" pc_to_prefix ${pc_to_prefix})
configure_file(${CMAKE_CURRENT_LIST_DIR}/convscope.pc.in convscope.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/convscope.pc
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)
