/*
 * Models in files, cvs_model_read_file(): the input is a file, of any kind. libFuzzer does not know ZIP's checksums: an
 * input that begins as HDF5 does is also read as the weights of an archive, whose model is fixed.
 */
#include "model_checks.h"

#include <stdlib.h>
#include <string.h>
#include <zip.h>

static void read_file(const void *bytes, size_t size) {
    const cvs_model_source source = {.bytes = bytes, .length = size};
    cvs_arena arena = cvs_arena_make((size_t)1 << 28);
    cvs_model *model = NULL;
    cvs_error err = {0};
    const cvs_status status = cvs_model_read_file(&arena, &source, &model, &err);
    fuzz_require((status == CVS_OK) == (model != NULL), "a model, or a reason");
    if (model)
        (void)fuzz_check_model(model, NULL);
    else if (status != CVS_NO_MEMORY) /* which a large archive may want more of */
        fuzz_check_refusal(status, &err);
    cvs_arena_free(&arena);
}

static const char config[] =
    "{\"class_name\": \"Sequential\", \"config\": {\"name\": \"net\", \"layers\": [{\"class_name\": \"InputLayer\", "
    "\"config\": {\"name\": \"x\", \"batch_shape\": [null, 8, 8, 3]}}, {\"class_name\": \"Conv2D\", \"config\": "
    "{\"name\": \"a\", \"filters\": 4, \"kernel_size\": [3, 3]}}, {\"class_name\": \"Conv2D\", \"config\": {\"name\": "
    "\"b\", \"filters\": 2, \"kernel_size\": [3, 3]}}]}}";

static void add(zip_t *zip, const char *name, const void *bytes, size_t size) {
    zip_source_t *source = zip_source_buffer(zip, bytes, size, 0);
    const zip_int64_t at = source ? zip_file_add(zip, name, source, 0) : -1;
    fuzz_require(at >= 0 && zip_set_file_compression(zip, (zip_uint64_t)at, ZIP_CM_STORE, 0) == 0, "%s is put in",
                 name);
}

/* The archive's bytes: free() them. */
static void *archive(const void *weights, size_t size, size_t *length) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *whole = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_t *zip = whole ? zip_open_from_source(whole, ZIP_TRUNCATE, &error) : NULL;
    fuzz_require(zip != NULL, "an archive is made");
    zip_source_keep(whole);
    add(zip, "config.json", config, sizeof config - 1);
    add(zip, "model.weights.h5", weights, size);
    zip_stat_t stat;
    fuzz_require(zip_close(zip) == 0 && zip_source_stat(whole, &stat) == 0, "an archive is written");
    void *bytes = malloc((size_t)stat.size);
    fuzz_require(bytes && zip_source_open(whole) == 0, "an archive is read");
    *length = (size_t)zip_source_read(whole, bytes, stat.size);
    zip_source_close(whole);
    zip_source_free(whole);
    zip_error_fini(&error);
    return bytes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    read_file(data, size);
    if (size > 0 && cvs_model_recognise(data, size) == CVS_MODEL_KIND_HDF5) {
        size_t length;
        void *bytes = archive(data, size, &length);
        read_file(bytes, length);
        free(bytes);
    }
    return 0;
}
