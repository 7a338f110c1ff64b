/* test_files.c - files that make_files.py wrote: as Keras saves models, and as nobody does. */
#include "model_text.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *files_suite(void);

/* ---- files ------------------------------------------------------------------------- */

typedef struct file {
    char *bytes; /* on the heap, as many as there are: a sanitizer sees who reads past them */
    size_t length;
} file;

static file load(const char *name) {
    char path[512];
    const char *folder = getenv("CONVSCOPE_MODEL_FILES");
    ck_assert_msg(folder != NULL, "CONVSCOPE_MODEL_FILES is the folder that make_files.py filled");
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *stream = fopen(path, "rb");
    ck_assert_msg(stream != NULL, "%s: %s", path, strerror(errno));
    ck_assert_int_eq(fseek(stream, 0, SEEK_END), 0);
    file loaded = {.length = (size_t)ftell(stream)};
    rewind(stream);
    loaded.bytes = malloc(loaded.length);
    ck_assert_ptr_nonnull(loaded.bytes);
    ck_assert_int_eq(fread(loaded.bytes, 1, loaded.length, stream), loaded.length);
    fclose(stream);
    return loaded;
}

/* The bytes are gone when the model is looked at: it must need none of them. */
static read_model load_model(const char *name) {
    file f = load(name);
    const cvs_model_source source = {.bytes = f.bytes, .length = f.length};
    read_model m = file_model(&source);
    memset(f.bytes, 0x5A, f.length);
    free(f.bytes);
    return m;
}

/* ---- what Keras saves ------------------------------------------------------------------ */

static const struct {
    const char *file, *failing, *message; /* the layer whose weights are others, and why; NULL: all fit */
    int layers;
    int64_t parameters;
} saved[] = {
    {"keras2.h5", NULL, NULL, 4, 418},
    {"keras2_bytes.h5", NULL, NULL, 4, 418},
    {"keras2_latest.h5", NULL, NULL, 4, 418},
    {"keras2_parts.h5", NULL, NULL, 4, 418},
    {"keras2_shape.h5", "first",
     "The file stores kernel of first as (3, 3, 3, 5), but the layer's own is (3, 3, 3, 4).", 4, 418},
    {"keras2_texts.h5", NULL, NULL, 4, 418},
    {"keras2_texts_shape.h5", "first",
     "The file stores kernel of first as (3, 3, 3, 5), but the layer's own is (3, 3, 3, 4).", 4, 418},
    {"keras2_count.h5", "last", "The file stores 1 weight for last, which has 2.", 4, 418},
    {"keras1.h5", NULL, NULL, 1, 666},
    {"nested.h5", "net/inner",
     "The file stores kernel of net/inner as (3, 3, 3, 7), but the layer's own is (3, 3, 3, 4).", 2, 186},
    {"keras2_many.h5", "dense_217", "The file stores kernel of dense_217 as (2, 1), but the layer's own is (1, 1).",
     300, 600},
    {"circle.h5", NULL, NULL, 4, 418},
    {"virtual.h5", NULL, NULL, 4, 418}, /* nothing of the other file is needed for a size */
    {"elsewhere.h5", NULL, NULL, 4, 418},
    {"keras3.keras", NULL, NULL, 3, 186},
    {"keras3_names.keras", NULL, NULL, 3, 186},
    {"keras3_first.keras", NULL, NULL, 3, 186},
    {"keras3_shape.keras", "b", "The file stores kernel of b as (3, 3, 3, 4), but the layer's own is (3, 3, 4, 2).", 3,
     186},
    {"keras3_bare.keras", NULL, NULL, 3, 186},
    {"net.json", NULL, NULL, 4, 418},
    {"net.py", NULL, NULL, 1, 112},
};

START_TEST(saved_models) {
    int count;
    cvs_model_totals totals;
    read_model m = load_model(saved[_i].file);
    ck_assert_msg(m.model != NULL, "%s: %s", saved[_i].file, m.error.message);
    const cvs_model_layer *layers = cvs_model_layers(m.model, &count);
    ck_assert_int_eq(count, saved[_i].layers);
    for (int i = 0; i < count; i++) {
        const bool fails = saved[_i].failing && strcmp(layers[i].name, saved[_i].failing) == 0;
        ck_assert_int_eq(layers[i].state, fails ? CVS_MODEL_FAILED : CVS_MODEL_KNOWN);
        if (fails) ck_assert_str_eq(layers[i].error.message, saved[_i].message);
    }
    cvs_model_sum_up(m.model, &totals);
    ck_assert_int_eq(totals.parameters.value, saved[_i].parameters);
    model_free(&m);
}
END_TEST

START_TEST(kinds) {
    static const struct {
        const char *file, *kind;
    } kinds_of[] = {{"keras2.h5", "hdf5"}, {"keras3.keras", "keras"}, {"net.json", "json"}, {"net.py", "text"}};
    for (size_t i = 0; i < sizeof kinds_of / sizeof *kinds_of; i++) {
        file f = load(kinds_of[i].file);
        ck_assert_str_eq(cvs_model_kind_name(cvs_model_recognise(f.bytes, f.length)), kinds_of[i].kind);
        free(f.bytes);
    }
    ck_assert_int_eq(cvs_model_recognise("", 0), CVS_MODEL_KIND_TEXT);
    ck_assert_int_eq(cvs_model_recognise(NULL, 0), CVS_MODEL_KIND_TEXT);
    ck_assert_int_eq(cvs_model_recognise("\x08\x07", 2), CVS_MODEL_KIND_ONNX);
}
END_TEST

/* ---- what nobody saves ------------------------------------------------------------------- */

static const struct {
    const char *file, *code;
} refused[] = {
    {"outside.h5", "broken-hdf5"},       {"soft.h5", "broken-hdf5"},    {"absent.h5", "broken-hdf5"},
    {"weights_only.h5", "no-model"},     {"number.h5", "broken-hdf5"},  {"not_json.h5", "not-json"},
    {"bomb.keras", "archive-too-dense"}, {"torch.pt", "no-model"},      {"many.keras", "too-many-files"},
    {"twice.keras", "broken-archive"},   {"lzma.keras", "compression"}, {"damaged.keras", "broken-archive"},
};

START_TEST(refused_files) {
    read_model m = load_model(refused[_i].file);
    ck_assert_msg(!m.model, "%s", refused[_i].file);
    ck_assert_msg(strcmp(m.error.code, refused[_i].code) == 0, "%s: %s, %s", refused[_i].file, m.error.code,
                  m.error.message);
    model_free(&m);
}
END_TEST

/* Cut off anywhere, and with any byte of its head spoiled: a model or an error, and never more than that. */
static void check_part(const char *bytes, size_t length) {
    char *part = malloc(length + 1);
    ck_assert_ptr_nonnull(part);
    memcpy(part, bytes, length);
    const cvs_model_source source = {.bytes = part, .length = length};
    read_model m = file_model(&source);
    ck_assert((m.model != NULL) == (m.error.status == CVS_OK));
    model_free(&m);
    free(part);
}

START_TEST(damaged_files) {
    static const char *const names[] = {"keras2.h5", "keras3.keras", "keras2_texts.h5"};
    file f = load(names[_i]);
    for (size_t length = 0; length < f.length; length += 97) check_part(f.bytes, length);
    for (size_t at = 0; at < f.length; at += 61) {
        f.bytes[at] ^= 0x55;
        check_part(f.bytes, f.length);
        f.bytes[at] ^= 0x55;
    }
    free(f.bytes);
}
END_TEST

START_TEST(short_of_memory) {
    static const char *const names[] = {"keras2.h5", "keras3.keras", "net.json", "keras2_texts.h5"};
    file f = load(names[_i]);
    const cvs_model_source source = {.bytes = f.bytes, .length = f.length};
    cvs_status status = CVS_NO_MEMORY;
    int refusals = 0;
    for (size_t limit = 64; status != CVS_OK; limit += 1024) {
        cvs_arena arena = cvs_arena_make(limit);
        cvs_model *model = NULL;
        cvs_error err = {0};
        status = cvs_model_read_file(&arena, &source, &model, &err);
        ck_assert_int_eq(status, status == CVS_OK ? CVS_OK : CVS_NO_MEMORY);
        ck_assert_int_eq(err.status, status);
        refusals += status != CVS_OK;
        cvs_arena_free(&arena);
    }
    ck_assert_int_gt(refusals, 5);
    free(f.bytes);
}
END_TEST

Suite *files_suite(void) {
    Suite *suite = suite_create("files");
    TCase *core = tcase_create("core");
    tcase_add_loop_test(core, saved_models, 0, sizeof saved / sizeof *saved);
    tcase_add_test(core, kinds);
    tcase_add_loop_test(core, refused_files, 0, sizeof refused / sizeof *refused);
    tcase_add_loop_test(core, damaged_files, 0, 3);
    tcase_add_loop_test(core, short_of_memory, 0, 4);
    suite_add_tcase(suite, core);
    return suite;
}
