# What `cmake --install` puts where: the library, its headers, and what find_package and pkg-config need to find them.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/selectors)
install(TARGETS selectors EXPORT selectors-targets)
install(DIRECTORY include/selectors DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN *.hpp)
install(EXPORT selectors-targets NAMESPACE selectors:: DESTINATION ${package_dir})

configure_package_config_file(cmake/selectors-config.cmake.in selectors-config.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(selectors-config-version.cmake COMPATIBILITY SameMinorVersion)
# Relative, so that `cmake --install --prefix` and moving the folder do no harm.
file(RELATIVE_PATH SELECTORS_UP /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
configure_file(cmake/selectors.pc.in selectors.pc @ONLY)
install(FILES
  ${CMAKE_CURRENT_BINARY_DIR}/selectors-config.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/selectors-config-version.cmake
  DESTINATION ${package_dir})
if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/../LICENSE) # the licence asks to go with every copy
  install(FILES ../LICENSE DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/libselectors-dev RENAME copyright)
endif()
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/selectors.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
