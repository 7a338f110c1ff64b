#include <stdio.h>
#include <string.h>
#include <zip.h>

#include "model/file/file.h"

/* Keras writes three files, and those of assets that layers have. */
enum { MOST_ENTRIES = 4096, SMALL = 1024 * 1024, MOST_RATIO = 100 };

static cvs_status fail_broken(cvs_error *err, const char *why) {
    return cvs_fail(err, CVS_INVALID, "broken-archive", "", "This is no ZIP archive that can be read: %s.", why);
}

cvs_status cvs__archive_open(cvs__archive *archive, cvs__bytes bytes, cvs_error *err) {
    zip_error_t error;
    zip_error_init(&error);
    archive->zip = NULL;
    zip_source_t *source = zip_source_buffer_create(bytes.at, bytes.length, 0, &error);
    if (source) archive->zip = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
    if (!archive->zip) {
        const bool memory = zip_error_code_zip(&error) == ZIP_ER_MEMORY;
        const cvs_status status = memory ? cvs__model_no_memory(err) : fail_broken(err, zip_error_strerror(&error));
        if (source) zip_source_free(source);
        zip_error_fini(&error);
        return status;
    }
    zip_error_fini(&error);
    const zip_int64_t entries = zip_get_num_entries(archive->zip, 0);
    if (entries <= MOST_ENTRIES) return CVS_OK;
    cvs__archive_close(archive);
    return cvs_fail(err, CVS_TOO_LARGE, "too-many-files", "", "The archive holds %lld files, more than %d.",
                    (long long)entries, MOST_ENTRIES);
}

void cvs__archive_close(cvs__archive *archive) {
    if (archive->zip) zip_discard(archive->zip);
    archive->zip = NULL;
}

/* ---- one file ---------------------------------------------------------------------- */

/* Two of one name would be one for us and another for who looks at the archive. */
static cvs_status find(zip_t *zip, const char *name, zip_int64_t *at, cvs_error *err) {
    const zip_int64_t entries = zip_get_num_entries(zip, 0);
    *at = -1;
    for (zip_int64_t i = 0; i < entries; i++) {
        const char *called = zip_get_name(zip, (zip_uint64_t)i, ZIP_FL_ENC_RAW);
        if (!called || strcmp(called, name) != 0) continue;
        if (*at >= 0) return cvs_fail(err, CVS_INVALID, "broken-archive", "", "The archive holds %s twice.", name);
        *at = i;
    }
    return CVS_OK;
}

static cvs_status check(const zip_stat_t *entry, const char *name, cvs_error *err) {
    const zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
    if ((entry->valid & needed) != needed) return fail_broken(err, "a file's size is not said");
    if (entry->encryption_method != ZIP_EM_NONE)
        return cvs_fail(err, CVS_UNSUPPORTED, "encrypted", "", "%s in the archive is encrypted.", name);
    if (entry->comp_method != ZIP_CM_STORE && entry->comp_method != ZIP_CM_DEFLATE)
        return cvs_fail(err, CVS_UNSUPPORTED, "compression", "", "%s in the archive is compressed by method %d.", name,
                        entry->comp_method);
    if (entry->size > SMALL && entry->size / MOST_RATIO > entry->comp_size)
        return cvs_fail(err, CVS_TOO_LARGE, "archive-too-dense", "",
                        "%s in the archive would grow from %llu bytes to %llu: no model does.", name,
                        (unsigned long long)entry->comp_size, (unsigned long long)entry->size);
    return entry->size < SIZE_MAX ? CVS_OK : cvs__model_no_memory(err);
}

/* All of it, and the end behind it, at which libzip compares the checksum. */
static bool read_all(zip_file_t *file, char *room, size_t size) {
    size_t done = 0;
    char more;
    while (done < size) {
        const zip_int64_t got = zip_fread(file, room + done, size - done);
        if (got <= 0) return false;
        done += (size_t)got;
    }
    return zip_fread(file, &more, 1) == 0;
}

cvs_status cvs__archive_read(cvs__archive *archive, cvs_arena *arena, const char *name, cvs__bytes *out,
                             cvs_error *err) {
    zip_int64_t at;
    zip_stat_t entry;
    *out = (cvs__bytes){NULL, 0};
    cvs_status status = find(archive->zip, name, &at, err);
    if (status != CVS_OK || at < 0) return status;
    if (zip_stat_index(archive->zip, (zip_uint64_t)at, 0, &entry) != 0) return fail_broken(err, name);
    status = check(&entry, name, err);
    if (status != CVS_OK) return status;
    char *room = cvs_arena_take(arena, (size_t)entry.size + 1);
    if (!room) return cvs__model_no_memory(err);
    zip_file_t *file = zip_fopen_index(archive->zip, (zip_uint64_t)at, 0);
    const bool read = file && read_all(file, room, (size_t)entry.size);
    if (file) zip_fclose(file);
    if (!read) return fail_broken(err, "a file in it is damaged");
    room[entry.size] = '\0';
    *out = (cvs__bytes){room, (size_t)entry.size};
    return CVS_OK;
}
