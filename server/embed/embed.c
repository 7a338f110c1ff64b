/*
 * embed OUT.c NAME=FILE...: write C that holds the files, for the build (files.h says what it is for). Where FILE is a
 * directory, every file in it is called NAME and its own name.
 *
 * Their bytes are written as string literals: compilers read those some ten times as fast as lists of numbers.
 */
#include <dirent.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

typedef struct bytes {
    unsigned char *data; /* owned; NULL: there are none */
    size_t size;
} bytes;

/* ---- files ------------------------------------------------------------- */

static bool read_file(const char *path, bytes *out) {
    FILE *file = fopen(path, "rb");
    long size = -1;
    *out = (bytes){NULL, 0};
    if (file && fseek(file, 0, SEEK_END) == 0) size = ftell(file);
    if (size >= 0) {
        rewind(file);
        *out = (bytes){malloc((size_t)size + 1), (size_t)size};
    }
    const bool whole = out->data && fread(out->data, 1, out->size, file) == out->size;
    if (file) fclose(file);
    if (!whole) perror(path);
    return whole;
}

static const char *content_type(const char *path) {
    static const char *const types[][2] = {
        {".html", "text/html; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".json", "application/json"},
        {".yaml", "application/yaml"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".ico", "image/vnd.microsoft.icon"},
        {".woff2", "font/woff2"},
        {".txt", "text/plain; charset=utf-8"},
    };
    const char *end = strrchr(path, '.');
    for (size_t i = 0; end && i < sizeof types / sizeof *types; i++)
        if (strcmp(end, types[i][0]) == 0) return types[i][1];
    return NULL;
}

/* FNV-1a (Fowler, Noll, Vo): tells the files of one build from those of another. */
static uint64_t hash(const bytes *content) {
    uint64_t value = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < content->size; i++) value = (value ^ content->data[i]) * UINT64_C(0x100000001b3);
    return value;
}

/* ---- codings ----------------------------------------------------------- */

/* A coding that saves less than a tenth is not kept. */
static void keep_if_short(bytes *packed, size_t size, const bytes *content) {
    packed->size = size;
    if (size > 0 && size < content->size - content->size / 10) return;
    free(packed->data);
    packed->data = NULL;
}

static bytes gzip(const bytes *content) {
    enum { WINDOW = 15 + 16, MEMORY = 9 };
    z_stream stream = {0};
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, WINDOW, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
        return (bytes){NULL, 0};
    const size_t room = deflateBound(&stream, content->size);
    bytes packed = {malloc(room), room};
    stream.next_in = content->data;
    stream.avail_in = (uInt)content->size;
    stream.next_out = packed.data;
    stream.avail_out = packed.data ? (uInt)room : 0;
    const bool done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    keep_if_short(&packed, done ? stream.total_out : 0, content);
    deflateEnd(&stream);
    return packed;
}

static bytes zstd(const bytes *content) {
    enum { LEVEL = 19 };
    const size_t room = ZSTD_compressBound(content->size);
    bytes packed = {malloc(room), room};
    const size_t size = packed.data ? ZSTD_compress(packed.data, room, content->data, content->size, LEVEL) : 0;
    keep_if_short(&packed, ZSTD_isError(size) ? 0 : size, content);
    return packed;
}

/* ---- C ----------------------------------------------------------------- */

static void write_literal(FILE *out, const char *name, const bytes *content) {
    enum { A_LINE = 64 };
    fprintf(out, "static const char %s[] =", name);
    for (size_t i = 0; i < content->size; i++) {
        const unsigned char c = content->data[i];
        if (i % A_LINE == 0) fputs(i ? "\"\n    \"" : "\n    \"", out);
        if (c >= ' ' && c < 0x7f && c != '"' && c != '\\' && c != '?')
            fputc(c, out);
        else
            fprintf(out, "\\%03o", c);
    }
    fputs(content->size ? "\";\n" : " \"\";\n", out);
}

/* Prints the member of the file's row that is this form. */
static void write_form(FILE *out, const char *kind, int number, const bytes *content, char row[64]) {
    char name[32];
    snprintf(name, sizeof name, "%s_%d", kind, number);
    snprintf(row, 64, "{NULL, 0}");
    if (!content->data) return;
    write_literal(out, name, content);
    snprintf(row, 64, "{%s, %zu}", name, content->size);
}

/* What is written: literals at once, the rows that refer to them once all literals are there. */
typedef struct translation {
    FILE *out, *rows;
    int count;
} translation;

static bool write_file(translation *unit, const char *name, const char *path) {
    char plain_row[64], gzip_row[64], zstd_row[64];
    const int number = unit->count++;
    bytes plain;
    const char *type = content_type(path);
    if (!type) fprintf(stderr, "embed: %s: what type is a file whose name ends so?\n", path);
    if (!type || !read_file(path, &plain)) return false;
    bytes gzipped = gzip(&plain), zstded = zstd(&plain);
    write_form(unit->out, "plain", number, &plain, plain_row);
    write_form(unit->out, "gzip", number, &gzipped, gzip_row);
    write_form(unit->out, "zstd", number, &zstded, zstd_row);
    fprintf(unit->rows, "    {\"%s\", \"%s\", \"W/\\\"%016" PRIx64 "\\\"\", %s, %s, %s},\n", name, type, hash(&plain),
            plain_row, gzip_row, zstd_row);
    free(plain.data);
    free(gzipped.data);
    free(zstded.data);
    return true;
}

/* In the order of their names, so that the same files make the same program. */
static bool write_directory(translation *unit, const char *prefix, const char *directory) {
    struct dirent **entries;
    const int count = scandir(directory, &entries, NULL, alphasort);
    bool good = count >= 0;
    if (!good) perror(directory);
    for (int i = 0; i < count; i++) {
        char name[512], path[4096];
        const char *own = entries[i]->d_name;
        const int name_length = snprintf(name, sizeof name, "%s%s", prefix, own);
        const int path_length = snprintf(path, sizeof path, "%s/%s", directory, own);
        const bool fits = name_length < (int)sizeof name && path_length < (int)sizeof path;
        if (own[0] != '.') good = good && fits && write_file(unit, name, path);
        free(entries[i]);
    }
    if (count >= 0) free(entries);
    return good;
}

static bool is_directory(const char *path) {
    DIR *directory = opendir(path);
    if (directory) closedir(directory);
    return directory != NULL;
}

static bool write_argument(translation *unit, char *argument) {
    char *path = strchr(argument, '=');
    if (!path) return false;
    *path++ = '\0';
    return is_directory(path) ? write_directory(unit, argument, path) : write_file(unit, argument, path);
}

static bool write_all(FILE *out, int count, char **arguments) {
    char *rows = NULL;
    size_t length = 0;
    translation unit = {.out = out, .rows = open_memstream(&rows, &length)};
    bool good = unit.rows != NULL;
    fputs("#include \"embed/files.h\"\n\n", out);
    for (int i = 0; i < count && good; i++) good = write_argument(&unit, arguments[i]);
    if (unit.rows) good = fclose(unit.rows) == 0 && good;
    fprintf(out, "\nconst embed_file embed_files[] = {\n%s};\n\nconst size_t embed_file_count = %d;\n",
            rows ? rows : "", unit.count);
    free(rows);
    return good;
}

int main(int argc, char **argv) {
    if (argc < 3) {
        fprintf(stderr, "usage: embed OUT.c NAME=FILE...\n");
        return EXIT_FAILURE;
    }
    FILE *out = fopen(argv[1], "w");
    if (!out) {
        perror(argv[1]);
        return EXIT_FAILURE;
    }
    bool good = write_all(out, argc - 2, argv + 2);
    good = fclose(out) == 0 && good;
    if (!good) remove(argv[1]);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
