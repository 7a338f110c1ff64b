#include "source.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COPIED = 32 }; /* CVS__COPIED; checked in the code that is written */

/* A key or a name as part of a constant: "CV004.title" -> CV004_TITLE. */
static void put_constant(FILE *out, const char *text) {
    for (; *text; text++) fputc(isalnum((unsigned char)*text) ? toupper((unsigned char)*text) : '_', out);
}

static void put_enum_entry(FILE *out, const char *catalogue, const char *group, const char *name) {
    fputs("    ", out);
    put_constant(out, catalogue);
    fputs(group, out);
    put_constant(out, name);
    fputs(",\n", out);
}

static void put_header(FILE *out, const struct source *source, const char *catalogue) {
    fprintf(out, "/* Made from the %s catalogue's text files; change those. */\n#ifndef CONVSCOPE_CATALOGUE_",
            catalogue);
    put_constant(out, catalogue);
    fputs("\n#define CONVSCOPE_CATALOGUE_", out);
    put_constant(out, catalogue);
    fputs("\n\n#include \"layer/explain/catalogue.h\"\n\nenum {\n", out);
    for (int i = 0; i < source->language[0].count; i++)
        put_enum_entry(out, catalogue, "_", source->language[0].text[i].key);
    put_enum_entry(out, catalogue, "_", "count");
    fputs("};\n\nenum {\n", out);
    for (int i = 0; i < source->names; i++) put_enum_entry(out, catalogue, "_VALUE_", source->name[i]);
    put_enum_entry(out, catalogue, "_VALUE_", "count");
    fprintf(out, "};\n\nextern const cvs__catalogue cvs__%s_catalogue;\n\n#endif\n", catalogue);
}

/* Bytes as a C string; every byte that is not plain ASCII as an octal escape of three digits. */
static void put_string(FILE *out, const char *bytes, size_t length) {
    fputc('"', out);
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\' || c == '?')
            fprintf(out, "\\%03o", c);
        else
            fputc(c, out);
    }
    fputc('"', out);
}

static void put_bytes(FILE *out, const struct language *in, int number) {
    fprintf(out, "static const char bytes_%d[] =\n", number);
    for (int t = 0; t < in->count; t++) {
        for (int i = 0; i < in->text[t].count; i++) {
            fputs("    ", out);
            put_string(out, in->text[t].piece[i].bytes, in->text[t].piece[i].length);
            fputc('\n', out);
        }
        fputs("    \"\\0\"\n", out);
    }
    fputs("    /* room for a short copy */\n    \"", out);
    for (int i = 0; i < COPIED; i++) fputs("\\0", out);
    fputs("\";\n\n", out);
}

static void put_pieces(FILE *out, const struct language *in, int number) {
    size_t offset = 0;
    fprintf(out, "static const cvs__piece pieces_%d[] = {\n", number);
    for (int t = 0; t < in->count; t++, offset++) {
        for (int i = 0; i < in->text[t].count; i++) {
            const struct piece *piece = &in->text[t].piece[i];
            fprintf(out, "    {%zu, %zu, %d, %d},\n", offset, piece->length, piece->name, (int)piece->kind);
            offset += piece->length;
        }
    }
    fputs("};\n\n", out);
}

static void put_first(FILE *out, const struct language *in, int number) {
    int pieces = 0;
    fprintf(out, "static const uint16_t first_%d[] = {", number);
    for (int t = 0; t < in->count; t++) {
        fprintf(out, "%d, ", pieces);
        pieces += in->text[t].count;
    }
    fprintf(out, "%d};\n\n", pieces);
}

static int by_key(const void *a, const void *b) {
    const struct text *const *left = a, *const *right = b;
    return strcmp((*left)->key, (*right)->key);
}

static void put_names(FILE *out, const struct language *in) {
    const struct text **sorted = calloc((size_t)in->count, sizeof *sorted);
    if (!sorted) return;
    fputs("static const char *const names[] = {\n", out);
    for (int t = 0; t < in->count; t++) {
        fprintf(out, "    \"%s\",\n", in->text[t].key);
        sorted[t] = &in->text[t];
    }
    qsort(sorted, (size_t)in->count, sizeof *sorted, by_key);
    fputs("};\n\nstatic const uint16_t by_name[] = {", out);
    for (int t = 0; t < in->count; t++) fprintf(out, "%d, ", (int)(sorted[t] - in->text));
    fputs("};\n\n", out);
    free(sorted);
}

static void put_code(FILE *out, const struct source *source, const char *catalogue) {
    fprintf(out, "/* Made from the %s catalogue's text files; change those. */\n", catalogue);
    fprintf(out, "#include \"%s_catalogue.h\"\n\n", catalogue);
    fprintf(out, "_Static_assert(CVS_LANGUAGE_COUNT == %d, \"one text file a language\");\n", source->languages);
    fprintf(out, "_Static_assert(CVS__COPIED == %d, \"bytes behind the literals\");\n\n", COPIED);
    put_names(out, &source->language[0]);
    for (int l = 0; l < source->languages; l++) {
        put_bytes(out, &source->language[l], l);
        put_pieces(out, &source->language[l], l);
        put_first(out, &source->language[l], l);
    }
    fprintf(out, "const cvs__catalogue cvs__%s_catalogue = {\n    %d, names, by_name, {\n", catalogue,
            source->language[0].count);
    for (int l = 0; l < source->languages; l++) fprintf(out, "        {bytes_%d, pieces_%d, first_%d},\n", l, l, l);
    fputs("    },\n};\n", out);
}

static bool write_file(const struct source *source, const char *catalogue, const char *folder, const char *suffix,
                       void (*put)(FILE *, const struct source *, const char *)) {
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/%s_catalogue.%s", folder, catalogue, suffix);
    FILE *out = length > 0 && length < (int)sizeof path ? fopen(path, "wb") : NULL;
    if (!out) {
        fprintf(stderr, "cannot write %s\n", path);
        return false;
    }
    put(out, source, catalogue);
    bool good = !ferror(out);
    return fclose(out) == 0 && good;
}

bool write_catalogue(const struct source *source, const char *catalogue, const char *folder) {
    return write_file(source, catalogue, folder, "h", put_header) &&
           write_file(source, catalogue, folder, "c", put_code);
}
