/*
 * replaced_malloc.h - malloc and its family in the place of glibc's, for a program and every library it loads.
 * Whoever links replaced_malloc.c, or loads it before all else, says by these three functions what becomes of them.
 * They may be called by any thread, and must not allocate themselves.
 */
#ifndef CONVSCOPE_TESTS_REPLACED_MALLOC_H
#define CONVSCOPE_TESTS_REPLACED_MALLOC_H

#include <stdbool.h>
#include <stdlib.h> /* says whether it is glibc */

/* Sanitizers bring a heap of their own, and not every C library lets its own be replaced. GCC says the former by
 * macros. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HEAP_IS_REPLACED 0
#endif
#endif
#if defined(HEAP_IS_REPLACED)
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
#define HEAP_IS_REPLACED 0
#else
#define HEAP_IS_REPLACED 1
#endif

/* Whether this allocation is to fail. */
bool heap_refuses(size_t size);

/* A block is there, and is about to go. One that is resized goes and comes again. */
void heap_gains(void *block);
void heap_loses(void *block);

#endif
