#include <convscope/base.h>

#include <ctype.h>
#include <string.h>

enum { LONGEST = 40 };

static int smallest(int a, int b, int c) {
    int least = a < b ? a : b;
    return least < c ? least : c;
}

static int lower(char letter) { return tolower((unsigned char)letter); }

/*
 * Edits between two words, case aside: insert, delete, replace, or swap neighbours (optimal string alignment).
 * `rows` holds the rows for the last two letters of `a` and the one being computed.
 */
static int edits(const char *a, size_t a_length, const char *b, size_t b_length) {
    int rows[3][LONGEST + 1];
    for (size_t j = 0; j <= b_length; j++) rows[0][j] = (int)j;
    for (size_t i = 1; i <= a_length; i++) {
        int *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        row[0] = (int)i;
        for (size_t j = 1; j <= b_length; j++) {
            int differs = lower(a[i - 1]) != lower(b[j - 1]);
            row[j] = smallest(above[j] + 1, row[j - 1] + 1, above[j - 1] + differs);
            bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
            if (swapped && two_above[j - 2] + 1 < row[j]) row[j] = two_above[j - 2] + 1;
        }
    }
    return rows[a_length % 3][b_length];
}

const char *cvs_nearest_name(const char *name, const char *const *known) {
    const char *nearest = NULL;
    size_t length = strlen(name);
    if (length > LONGEST) return NULL;
    int fewest = (int)(length + 2) / 3 + 1;
    for (; *known; known++) {
        size_t known_length = strlen(*known);
        if (known_length > LONGEST) continue;
        int count = edits(name, length, *known, known_length);
        if (count < fewest && (size_t)count < known_length) {
            fewest = count;
            nearest = *known;
        }
    }
    return nearest;
}
