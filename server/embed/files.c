#include "embed/files.h"

#include <string.h>

const embed_file *embed_find(const char *name) {
    for (size_t i = 0; i < embed_file_count; i++)
        if (strcmp(embed_files[i].name, name) == 0) return &embed_files[i];
    return NULL;
}
