#include <convscope/base.h>

const char *cvs_version(void) { return CVS_VERSION; }
