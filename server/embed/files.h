/*
 * files.h - files that are part of the program: the contract, its page, that page's style. The build puts them in
 * (embed.c), compressed as well, so that nothing has to be found, read or compressed when somebody asks for one.
 */
#ifndef CONVSCOPE_EMBED_FILES_H
#define CONVSCOPE_EMBED_FILES_H

#include <stddef.h>

/* One coding of a file's bytes; NULL where it would not be much shorter than the file. */
typedef struct embed_form {
    const char *bytes;
    size_t size;
} embed_form;

typedef struct embed_file {
    const char *name;         /* the path it is asked for by: "/docs" */
    const char *content_type; /* by how the file's own name ends */
    const char *etag;         /* as in the header: W/"0123456789abcdef", the same for every coding */
    embed_form plain, gzip, zstd;
} embed_file;

/* The file of that name, or NULL. */
const embed_file *embed_find(const char *name);

/* Written by embed. */
extern const embed_file embed_files[];
extern const size_t embed_file_count;

#endif
