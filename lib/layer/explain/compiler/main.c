/* catalogue_compiler <catalogue> <folder> <first language>.txt <second>.txt ...: texts into C, for the build. */
#include "source.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    if (argc < 4 || argc > 3 + MAX_LANGUAGES) {
        fprintf(stderr, "usage: catalogue_compiler <catalogue> <folder> <language>.txt...\n");
        return EXIT_FAILURE;
    }
    struct source *source = calloc(1, sizeof *source);
    if (!source) return EXIT_FAILURE;
    bool good = true;
    for (int i = 3; i < argc; i++) good = read_language(source, argv[i]) && good;
    good = good && check_languages(source);
    if (good) {
        order_languages(source);
        good = write_catalogue(source, argv[1], argv[2]);
    }
    free_source(source);
    free(source);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
