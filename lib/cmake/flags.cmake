# GCC copies and zeroes structs of some hundred bytes with `rep movs` and `rep stos`, which take longer to start than
# the C library's functions take in all.
function(convscope_copy_options target)
  if(CMAKE_C_COMPILER_ID STREQUAL "GNU" AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    target_compile_options(${target} PRIVATE
      -mmemcpy-strategy=libcall:-1:noalign -mmemset-strategy=libcall:-1:noalign)
  endif()
endfunction()

# One function says how every target of the project is compiled.
function(convscope_compile_options target)
  target_compile_definitions(${target} PRIVATE _GNU_SOURCE)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wshadow -Wpointer-arith -Wcast-qual
    "$<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes;-Wmissing-prototypes>" -Wwrite-strings -Wundef -Wformat=2 -Wvla -Wno-unused-parameter -fno-math-errno
    -fstack-protector-strong -fstack-clash-protection)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    target_compile_options(${target} PRIVATE -fcf-protection)
  endif()
  if(CONVSCOPE_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(CONVSCOPE_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${CONVSCOPE_SANITIZE} -fno-omit-frame-pointer
      -fno-sanitize-recover=all)
    target_link_options(${target} PRIVATE -fsanitize=${CONVSCOPE_SANITIZE})
  elseif(CMAKE_BUILD_TYPE MATCHES "Rel")
    # A layer is read and answered by many short functions and loops: -O3 puts more of them into each other.
    target_compile_options(${target} PRIVATE -O3 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
    convscope_copy_options(${target})
  endif()
  if(CONVSCOPE_COVERAGE)
    # The tests themselves are not counted: oracles compute for long.
    if(NOT CMAKE_CURRENT_SOURCE_DIR MATCHES "^${PROJECT_SOURCE_DIR}/tests/")
      target_compile_options(${target} PRIVATE --coverage -fprofile-update=atomic)
    endif()
    target_link_options(${target} PRIVATE --coverage)
  endif()
  target_link_options(${target} PRIVATE -Wl,-z,relro,-z,now,-z,noexecstack)
endfunction()
