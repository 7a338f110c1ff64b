/* file.h - models in files: what the parts of reading them share. */
#ifndef CONVSCOPE_MODEL_FILE_H
#define CONVSCOPE_MODEL_FILE_H

#include "model/graph.h"

/* Bytes, in the arena or the caller's. NULL: not there. */
typedef struct cvs__bytes {
    const char *at;
    size_t length;
} cvs__bytes;

/* ---- archive.c: the files within a .keras ------------------------------------------- */

typedef struct cvs__archive {
    struct zip *zip;
} cvs__archive;

/* `bytes` are borrowed until it is closed. CVS_INVALID: no ZIP, or one that no program writes. */
cvs_status cvs__archive_open(cvs__archive *archive, cvs__bytes bytes, cvs_error *err) CVS_NODISCARD;
void cvs__archive_close(cvs__archive *archive);

/*
 * The file called `name`, in the arena; NULL in *out when there is none. CVS_TOO_LARGE for one that is larger than
 * 1 MiB and a hundred times its compressed size: no configuration and no weights are.
 */
cvs_status cvs__archive_read(cvs__archive *archive, cvs_arena *arena, const char *name, cvs__bytes *out,
                             cvs_error *err) CVS_NODISCARD;

/* ---- hdf5.c, hdf5_group.c, hdf5_value.c: attributes and shapes within an HDF5 file ---------- */

/*
 * An open file: bytes, and where its root is. There is nothing to close. What Keras writes is read, and no more: groups
 * and attributes as HDF5 keeps them unless it is told to use its newest format, attributes that are text, the sizes of
 * data sets. Data are never read, links of other kinds than hard ones not followed, and no other file is ever opened.
 *
 * This is our own reading because libhdf5 (1.10) is not made for bytes from strangers: a single byte changed in the
 * middle of a .h5 makes it read outside of its memory. All that is read here goes through cvs__hdf5_at().
 */
typedef struct cvs__hdf5 {
    cvs_arena *arena;
    cvs__bytes bytes;
    uint64_t root;   /* the address of the root's object header */
    uint64_t *steps; /* that looking for texts in heaps has taken so far, in the arena: there is a limit */
    cvs_error *err;
} cvs__hdf5;

typedef struct cvs__texts {
    const char **text;
    int count;
} cvs__texts;

/* `bytes` are borrowed as long as it is used. CVS_INVALID: broken; CVS_UNSUPPORTED: in a format that is not read. */
cvs_status cvs__hdf5_open(cvs__hdf5 *hdf5, cvs_arena *arena, cvs__bytes bytes, cvs_error *err) CVS_NODISCARD;

/* An attribute of the object at `path` ("" the root): a text, NULL when it is not there. */
cvs_status cvs__hdf5_text(const cvs__hdf5 *hdf5, const char *path, const char *name, cvs__bytes *out) CVS_NODISCARD;
/* A list of texts, each of the same size in the file; none when it is not there. */
cvs_status cvs__hdf5_texts(const cvs__hdf5 *hdf5, const char *path, const char *name, cvs__texts *out) CVS_NODISCARD;
/* Is there an object at `path`? */
cvs_status cvs__hdf5_has(const cvs__hdf5 *hdf5, const char *path, bool *out) CVS_NODISCARD;
/* The shape of a data set; rank -1 when there is none. */
cvs_status cvs__hdf5_shape(const cvs__hdf5 *hdf5, const char *path, cvs_shape *out) CVS_NODISCARD;

/* ---- weights.c: what a file stores for each layer --------------------------------------- */

/* Let the layers have the shapes that a .h5 of Keras 1 or 2 stores for them. */
cvs_status cvs__weights_by_name(cvs_model *model, const cvs__hdf5 *hdf5, cvs_error *err) CVS_NODISCARD;

/* Those of the model.weights.h5 of Keras 3, whose groups follow the layers of `config`, the model's JSON. */
cvs_status cvs__weights_by_place(cvs_model *model, const cvs_node *config, const cvs__hdf5 *hdf5,
                                 cvs_error *err) CVS_NODISCARD;

#endif
