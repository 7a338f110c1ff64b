/*
 * .npy files, npy_open() and what reads their numbers: the input is the file. What was read, written as float32 and
 * opened again, is the same tensor bit for bit.
 */
#include "harness.h"

#include "api/npy.h"

#include <stdlib.h>
#include <string.h>

/* A head and the numbers behind it. */
static char *write_file(const tensor_source *source, const float *values, size_t *size) {
    char head[NPY_HEAD_SIZE];
    const size_t length = npy_write_head(&source->shape, head), bytes = (size_t)source->count * sizeof *values;
    fuzz_require(length <= sizeof head && length % 64 == 0, "numbers begin at a multiple of 64: %zu", length);
    char *file = malloc(length + bytes);
    fuzz_require(file, "there is memory");
    memcpy(file, head, length);
    if (bytes > 0) memcpy(file + length, values, bytes);
    *size = length + bytes;
    return file;
}

static void check_written(const tensor_source *source, const float *values) {
    tensor_source again;
    cvs_error err = {0};
    size_t size;
    char *file = write_file(source, values, &size);
    const float *back = NULL;
    float *memory = NULL;
    cvs_status status = npy_open(file, size, &again, &err);
    if (status == CVS_OK) status = tensor_load(&again, 1, &back, &memory, &err);
    fuzz_require(status == CVS_OK, "what was written is opened: %s", err.message);
    fuzz_require(again.count == source->count && again.shape.rank == source->shape.rank, "it has the same shape");
    fuzz_require(!source->count || !memcmp(back, values, (size_t)source->count * sizeof *values),
                 "and the same numbers");
    free(memory);
    free(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tensor_source source;
    cvs_error err = {0};
    cvs_status status = npy_open((const char *)data, size, &source, &err);
    if (status == CVS_OK) {
        const float *values = NULL;
        float *memory = NULL;
        fuzz_require(source.count >= 0 && (uint64_t)source.count <= size, "the numbers are there");
        status = tensor_load(&source, 1, &values, &memory, &err);
        if (status == CVS_OK) check_written(&source, values);
        free(memory);
    }
    fuzz_require(status == err.status && (status == CVS_OK || err.message[0]), "a refusal says why");
    return 0;
}
