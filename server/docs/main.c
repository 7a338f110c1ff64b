/* docs_compiler CONTRACT.yaml OUT.json OUT.html: the contract as the program serves it, for the build. */
#include "docs/page.h"
#include "docs/yaml.h"

#include <stdbool.h>
#include <stdlib.h>

static json_t *read_contract(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        return NULL;
    }
    json_t *contract = yaml_read(file, path);
    fclose(file);
    return contract;
}

static void write_json(FILE *out, json_t *contract) { (void)json_dumpf(contract, out, JSON_COMPACT); }

static bool write_file(const char *path, json_t *contract, void (*write)(FILE *out, json_t *contract)) {
    FILE *out = fopen(path, "wb");
    bool good = out != NULL;
    if (out) write(out, contract);
    if (out) good = !ferror(out);
    if (out) good = fclose(out) == 0 && good;
    if (!good) perror(path);
    return good;
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "usage: docs_compiler CONTRACT.yaml OUT.json OUT.html\n");
        return EXIT_FAILURE;
    }
    json_t *contract = read_contract(argv[1]);
    const bool good =
        contract && write_file(argv[2], contract, write_json) && write_file(argv[3], contract, page_write);
    json_decref(contract);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
