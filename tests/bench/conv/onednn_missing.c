/* onednn_missing.c - in the place of onednn.c where libdnnl was not found. */
#include "onednn.h"

const char *onednn_version(void) { return NULL; }

void onednn_set_threads(int threads) {}

onednn *onednn_make(const problem *p) { return NULL; }

void onednn_free(onednn *peer) {}

void onednn_run_own(void *context) { give_up("built without oneDNN"); }

void onednn_run_plain(void *context) { give_up("built without oneDNN"); }

const char *onednn_own_name(const onednn *peer) { return ""; }

const char *onednn_plain_name(const onednn *peer) { return ""; }

double onednn_error(onednn *peer, const float *output) { return 0; }
