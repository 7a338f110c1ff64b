/*
 * guard.h - what AddressSanitizer is told of memory that is handed out in pieces. It only knows the block that they are
 * cut from: without this, reading past one piece is reading the next. Other builds have none of it.
 */
#ifndef CONVSCOPE_BASE_GUARD_H
#define CONVSCOPE_BASE_GUARD_H

#include <stddef.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CVS__GUARDED 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define CVS__GUARDED 1
#endif

#ifdef CVS__GUARDED

#include <sanitizer/asan_interface.h>

/* Bytes between two pieces. */
enum { CVS__GUARD = 16 };

static inline void cvs__guard_close(void *bytes, size_t size) { ASAN_POISON_MEMORY_REGION(bytes, size); }
static inline void cvs__guard_open(void *bytes, size_t size) { ASAN_UNPOISON_MEMORY_REGION(bytes, size); }

#else

enum { CVS__GUARD = 0 };

static inline void cvs__guard_close(void *bytes, size_t size) { (void)bytes, (void)size; }
static inline void cvs__guard_open(void *bytes, size_t size) { (void)bytes, (void)size; }

#endif

#endif
