#include <convscope/explain.h>

#include <string.h>
#include <strings.h>

static const char *const tags[CVS_LANGUAGE_COUNT] = {[CVS_ENGLISH] = "en", [CVS_CHINESE] = "zh"};

const char *cvs_language_tag(cvs_language language) { return tags[language]; }

/* RFC 5646: the primary subtag ends at '-'; POSIX locales write '_' and '.'. */
bool cvs_language_from_tag(const char *tag, cvs_language *language) {
    size_t length = strcspn(tag, "-_.");
    for (int i = 0; i < CVS_LANGUAGE_COUNT; i++) {
        if (strlen(tags[i]) != length || strncasecmp(tag, tags[i], length) != 0) continue;
        *language = (cvs_language)i;
        return true;
    }
    return false;
}
